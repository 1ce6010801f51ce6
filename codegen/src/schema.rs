//! A schema file: its text parsed as JSON, its identity.

use crate::error::{Error, Problem};
use crate::node::join;
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
        Self::parse(&text).map_err(|error| error.in_file(path))
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

/// Extending a schema with definitions of one's own.
impl Schema {
    /// Adds a definition, or replaces the one of that name.
    ///
    /// # Errors
    ///
    /// When the document is not a schema with `$defs`.
    pub fn define(&mut self, name: impl Into<String>, definition: Value) -> Result<(), Error> {
        let definitions = self.document.get_mut("$defs").and_then(Value::as_object_mut);
        let definitions = definitions
            .ok_or_else(|| Problem::new("/$defs", ("there are no definitions", "add an object `$defs`")))?;
        definitions.insert(name.into(), definition);
        Ok(())
    }

    /// Makes a definition a member of a union, last in its `oneOf` or `anyOf`.
    ///
    /// # Errors
    ///
    /// When there is no such union.
    pub fn add_member(&mut self, union: &str, definition: &str) -> Result<(), Error> {
        let reference = format!("#{}", join("/$defs", definition));
        self.append(union, &["oneOf", "anyOf"], serde_json::json!({ "$ref": reference }))
    }

    /// Adds a value to an enumeration.
    ///
    /// # Errors
    ///
    /// When there is no such enumeration.
    pub fn add_value(&mut self, enumeration: &str, value: impl Into<String>) -> Result<(), Error> {
        self.append(enumeration, &["enum"], Value::String(value.into()))
    }

    fn append(&mut self, definition: &str, keywords: &[&str], value: Value) -> Result<(), Error> {
        let pointer = join("/$defs", definition);
        let schema = self.document.pointer_mut(&pointer).and_then(Value::as_object_mut);
        let list = schema.and_then(|schema| {
            schema.iter_mut().find(|(keyword, _)| keywords.contains(&keyword.as_str()))?.1.as_array_mut()
        });
        let Some(list) = list else {
            return Err(Problem::new(
                pointer,
                (
                    format!("there is no `{}` to add to", keywords.join("` or `")),
                    "name a definition that has one",
                ),
            )
            .into());
        };
        list.push(value);
        Ok(())
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
    use serde_json::json;

    #[test]
    fn a_schema_can_be_extended() {
        let mut schema = Schema::from(json!({ "$defs": { "U": { "oneOf": [] }, "E": { "enum": ["a"] } } }));
        schema.define("A", json!(true)).unwrap();
        schema.add_member("U", "A").unwrap();
        schema.add_value("E", "b").unwrap();
        assert_eq!(
            *schema.document(),
            json!({ "$defs": { "A": true, "U": { "oneOf": [{ "$ref": "#/$defs/A" }] }, "E": { "enum": ["a", "b"] } } })
        );
        let error = schema.add_member("E", "A").unwrap_err().to_string();
        assert_eq!(
            error,
            "#/$defs/E: there is no `oneOf` or `anyOf` to add to; name a definition that has one"
        );
        assert!(schema.add_value("Gone", "b").is_err());
        assert!(Schema::from(json!({})).define("A", json!(true)).is_err());
    }

    #[test]
    fn the_version_is_a_segment_of_the_id() {
        let version = |id: &str| Schema::from(serde_json::json!({ "$id": id })).version().map(str::to_owned);
        assert_eq!(version("https://ag-ui.com/spec/1.0/schema.json").as_deref(), Some("1.0"));
        assert_eq!(version("https://ag-ui.com/spec/12.10/schema.json").as_deref(), Some("12.10"));
        assert_eq!(version("https://ag-ui.com/spec/draft/schema.json"), None);
        assert_eq!(version("https://v1.0.example/schema.json"), None);
    }
}
