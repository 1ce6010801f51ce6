//! Generates the types from the schema, unless the feature `generate` is off.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(feature = "generate")]
    generate::types()?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

#[cfg(feature = "generate")]
mod generate {
    use std::path::{Path, PathBuf};

    /// The protocol version that this crate speaks: a file of `schema/`.
    const SCHEMA: &str = "ag-ui-1.0.json";

    pub(super) fn types() -> Result<(), Box<dyn std::error::Error>> {
        // In the repository the schema lies beside the crates; a package carries its own copy.
        let shared = Path::new("../schema").join(SCHEMA);
        let schema = if shared.exists() { shared } else { Path::new("schema").join(SCHEMA) };
        println!("cargo::rerun-if-changed={}", schema.display());
        let schema = agui_codegen::Schema::read(&schema)?;
        let settings = agui_codegen::Settings::default().runtime("crate::runtime");
        let out = PathBuf::from(std::env::var("OUT_DIR")?).join("generated.rs");
        agui_codegen::generate(&schema, &settings)?.write_if_changed(out)?;
        Ok(())
    }
}
