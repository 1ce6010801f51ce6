//! Schema files as they were read, so that what is wrong with them can be shown in their text.

use super::{Failure, report};
use agui_codegen::{Error, Problem, Schema};
use std::io::Read;
use std::path::Path;

/// A schema and the text that it was read from.
pub(super) struct Input {
    /// What the user calls it.
    pub(super) name: String,
    text: String,
    pub(super) schema: Schema,
}

impl Input {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        Self::parse(path.display().to_string(), read_text(path)?)
    }

    pub(super) fn read_stdin() -> Result<Self, Failure> {
        let mut text = String::new();
        match std::io::stdin().read_to_string(&mut text) {
            Ok(_) => Self::parse("<stdin>".to_owned(), text),
            Err(source) => Err(Failure::io(Path::new("<stdin>"), source)),
        }
    }

    fn parse(name: String, text: String) -> Result<Self, Failure> {
        match Schema::parse(&text) {
            Ok(schema) => Ok(Self { name, text, schema }),
            Err(Error::Json(error)) => Err(Failure::Found(report::syntax(&name, &text, &error))),
            Err(error) => Err(Failure::Found(report::plain(&error.in_file(Path::new(&name))))),
        }
    }

    /// What came of it, told for this file.
    pub(super) fn failure(&self, error: Error) -> Failure {
        match error {
            Error::Schema(problems) => self.found(&problems),
            Error::Io { path, source } => Failure::io(&path, source),
            error => Failure::Found(report::plain(&error.in_file(Path::new(&self.name)))),
        }
    }

    /// Problems, shown where they are.
    pub(super) fn found(&self, problems: &[Problem]) -> Failure {
        Failure::Found(report::problems(&self.name, &self.text, problems))
    }
}

/// A text file.
pub(super) fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|source| Failure::io(path, source))
}
