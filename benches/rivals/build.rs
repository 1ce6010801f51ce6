//! Finds the shared folder and lets the crate include the hand-written yardstick from it, which is
//! not part of this repository.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=AGUI_SHARED");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = repository.join(env::var_os("AGUI_SHARED").unwrap_or_else(|| "../shared".into()));
    let shared = shared
        .canonicalize()
        .map_err(|error| format!("no shared folder at {} (set AGUI_SHARED): {error}", shared.display()))?;
    println!("cargo::rustc-env=AGUI_SHARED_FOLDER={}", shared.display());

    let reference = shared.join("bench/reference.rs");
    println!("cargo::rerun-if-changed={}", reference.display());
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let text =
        fs::read(&reference).map_err(|error| format!("cannot read {}: {error}", reference.display()))?;
    fs::write(out.join("reference.rs"), text)?;
    // A file that starts with inner documentation can be a module, but not the target of `include!`.
    let module = "#[path = \"reference.rs\"]\n#[allow(warnings)]\npub(crate) mod yardstick;\n";
    fs::write(out.join("yardstick.rs"), module)?;
    Ok(())
}
