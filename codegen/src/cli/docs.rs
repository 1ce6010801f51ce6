//! `agui-codegen docs`

use super::input::Input;
use super::{Failure, print, write_if_changed};
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
        let input = Input::read(&self.schema)?;
        let text = agui_codegen::reference(&input.schema).map_err(|error| input.failure(error))?;
        match self.out {
            None => print(text),
            Some(out) => write_if_changed(&out, &text),
        }
    }
}
