//! The values of keywords that are no schemas.

use super::JsonType;
use super::read::Reader;
use serde_json::{Number, Value};

impl Reader {
    pub(super) fn types(&mut self, value: &Value, at: &str) -> Option<Vec<JsonType>> {
        let names = match value {
            Value::String(name) => vec![name.as_str()],
            Value::Array(names) if !names.is_empty() && names.iter().all(Value::is_string) => {
                names.iter().filter_map(Value::as_str).collect()
            }
            _ => {
                self.problem(
                    at,
                    (
                        "`type` is a type's name or a list of them",
                        "write for instance `\"string\"` or `[\"string\", \"null\"]`",
                    ),
                );
                return None;
            }
        };
        let mut types = Vec::new();
        for name in names {
            match json_type(name) {
                Some(json_type) => types.push(json_type),
                None => self.problem(
                    at,
                    (
                        format!("`{name}` is not a JSON type"),
                        "write `null`, `boolean`, `integer`, `number`, `string`, `array` or `object`",
                    ),
                ),
            }
        }
        types.sort();
        types.dedup();
        Some(types)
    }

    pub(super) fn string(&mut self, value: &Value, at: &str) -> Option<String> {
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.problem(at, ("a string was expected", "put it in quotes"));
        }
        text
    }

    pub(super) fn strings(&mut self, value: &Value, at: &str) -> Vec<String> {
        let Some(values) = self.array(value, at) else { return Vec::new() };
        values.iter().filter_map(|value| self.string(value, at)).collect()
    }

    pub(super) fn array<'v>(&mut self, value: &'v Value, at: &str) -> Option<&'v [Value]> {
        let array = value.as_array().map(Vec::as_slice);
        if array.is_none() {
            self.problem(at, ("an array was expected", "write `[ … ]`"));
        }
        array
    }

    pub(super) fn count(&mut self, value: &Value, at: &str) -> Option<usize> {
        let count = value.as_u64().and_then(|count| usize::try_from(count).ok());
        if count.is_none() {
            self.problem(at, ("a non-negative integer was expected", "write 0 or more, without a fraction"));
        }
        count
    }

    pub(super) fn flag(&mut self, value: &Value, at: &str) -> bool {
        let flag = value.as_bool();
        if flag.is_none() {
            self.problem(at, ("a boolean was expected", "write `true` or `false`"));
        }
        flag.unwrap_or_default()
    }

    pub(super) fn number(&mut self, value: &Value, at: &str) -> Option<Number> {
        let number = value.as_number().cloned();
        if number.is_none() {
            self.problem(at, ("a number was expected", "write one, without quotes"));
        }
        number
    }
}

fn json_type(name: &str) -> Option<JsonType> {
    Some(match name {
        "null" => JsonType::Null,
        "boolean" => JsonType::Boolean,
        "integer" => JsonType::Integer,
        "number" => JsonType::Number,
        "string" => JsonType::String,
        "array" => JsonType::Array,
        "object" => JsonType::Object,
        _ => return None,
    })
}
