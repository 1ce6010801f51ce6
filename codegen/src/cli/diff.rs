//! `agui-codegen diff`

use super::input::Input;
use super::{Failure, print, report};
use agui_codegen::diff::{self, Wire};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Diff {
    /// The schema file as it was.
    old: PathBuf,
    /// The schema file as it is going to be.
    new: PathBuf,
    /// How to show the changes.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with code 1 if there is such a change.
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A table, coloured on a terminal.
    Text,
    /// One document for programs.
    Json,
    /// Tables for a changelog.
    Markdown,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    /// A change that breaks the wire or the Rust interface.
    Breaking,
    /// Any change in meaning.
    Any,
}

impl Diff {
    pub(super) fn run(self) -> Result<(), Failure> {
        let (old, new) = match (sound(&self.old), sound(&self.new)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(old), Err(new)) => return Err(old.and(new)),
            (Err(failure), Ok(_)) | (Ok(_), Err(failure)) => return Err(failure),
        };
        let diff = diff::diff(&old.schema, &new.schema).map_err(|error| new.failure(error))?;
        match self.format {
            Format::Text => print(diff::text(&diff, coloured()))?,
            Format::Json => print(format_args!("{:#}\n", diff::json(&diff)))?,
            Format::Markdown => print(diff::markdown(&diff))?,
        }
        match self.fail_on {
            Some(FailOn::Any) if !diff.changes.is_empty() => {
                let found = format!("{} changes, and `--fail-on any` was given", diff.changes.len());
                Err(Failure::Found(report::message(&found, "undo them, or accept them as they are listed")))
            }
            Some(FailOn::Breaking) if diff.is_breaking() => {
                let what = if diff.wire() == Wire::Breaking { "the wire" } else { "the Rust interface" };
                let found = format!("there are changes that break {what}");
                let help = "undo them, or publish the next version as a breaking one";
                Err(Failure::Found(report::message(&found, help)))
            }
            _ => Ok(()),
        }
    }
}

/// A file that can be compared; problems are told with the file that has them.
fn sound(path: &Path) -> Result<Input, Failure> {
    let input = Input::read(path)?;
    match agui_codegen::check(&input.schema) {
        Ok(()) => Ok(input),
        Err(error) => Err(input.failure(error)),
    }
}

/// Whether tables on standard output are coloured.
pub(super) fn coloured() -> bool {
    report::coloured(&std::io::stdout())
}
