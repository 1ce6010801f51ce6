//! First pass: JSON to keywords. Every keyword is either understood or refused, by position.

use crate::error::{Finding, Problem};
use crate::model::Presence;
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;

/// One schema as it was written, with its keywords told apart but nothing resolved.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    pub(crate) pointer: String,
    /// What the schema demands, without annotations and with sorted keys: equal text, equal meaning.
    pub(crate) signature: String,
    /// The keywords that stand here and are more than annotations.
    pub(crate) keywords: Vec<String>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) reference: Option<String>,
    pub(crate) types: Option<Vec<JsonType>>,
    pub(crate) constant: Option<Value>,
    pub(crate) values: Option<Vec<Value>>,
    pub(crate) properties: BTreeMap<String, Node>,
    pub(crate) required: Vec<String>,
    /// What `oneOf` or `anyOf` demands of optional members.
    pub(crate) presence: Option<Presence>,
    pub(crate) additional: Option<Members>,
    pub(crate) unevaluated: Option<Members>,
    pub(crate) all_of: Vec<Node>,
    pub(crate) one_of: Vec<Node>,
    pub(crate) not_null: bool,
    pub(crate) items: Option<Box<Node>>,
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    pub(crate) unique_items: bool,
    pub(crate) min_members: Option<usize>,
    pub(crate) max_members: Option<usize>,
    /// What is demanded of the names of members, beyond being strings.
    pub(crate) names: Option<Box<Node>>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) pattern: Option<String>,
    pub(crate) minimum: Option<Number>,
    pub(crate) maximum: Option<Number>,
    pub(crate) above: Option<Number>,
    pub(crate) below: Option<Number>,
    pub(crate) multiple_of: Option<Number>,
}

/// The types of JSON values, as JSON Schema divides them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum JsonType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl JsonType {
    /// Whether the value is of this type.
    pub(crate) fn has(self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
        }
    }
}

/// What `additionalProperties` or `unevaluatedProperties` says.
#[derive(Debug, Clone)]
pub(crate) enum Members {
    Open,
    Closed,
    Typed(Box<Node>),
}

/// The parts of a whole document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Document {
    /// The root's own schema, where it is more than a container.
    pub(crate) root: Node,
    pub(crate) definitions: BTreeMap<String, Node>,
    /// `$anchor` to definition.
    pub(crate) anchors: BTreeMap<String, String>,
}

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

/// Appends a reference token to a JSON Pointer.
pub(crate) fn join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

impl Node {
    /// Whether only annotations stand here, so that every value is valid.
    pub(crate) fn is_unconstrained(&self) -> bool {
        self.keywords.is_empty()
    }

    /// The keywords that stand here beside the given ones.
    pub(crate) fn beside<'n>(&'n self, expected: &[&str]) -> Vec<&'n str> {
        self.keywords.iter().map(String::as_str).filter(|keyword| !expected.contains(keyword)).collect()
    }

    /// The schemas inside of this one.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Node> {
        let members = self.additional.iter().chain(&self.unevaluated).filter_map(|members| match members {
            Members::Typed(node) => Some(&**node),
            Members::Open | Members::Closed => None,
        });
        let parts = self.all_of.iter().chain(&self.one_of).chain(self.items.as_deref());
        self.properties.values().chain(parts).chain(members)
    }

    /// The types but `null`.
    pub(crate) fn types_of_values(&self) -> Vec<JsonType> {
        self.types.iter().flatten().copied().filter(|ty| *ty != JsonType::Null).collect()
    }

    /// The strings and other constants that it is limited to, by `enum` or `const`.
    pub(crate) fn listed(&self) -> Option<&[Value]> {
        self.values.as_deref().or(self.constant.as_ref().map(std::slice::from_ref))
    }
}

#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, pointer: impl Into<String>, finding: impl Into<Finding>) {
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

    fn types(&mut self, value: &Value, at: &str) -> Option<Vec<JsonType>> {
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

    fn string(&mut self, value: &Value, at: &str) -> Option<String> {
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.problem(at, ("a string was expected", "put it in quotes"));
        }
        text
    }

    fn strings(&mut self, value: &Value, at: &str) -> Vec<String> {
        let Some(values) = self.array(value, at) else { return Vec::new() };
        values.iter().filter_map(|value| self.string(value, at)).collect()
    }

    fn array<'v>(&mut self, value: &'v Value, at: &str) -> Option<&'v [Value]> {
        let array = value.as_array().map(Vec::as_slice);
        if array.is_none() {
            self.problem(at, ("an array was expected", "write `[ … ]`"));
        }
        array
    }

    fn count(&mut self, value: &Value, at: &str) -> Option<usize> {
        let count = value.as_u64().and_then(|count| usize::try_from(count).ok());
        if count.is_none() {
            self.problem(at, ("a non-negative integer was expected", "write 0 or more, without a fraction"));
        }
        count
    }

    fn flag(&mut self, value: &Value, at: &str) -> bool {
        let flag = value.as_bool();
        if flag.is_none() {
            self.problem(at, ("a boolean was expected", "write `true` or `false`"));
        }
        flag.unwrap_or_default()
    }

    fn number(&mut self, value: &Value, at: &str) -> Option<Number> {
        let number = value.as_number().cloned();
        if number.is_none() {
            self.problem(at, ("a number was expected", "write one, without quotes"));
        }
        number
    }
}

/// Whether a keyword describes and does not constrain. JSON Schema sets names with `x-` aside for
/// whoever needs some, under the condition that validation does not depend on them.
pub(crate) fn is_annotation(keyword: &str) -> bool {
    keyword.starts_with("x-")
        || [&ANNOTATIONS[..], &EDITORS, &OPEN_API].iter().any(|names| names.contains(&keyword))
}

const ANNOTATIONS: [&str; 14] = [
    "$schema",
    "$id",
    "$anchor",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "format",
    "contentEncoding",
    "contentMediaType",
];

/// What editors of JSON want to know beside.
const EDITORS: [&str; 9] = [
    "allowComments",
    "allowTrailingCommas",
    "defaultSnippets",
    "deprecationMessage",
    "enumDescriptions",
    "errorMessage",
    "markdownDescription",
    "markdownEnumDescriptions",
    "suggestSortText",
];

/// What OpenAPI 3.1 adds to the vocabulary. `discriminator` does not change what is valid; the tag that
/// it names is found without it.
const OPEN_API: [&str; 4] = ["discriminator", "example", "externalDocs", "xml"];

fn signature(keywords: &Map<String, Value>) -> String {
    let sorted: BTreeMap<_, _> = keywords
        .iter()
        .filter(|(keyword, _)| !is_annotation(keyword))
        .map(|(keyword, value)| {
            let text = match keyword.as_str() {
                // Names, not keywords: a property may be called `title`.
                "properties" => by_key(value, schema_signature),
                "const" | "enum" => sorted_text(value),
                _ => schema_signature(value),
            };
            (keyword, text)
        })
        .collect();
    let members: Vec<_> = sorted.iter().map(|(key, text)| format!("{key:?}:{text}")).collect();
    format!("{{{}}}", members.join(","))
}

fn schema_signature(value: &Value) -> String {
    match value {
        Value::Object(keywords) => signature(keywords),
        Value::Array(schemas) => {
            format!("[{}]", schemas.iter().map(schema_signature).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn sorted_text(value: &Value) -> String {
    match value {
        Value::Object(_) => by_key(value, sorted_text),
        Value::Array(values) => format!("[{}]", values.iter().map(sorted_text).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

fn by_key(value: &Value, text: fn(&Value) -> String) -> String {
    let Value::Object(members) = value else { return value.to_string() };
    let sorted: BTreeMap<_, _> = members.iter().map(|(key, value)| (key, text(value))).collect();
    let members: Vec<_> = sorted.iter().map(|(key, text)| format!("{key:?}:{text}")).collect();
    format!("{{{}}}", members.join(","))
}

fn is_string(ty: &JsonType) -> bool {
    *ty == JsonType::String
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

    #[test]
    fn equal_signatures_mean_equal_demands() {
        let signature =
            |schema: Value| read(&json!({ "$defs": { "A": schema } })).0.definitions["A"].signature.clone();
        let a = signature(
            json!({ "type": "object", "title": "T", "properties": { "p": { "description": "D" } } }),
        );
        assert_eq!(a, signature(json!({ "properties": { "p": {} }, "type": "object" })));
        // A property called as an annotation is a property.
        assert_ne!(a, signature(json!({ "type": "object", "properties": { "p": {}, "title": true } })));
        assert_ne!(signature(json!({ "const": { "title": 1 } })), signature(json!({ "const": {} })));
    }
}
