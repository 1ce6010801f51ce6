//! `agui-codegen diff`

use super::{Failure, print, read};
use agui_codegen::diff::{self, Wire};
use clap::ValueEnum;
use std::io::IsTerminal;
use std::path::PathBuf;

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
        let (old, new) = (read(&self.old)?, read(&self.new)?);
        // Problems are told with the file that has them.
        for (path, schema) in [(&self.old, &old), (&self.new, &new)] {
            agui_codegen::check(schema).map_err(|error| Failure::of(path, error))?;
        }
        let diff = diff::diff(&old, &new).map_err(|error| Failure::of(&self.new, error))?;
        match self.format {
            Format::Text => print(diff::text(&diff, coloured()))?,
            Format::Json => print(format_args!("{:#}\n", diff::json(&diff)))?,
            Format::Markdown => print(diff::markdown(&diff))?,
        }
        match self.fail_on {
            Some(FailOn::Any) if !diff.changes.is_empty() => {
                Err(Failure::Found(format!("{} changes", diff.changes.len())))
            }
            Some(FailOn::Breaking) if diff.is_breaking() => {
                let what = if diff.wire() == Wire::Breaking { "the wire" } else { "the Rust interface" };
                Err(Failure::Found(format!("there are changes that break {what}")))
            }
            _ => Ok(()),
        }
    }
}

/// Colour on a terminal, unless the user does not want any (<https://no-color.org>).
pub(super) fn coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
