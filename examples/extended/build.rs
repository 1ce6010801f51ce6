//! The protocol with a clinic's additions: what is new and what contains it is generated, everything
//! else is agui's.

use agui_codegen::{Schema, Settings, generate};
use serde_json::{Map, Value};

/// A link to the repository's schema.
const STANDARD: &str = "schema/ag-ui-1.0.json";
const ADDITIONS: &str = "schema/clinic.json";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={STANDARD}");
    println!("cargo::rerun-if-changed={ADDITIONS}");
    let standard = Schema::read(STANDARD)?;
    let additions: Map<String, Value> = serde_json::from_str(&std::fs::read_to_string(ADDITIONS)?)?;

    let mut extended = standard.clone();
    for (name, definition) in additions {
        extended.define(name, definition)?;
    }
    extended.add_member("Event", "VitalSignsEvent")?;
    extended.add_value("EventType", "CLINIC_VITAL_SIGNS")?;
    extended.add_member("ContentPart", "ScanPart")?;

    let settings = Settings::default().runtime("::agui::codec").reuse(standard, "::agui");
    let out = std::path::Path::new(&std::env::var("OUT_DIR")?).join("clinic.rs");
    generate(&extended, &settings)?.write_if_changed(out)?;
    Ok(())
}
