//! Arguments, exit codes, and the one place that prints.

mod adopt;
mod check;
mod diff;
mod docs;
mod generate;

use clap::{Parser, Subcommand};
use std::fmt::Display;
use std::io::Write;
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
    /// translation. All problems are listed, each with its JSON Pointer.
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
    fn of(path: &std::path::Path, error: agui_codegen::Error) -> Self {
        match error {
            agui_codegen::Error::Schema(problems) => Self::Found(listed(path, &problems)),
            agui_codegen::Error::Io { .. } => Self::Unable(error.to_string()),
            error => Self::Found(format!("{}: {error}", path.display())),
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
            Err(Failure::Unable(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

fn read(path: &std::path::Path) -> Result<agui_codegen::Schema, Failure> {
    agui_codegen::Schema::read(path).map_err(|error| Failure::of(path, error))
}

/// One line a problem, `file#/pointer: message`.
fn listed(path: &std::path::Path, problems: &[agui_codegen::Problem]) -> String {
    problems.iter().map(|problem| format!("{}{problem}\n", path.display())).collect()
}
