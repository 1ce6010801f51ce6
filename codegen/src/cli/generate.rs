//! `agui-codegen generate`

use super::input::Input;
use super::{Failure, Target, print, write_if_changed};
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
        let input = Input::read(&self.schema)?;
        let generated = agui_codegen::generate(&input.schema, &self.target.settings())
            .map_err(|error| input.failure(error))?;
        match self.out {
            None => print(generated.as_str()),
            Some(out) => write_if_changed(&out, generated.as_str()),
        }
    }
}
