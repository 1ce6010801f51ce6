//! `agui-codegen generate`

use super::{Failure, Target, print, read};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Generate {
    /// The schema file.
    schema: PathBuf,
    /// Write this file instead of standard output; it is left alone if nothing changes.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

impl Generate {
    pub(super) fn run(self) -> Result<(), Failure> {
        let schema = read(&self.schema)?;
        let generated = agui_codegen::generate(&schema, &self.target.settings())
            .map_err(|error| Failure::of(&self.schema, error))?;
        match self.out {
            None => print(generated.as_str()),
            Some(out) => {
                let written =
                    generated.write_if_changed(&out).map_err(|error| Failure::Unable(error.to_string()))?;
                let verdict = if written { "written" } else { "is current" };
                print(format_args!("{} {verdict}\n", out.display()))
            }
        }
    }
}
