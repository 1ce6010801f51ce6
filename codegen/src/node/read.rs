//! Reading: which keywords there are, and the schemas in them.

use super::signature::signature;
use super::{Document, JsonType, Members, Node, is_annotation, join};
use crate::error::{Finding, Problem};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Reads a document, collecting every problem; what is misread counts as absent.
pub(crate) fn read(document: &Value) -> (Document, Vec<Problem>) {
    let mut reader = Reader::default();
    let Value::Object(root) = document else {
        return (
            Document::default(),
            vec![Problem::new("", ("a schema document is a JSON object", "write `{ \"$defs\": { … } }`"))],
        );
    };
    let mut definitions = BTreeMap::new();
    let mut anchors = BTreeMap::new();
    match root.get("$defs") {
        None => {}
        Some(Value::Object(defs)) => {
            // The order of members must not decide which of two problems is the second.
            for (name, schema) in defs.iter().collect::<BTreeMap<_, _>>() {
                let pointer = join("/$defs", name);
                if let Some(anchor) = schema.get("$anchor").and_then(Value::as_str)
                    && let Some(other) = anchors.insert(anchor.to_owned(), name.clone())
                {
                    let at = join(&pointer, "$anchor");
                    reader.problem(
                        at,
                        (format!("`{anchor}` is the anchor of `{other}` already"), "choose another"),
                    );
                }
                definitions.insert(name.clone(), reader.node(schema, pointer));
            }
        }
        Some(_) => reader.problem("/$defs", ("`$defs` is an object", "write `{ NAME: SCHEMA, … }`")),
    }
    let mut own = root.clone();
    own.remove("$defs");
    let root = reader.node(&Value::Object(own), String::new());
    (Document { root, definitions, anchors }, reader.problems)
}

#[derive(Default)]
pub(super) struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    pub(super) fn problem(&mut self, pointer: impl Into<String>, finding: impl Into<Finding>) {
        self.problems.push(Problem::new(pointer, finding));
    }

    fn node(&mut self, schema: &Value, pointer: String) -> Node {
        match schema {
            Value::Object(keywords) => self.keywords(keywords, pointer),
            Value::Bool(true) => Node { pointer, ..Node::default() },
            Value::Bool(false) => {
                self.problem(
                    &pointer,
                    ("the schema `false` admits no value, so there is no type for it", "remove it"),
                );
                Node { pointer, ..Node::default() }
            }
            _ => {
                self.problem(&pointer, ("a schema is an object or a boolean", "write `{ … }` or `true`"));
                Node { pointer, ..Node::default() }
            }
        }
    }

    fn keywords(&mut self, keywords: &Map<String, Value>, pointer: String) -> Node {
        let mut node = Node { pointer: pointer.clone(), signature: signature(keywords), ..Node::default() };
        for (keyword, value) in keywords {
            let at = join(&pointer, keyword);
            if !is_annotation(keyword) {
                node.keywords.push(keyword.clone());
            }
            match keyword.as_str() {
                "title" => node.title = self.string(value, &at),
                "description" => {
                    node.description = self.string(value, &at).filter(|text| !text.trim().is_empty());
                }
                "default" => node.default = Some(value.clone()),
                "$ref" => node.reference = self.string(value, &at),
                "type" => node.types = self.types(value, &at),
                "const" => node.constant = Some(value.clone()),
                "enum" => node.values = self.array(value, &at).map(<[Value]>::to_vec),
                "properties" => node.properties = self.nodes_by_name(value, &at),
                "required" => node.required = self.strings(value, &at),
                "additionalProperties" => node.additional = Some(self.members(value, &at)),
                "unevaluatedProperties" => node.unevaluated = Some(self.members(value, &at)),
                "allOf" => node.all_of = self.nodes(value, &at),
                "oneOf" if keywords.contains_key("anyOf") => {
                    self.problem(
                        &at,
                        ("`oneOf` beside `anyOf` is not supported", "keep one of them, with all the members"),
                    );
                }
                "oneOf" | "anyOf" => node.one_of = self.nodes(value, &at),
                "not" => {
                    if *value == serde_json::json!({ "type": "null" }) {
                        node.not_null = true;
                    } else {
                        self.problem(
                            &at,
                            (
                                "`not` is supported as `{\"type\": \"null\"}` only",
                                "say what is admitted instead",
                            ),
                        );
                    }
                }
                "items" => node.items = Some(Box::new(self.node(value, at))),
                "minItems" => node.min_items = self.count(value, &at),
                "maxItems" => node.max_items = self.count(value, &at),
                "uniqueItems" => node.unique_items = self.flag(value, &at),
                "minProperties" => node.min_members = self.count(value, &at),
                "maxProperties" => node.max_members = self.count(value, &at),
                "propertyNames" => {
                    let names = self.node(value, at);
                    // All names are strings.
                    if names.beside(&["type"]).is_empty() && names.types.iter().flatten().all(is_string) {
                        node.keywords.pop();
                    } else {
                        node.names = Some(Box::new(names));
                    }
                }
                "multipleOf" => node.multiple_of = self.number(value, &at),
                "minLength" => node.min_length = self.count(value, &at),
                "maxLength" => node.max_length = self.count(value, &at),
                "pattern" => node.pattern = self.string(value, &at),
                "minimum" => node.minimum = self.number(value, &at),
                "maximum" => node.maximum = self.number(value, &at),
                "exclusiveMinimum" => node.above = self.number(value, &at),
                "exclusiveMaximum" => node.below = self.number(value, &at),
                "$schema" | "$id" if pointer.is_empty() => {}
                "$anchor" if pointer.is_empty() || is_definition(&pointer) => {
                    self.string(value, &at);
                }
                "$schema" | "$id" | "$anchor" | "$defs" => {
                    self.problem(
                        &at,
                        (
                            format!("`{keyword}` is supported at the top only"),
                            "move it to the top of the file",
                        ),
                    );
                }
                _ if is_annotation(keyword) => {}
                _ => self.problem(
                    &at,
                    (
                        format!("the keyword `{keyword}` is not supported"),
                        "correct its spelling or remove it, and say what it demands in the `description`",
                    ),
                ),
            }
        }
        crate::distribute::distribute(&mut node);
        node
    }

    fn members(&mut self, value: &Value, at: &str) -> Members {
        match value {
            Value::Bool(false) => Members::Closed,
            Value::Bool(true) => Members::Open,
            _ => {
                let node = self.node(value, at.to_owned());
                if node.is_unconstrained() { Members::Open } else { Members::Typed(Box::new(node)) }
            }
        }
    }

    fn nodes(&mut self, value: &Value, at: &str) -> Vec<Node> {
        let Some(schemas) = self.array(value, at) else { return Vec::new() };
        if schemas.is_empty() {
            self.problem(at, ("an empty list of schemas", "add at least one, or remove the keyword"));
        }
        schemas
            .iter()
            .enumerate()
            .map(|(index, schema)| self.node(schema, join(at, &index.to_string())))
            .collect()
    }

    fn nodes_by_name(&mut self, value: &Value, at: &str) -> BTreeMap<String, Node> {
        let Value::Object(schemas) = value else {
            self.problem(at, ("an object of schemas was expected", "write `{ NAME: SCHEMA, … }`"));
            return BTreeMap::new();
        };
        schemas.iter().map(|(name, schema)| (name.clone(), self.node(schema, join(at, name)))).collect()
    }
}

fn is_string(ty: &JsonType) -> bool {
    *ty == JsonType::String
}

fn is_definition(pointer: &str) -> bool {
    pointer.strip_prefix("/$defs/").is_some_and(|name| !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn problems(schema: &Value) -> Vec<String> {
        let told = |problem: &Problem| format!("#{}: {}", problem.pointer, problem.message);
        read(schema).1.iter().map(told).collect()
    }

    #[test]
    fn unknown_keywords_are_refused_with_their_pointer() {
        let schema = json!({ "$defs": {
            "A": { "type": "object", "patternProperties": {} },
            "B/~": { "type": "array", "items": { "if": true } },
        }});
        assert_eq!(
            problems(&schema),
            [
                "#/$defs/A/patternProperties: the keyword `patternProperties` is not supported",
                "#/$defs/B~1~0/items/if: the keyword `if` is not supported",
            ]
        );
    }

    #[test]
    fn known_keywords_are_refused_in_forms_that_have_no_type() {
        for (schema, complaint) in [
            (json!({ "not": { "type": "string" } }), "`not` is supported"),
            (json!({ "type": "int" }), "`int` is not a JSON type"),
            (json!({ "items": false }), "admits no value"),
            (json!({ "properties": { "a": { "$defs": {} } } }), "`$defs` is supported at the top only"),
            (json!({ "oneOf": [] }), "an empty list"),
            (json!({ "minItems": -1 }), "non-negative integer"),
            (json!({ "required": [1] }), "a string was expected"),
        ] {
            let problems = problems(&json!({ "$defs": { "A": schema } }));
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains(complaint), "{problems:?}");
        }
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let schema = json!({ "$defs": { "A": { "if": 1, "then": 2, "else": 3 } } });
        assert_eq!(problems(&schema).len(), 3);
    }
}
