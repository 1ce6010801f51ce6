//! Generates the types from the schema, unless the feature `generate` is off.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "generate")]
    generate::types()?;
    Ok(())
}

#[cfg(feature = "generate")]
mod generate {
    use std::error::Error;
    use std::path::{Path, PathBuf};

    /// A schema file to build from instead of the current one, for experiments.
    const OVERRIDE: &str = "AGUI_SCHEMA";

    pub(super) fn types() -> Result<(), Box<dyn Error>> {
        let out = PathBuf::from(std::env::var("OUT_DIR")?).join("generated.rs");
        let settings = agui_codegen::Settings::default().runtime("crate::runtime");
        agui_codegen::Generator::new(schema()?).settings(settings).out(out).build()?;
        Ok(())
    }

    fn schema() -> Result<PathBuf, Box<dyn Error>> {
        println!("cargo::rerun-if-env-changed={OVERRIDE}");
        if let Some(path) = std::env::var_os(OVERRIDE).filter(|path| !path.is_empty()) {
            return Ok(path.into());
        }
        // `schema` is a link to the repository's folder and a folder in a package. Where a checkout
        // cannot have links it is neither.
        let folder = Path::new("schema");
        let folder = if folder.is_dir() { folder } else { Path::new("../schema") };
        let current = folder.join("current");
        println!("cargo::rerun-if-changed={}", current.display());
        let name =
            std::fs::read_to_string(&current).map_err(|error| format!("{}: {error}", current.display()))?;
        Ok(folder.join(name.trim()))
    }
}
