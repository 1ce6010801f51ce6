//! What is wrong with a schema, all of it at once, each with its place.

use std::fmt;

/// Why nothing could be generated.
///
/// It is told with the file, the place in it as a JSON Pointer, what was found there and what to do, a line
/// for each problem. `Debug` says the same as `Display`, since that is what a build script shows whose
/// `main` returns the error.
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
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// What was found, and what to do about it.
pub(crate) struct Finding {
    message: String,
    help: Option<String>,
}

impl<M: Into<String>, H: Into<String>> From<(M, H)> for Finding {
    fn from((message, help): (M, H)) -> Self {
        Self { message: message.into(), help: Some(help.into()) }
    }
}

impl Problem {
    pub(crate) fn new(pointer: impl Into<String>, finding: impl Into<Finding>) -> Self {
        let Finding { message, help } = finding.into();
        Self { pointer: pointer.into(), message, help }
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

    /// What to do about it, unless the problems say so themselves.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        use std::io::ErrorKind;
        match self {
            Self::Io { source, .. } => match source.kind() {
                ErrorKind::NotFound => Some("check the path; nothing makes missing folders"),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                    Some("check who may read and write there")
                }
                ErrorKind::IsADirectory => Some("name a file instead of a folder"),
                ErrorKind::InvalidData => Some("a schema is UTF-8 text; convert the file"),
                _ => None,
            },
            Self::Json(_) => Some("correct the syntax there; what follows was not read"),
            Self::Internal(_) => Some("please report it with the schema"),
            Self::InFile { source, .. } => source.help(),
            Self::Schema(_) | Self::Settings(_) => None,
        }
    }

    /// The lines to show, each of which begins with the file.
    fn lines(&self, file: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if file.is_empty() { "" } else { ": " };
        match self {
            Self::Schema(problems) => {
                for (index, problem) in problems.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "\n" };
                    write!(f, "{separator}{file}{problem}")?;
                }
                return Ok(());
            }
            Self::InFile { path, source } => return source.lines(&path.display().to_string(), f),
            Self::Io { path, source } => write!(f, "{}: {source}", path.display())?,
            Self::Json(error) => write!(f, "{file}{colon}not JSON: {error}")?,
            Self::Settings(message) => write!(f, "{file}{colon}settings: {message}")?,
            Self::Internal(message) => {
                write!(f, "{file}{colon}internal error of the generator: {message}")?;
            }
        }
        self.help().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Schema(vec![problem])
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}: {}", self.pointer, self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines("", f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Several problems stand below what `main` prints before the first of them.
        if self.to_string().contains('\n') {
            f.write_str("\n")?;
        }
        fmt::Display::fmt(self, f)
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_line_stands_alone_and_debug_is_for_people_too() {
        let problems = vec![
            Problem::new("/a", ("`x` was found", "write `y`")),
            Problem::new("/b", ("`z` is missing", "add it")),
        ];
        let error = Error::Schema(problems).in_file(Path::new("s.json"));
        let lines = "s.json#/a: `x` was found; write `y`\ns.json#/b: `z` is missing; add it";
        assert_eq!(error.to_string(), lines);
        assert_eq!(format!("{error:?}"), format!("\n{lines}"));
        let error = crate::Schema::parse("{").unwrap_err().in_file(Path::new("s.json"));
        let line = "s.json: not JSON: EOF while parsing an object at line 1 column 1; correct the syntax there; \
                    what follows was not read";
        assert_eq!((error.to_string(), format!("{error:?}")), (line.to_owned(), line.to_owned()));
        let error = crate::Schema::read("no/such/file.json").unwrap_err();
        assert!(error.to_string().ends_with("; check the path; nothing makes missing folders"), "{error}");
    }
}
