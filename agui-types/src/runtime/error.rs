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
    pub(super) fn new(json: &[u8], error: &serde_json::Error) -> Self {
        let syntax = match serde_json::from_slice::<IgnoredAny>(json) {
            Err(syntax) => Some(syntax),
            Ok(_) if std::str::from_utf8(json).is_err() => return Self::from_serde(error, true),
            Ok(_) => None,
        };
        match syntax {
            Some(syntax) => Self::from_serde(&syntax, true),
            None => Self::from_serde(error, false),
        }
    }

    fn from_serde(error: &serde_json::Error, syntax: bool) -> Self {
        let text = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        let (pointer, message) = path::split(text.strip_suffix(&position).unwrap_or(&text));
        Self {
            pointer: pointer.to_owned(),
            message: message.to_owned(),
            line: error.line(),
            column: error.column(),
            syntax,
        }
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
