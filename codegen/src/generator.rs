//! The door for build scripts.

use crate::error::Error;
use crate::schema::Schema;
use crate::settings::Settings;
use std::path::{Path, PathBuf};

/// Generates from a build script: reads the schema, writes the code to `OUT_DIR`, and tells cargo what
/// it depends on.
///
/// ```no_run
/// // build.rs
/// use agui_codegen::{Generator, Settings};
///
/// fn main() -> Result<(), agui_codegen::Error> {
///     Generator::new("schema/protocol.json").settings(Settings::default().derive("Eq")).build()
/// }
/// ```
///
/// ```text
/// // src/protocol.rs: a module of its own, since the code brings imports with it.
/// include!(concat!(env!("OUT_DIR"), "/protocol.rs"));
/// ```
#[derive(Debug, Clone)]
pub struct Generator {
    schema: PathBuf,
    settings: Settings,
    out: Option<PathBuf>,
}

impl Generator {
    /// For a schema file, relative to the package.
    #[must_use]
    pub fn new(schema: impl Into<PathBuf>) -> Self {
        Self { schema: schema.into(), settings: Settings::default(), out: None }
    }

    /// How to generate.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The file to write; by default it is called like the schema, with the ending `rs`, in `OUT_DIR`.
    #[must_use]
    pub fn out(mut self, file: impl Into<PathBuf>) -> Self {
        self.out = Some(file.into());
        self
    }

    /// Generates. Nothing is written if nothing changed.
    ///
    /// # Errors
    ///
    /// When the schema cannot be read or has problems (told with the file's name), or the file cannot be
    /// written.
    pub fn build(&self) -> Result<(), Error> {
        #[allow(clippy::print_stdout, reason = "that is how a build script talks to cargo")]
        {
            println!("cargo::rerun-if-changed={}", self.schema.display());
        }
        let schema = Schema::read(&self.schema)?;
        let generated =
            crate::generate(&schema, &self.settings).map_err(|error| error.in_file(&self.schema))?;
        let out = match &self.out {
            Some(out) => out.clone(),
            None => {
                let folder = std::env::var_os("OUT_DIR").unwrap_or_default();
                let name = self.schema.file_name().unwrap_or_default();
                Path::new(&folder).join(name).with_extension("rs")
            }
        };
        generated.write_if_changed(out).map(|_| ())
    }
}
