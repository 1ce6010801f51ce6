//! A schema file: its text parsed as JSON, its identity.

use crate::error::Error;
use serde_json::Value;
use std::path::Path;

/// A JSON Schema document, not yet judged.
#[derive(Debug, Clone)]
pub struct Schema {
    document: Value,
}

impl Schema {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is not JSON.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        Self::parse(&text)
    }

    /// Parses a text.
    ///
    /// # Errors
    ///
    /// When it is not JSON.
    pub fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map(|document| Self { document }).map_err(Error::Json)
    }

    /// The document as JSON.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The schema's `$id`.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.document.get("$id")?.as_str()
    }

    /// The version that the `$id` carries as a path segment of the form `MAJOR.MINOR`, as in
    /// `https://example.com/spec/1.0/schema.json`.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.id()?.split('/').find(|segment| is_version(segment))
    }
}

impl From<Value> for Schema {
    fn from(document: Value) -> Self {
        Self { document }
    }
}

fn is_version(segment: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    segment.split_once('.').is_some_and(|(major, minor)| number(major) && number(minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_a_segment_of_the_id() {
        let version = |id: &str| Schema::from(serde_json::json!({ "$id": id })).version().map(str::to_owned);
        assert_eq!(version("https://ag-ui.com/spec/1.0/schema.json").as_deref(), Some("1.0"));
        assert_eq!(version("https://ag-ui.com/spec/12.10/schema.json").as_deref(), Some("12.10"));
        assert_eq!(version("https://ag-ui.com/spec/draft/schema.json"), None);
        assert_eq!(version("https://v1.0.example/schema.json"), None);
    }
}
