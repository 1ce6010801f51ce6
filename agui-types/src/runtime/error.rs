//! Why a document could not be decoded.

use super::path;
use serde::de::IgnoredAny;
use std::fmt;

/// A document that is not what was asked for: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    pointer: String,
    message: String,
    line: usize,
    column: usize,
    syntax: bool,
}

impl DecodeError {
    /// JSON Pointer to the value that is wrong, or that lacks a member; empty for the document itself.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What is wrong there, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Line of the document, from 1; 0 if unknown.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Column in the line, in bytes from 1; 0 at the very start of a line.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// Whether the bytes are not JSON at all, as opposed to JSON of another shape.
    #[must_use]
    pub fn is_syntax(&self) -> bool {
        self.syntax
    }

    /// Sorts out what serde_json said about `json`. The document is parsed again, without building
    /// anything: only that tells bad JSON from bad content.
    #[cold]
    pub(super) fn new(json: &str, error: &serde_json::Error) -> Self {
        match serde_json::from_str::<IgnoredAny>(json) {
            Err(syntax) => Self::from_serde(&syntax, true),
            Ok(_) => Self::from_serde(error, false),
        }
    }

    /// What serde_json said about a document that was parsed already.
    #[cold]
    pub(super) fn of_value(error: &serde_json::Error) -> Self {
        Self::from_serde(error, false)
    }

    #[cold]
    pub(super) fn not_utf8(json: &[u8], error: std::str::Utf8Error) -> Self {
        let valid = json.get(..error.valid_up_to()).unwrap_or_default();
        let line_start = valid.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        Self {
            pointer: String::new(),
            message: "invalid UTF-8".to_owned(),
            line: valid.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: valid.len() - line_start + 1,
            syntax: true,
        }
    }

    fn from_serde(error: &serde_json::Error, syntax: bool) -> Self {
        let text = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        let (pointer, message) = path::split(text.strip_suffix(&position).unwrap_or(&text));
        Self { pointer, message: message.to_owned(), line: error.line(), column: error.column(), syntax }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(&self.message)?;
        if self.line > 0 {
            write!(f, " at line {} column {}", self.line, self.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for DecodeError {}
