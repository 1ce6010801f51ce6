//! What lacks a description.

use crate::error::Problem;
use crate::node::join;
use crate::schema::Schema;
use serde_json::Value;

/// Definitions and properties without a `description`, and the document itself if it has none.
#[must_use]
pub fn undescribed(schema: &Schema) -> Vec<Problem> {
    let mut found = Vec::new();
    describe(schema.document(), "", &mut found);
    visit(schema.document(), "", &mut found);
    found
}

fn visit(schema: &Value, pointer: &str, found: &mut Vec<Problem>) {
    match schema {
        Value::Object(keywords) => {
            for (keyword, value) in keywords {
                let at = join(pointer, keyword);
                match (keyword.as_str(), value) {
                    ("properties" | "$defs", Value::Object(schemas)) => {
                        for (name, schema) in schemas {
                            let at = join(&at, name);
                            describe(schema, &at, found);
                            visit(schema, &at, found);
                        }
                    }
                    ("const" | "enum" | "default" | "examples", _) => {}
                    _ => visit(value, &at, found),
                }
            }
        }
        Value::Array(schemas) => {
            for (index, schema) in schemas.iter().enumerate() {
                visit(schema, &join(pointer, &index.to_string()), found);
            }
        }
        _ => {}
    }
}

fn describe(schema: &Value, pointer: &str, found: &mut Vec<Problem>) {
    if schema.get("description").and_then(Value::as_str).is_none_or(|text| text.trim().is_empty()) {
        found.push(Problem::new(pointer, ("no description", "add a `description` that says what it is for")));
    }
}
