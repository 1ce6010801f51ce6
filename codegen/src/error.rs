//! What is wrong with a schema, all of it at once, each with its place.

use std::fmt;

/// Why nothing could be generated.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read or written.
    Io {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not JSON.
    Json(serde_json::Error),
    /// The schema has problems; at least one.
    Schema(Vec<Problem>),
    /// A problem, told with the file that has it.
    InFile {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong with it.
        source: Box<Error>,
    },
    /// The settings make no sense.
    Settings(String),
    /// The generator contradicts itself; a bug worth reporting.
    Internal(String),
}

/// One thing wrong with a schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// JSON Pointer into the schema file.
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

impl Error {
    /// The same error with the file's name, for errors that do not carry it yet.
    #[must_use]
    pub fn in_file(self, path: &std::path::Path) -> Self {
        match self {
            Self::Io { .. } | Self::InFile { .. } => self,
            source => Self::InFile { path: path.to_owned(), source: Box::new(source) },
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Schema(vec![problem])
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}: {}", self.pointer, self.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Json(error) => write!(f, "not JSON: {error}"),
            Self::Schema(problems) => {
                for (index, problem) in problems.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "\n" };
                    write!(f, "{separator}{problem}")?;
                }
                Ok(())
            }
            Self::InFile { path, source } => write!(f, "{}:\n{source}", path.display()),
            Self::Settings(message) => write!(f, "settings: {message}"),
            Self::Internal(message) => write!(f, "internal error of the generator: {message}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Json(error) => Some(error),
            Self::InFile { source, .. } => Some(source),
            Self::Schema(_) | Self::Settings(_) | Self::Internal(_) => None,
        }
    }
}
