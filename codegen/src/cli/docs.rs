//! `agui-codegen docs`

use super::{Failure, print, read};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Docs {
    /// The schema file.
    schema: PathBuf,
    /// Write this file instead of standard output; it is left alone if nothing changes.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Docs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let schema = read(&self.schema)?;
        let text = agui_codegen::reference(&schema).map_err(|error| Failure::of(&self.schema, error))?;
        let Some(out) = self.out else { return print(text) };
        if std::fs::read_to_string(&out).is_ok_and(|current| current == text) {
            return print(format_args!("{} is current\n", out.display()));
        }
        std::fs::write(&out, text).map_err(|error| Failure::Unable(format!("{}: {error}", out.display())))?;
        print(format_args!("{} written\n", out.display()))
    }
}
