//! Arguments, exit codes, and the one place that prints.

mod adopt;
mod check;
mod diff;
mod docs;
mod generate;
mod input;
mod locate;
mod report;

use agui_codegen::Error;
use clap::{Parser, Subcommand};
use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Generate Rust types from JSON Schema 2020-12, and judge schemas.
#[derive(Debug, Parser)]
#[command(name = "agui-codegen", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is in order
  1  the schema has problems, or the generated file is not current
  2  wrong arguments, or a file that cannot be read or written";

#[derive(Debug, Subcommand)]
enum Command {
    /// Generate one Rust file from a schema.
    Generate(generate::Generate),
    /// Check a schema, or that a generated file is current.
    ///
    /// A schema is in order if it is valid 2020-12, every `$ref` resolves and every keyword has a
    /// translation. All problems are shown, each where it is and with what to do.
    Check(check::Check),
    /// Compare two schemas by what they mean, for the wire and for users of the generated Rust.
    Diff(diff::Diff),
    /// Render a schema as a readable reference in Markdown.
    Docs(docs::Docs),
    /// Take over a new version of the current schema: its structure, with our descriptions.
    ///
    /// Refuses what nothing can be generated from, shows what changes and what still needs a
    /// description, then writes the new schema file, makes it the current one and rewrites the
    /// generated code. Either all files are written or none.
    Adopt(adopt::Adopt),
}

/// What the generated code refers to; the same for whoever generates or compares.
#[derive(Debug, clap::Args)]
struct Target {
    /// Path of the module `agui_types::runtime` from the generated code.
    #[arg(long, value_name = "PATH", default_value = DEFAULT_RUNTIME)]
    runtime: String,
}

const DEFAULT_RUNTIME: &str = "::agui_types::runtime";

impl Target {
    fn settings(&self) -> agui_codegen::Settings {
        agui_codegen::Settings::default().runtime(&self.runtime)
    }

    /// The option as it was given, for a command to be repeated; empty for the default.
    fn option(&self) -> String {
        if self.runtime == DEFAULT_RUNTIME { String::new() } else { format!(" --runtime {}", self.runtime) }
    }
}

/// Why a command did not succeed.
enum Failure {
    /// Exit code 1: what was looked at is not in order.
    Found(String),
    /// Exit code 2: it could not be looked at.
    Unable(String),
}

impl Failure {
    /// A file that cannot be read or written.
    fn io(path: &Path, source: std::io::Error) -> Self {
        Self::unable(Error::Io { path: path.to_owned(), source })
    }

    fn unable(error: Error) -> Self {
        Self::Unable(report::plain(&error))
    }

    /// Both, as bad as the worse.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Found(a), Self::Found(b)) => Self::Found(format!("{a}\n\n{b}")),
            (Self::Found(a) | Self::Unable(a), Self::Found(b) | Self::Unable(b)) => {
                Self::Unable(format!("{a}\n\n{b}"))
            }
        }
    }
}

/// Runs the command that the arguments ask for.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Generate(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Docs(command) => command.run(),
        Command::Adopt(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let (code, text) = match failure {
                Failure::Found(text) => (1, text),
                Failure::Unable(text) => (2, text),
            };
            // Nobody is left to tell if standard error is closed.
            let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
            ExitCode::from(code)
        }
    }
}

/// Prints to standard output; a reader that has gone away (`| head`) is no failure.
fn print(text: impl Display) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::io(Path::new("<stdout>"), error))
        }
        _ => Ok(()),
    }
}

/// Writes a file unless it has this content already, and says which.
fn write_if_changed(path: &Path, text: &str) -> Result<(), Failure> {
    let written = agui_codegen::write_if_changed(path, text).map_err(Failure::unable)?;
    print(format_args!("{} {}\n", path.display(), if written { "written" } else { "is current" }))
}
