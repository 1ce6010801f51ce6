//! Things with names of their own in the schema that would have one name in Rust, and types that
//! consist of nothing but themselves.

use crate::error::Problem;
use crate::model::{Definition, Enumeration, Kind, Model, Shape};
use crate::names;
use std::collections::{BTreeMap, BTreeSet};

const RENAME: &str = "rename one of them";

/// All that Rust would not tell apart.
pub(crate) fn clashes(model: &Model) -> Vec<Problem> {
    let mut problems = Vec::new();
    let types =
        model.definitions.iter().map(|(name, definition)| (name.as_str(), definition.pointer.as_str()));
    alike("type", types, names::pascal, &mut problems);
    for (name, definition) in &model.definitions {
        members(definition, &mut problems);
        if is_only_itself(model, name) {
            problems.push(Problem::new(
                &definition.pointer,
                (format!("`{name}` is defined by nothing but itself"), "say what it is"),
            ));
        }
    }
    problems
}

fn members(definition: &Definition, problems: &mut Vec<Problem>) {
    let at = definition.pointer.as_str();
    match &definition.kind {
        Kind::Object(object) => {
            let fields = object.properties.iter().filter(|property| !property.is_constant());
            let fields = fields.map(|property| (property.name.as_str(), property.pointer.as_str()));
            alike("field", fields, names::snake, problems);
        }
        Kind::Enumeration(Enumeration { values, .. }) => {
            alike("variant", values.iter().map(|value| (value.text.as_str(), at)), names::pascal, problems);
        }
        Kind::Union(union) => {
            alike(
                "variant",
                union.variants.iter().map(|(tag, _)| (tag.as_str(), at)),
                names::pascal,
                problems,
            );
        }
        Kind::Choice(_) | Kind::Other(_) => {}
    }
}

/// Complains of names that are no identifiers or the same one; `named` tells names and their places.
fn alike<'m>(
    what: &str,
    named: impl Iterator<Item = (&'m str, &'m str)>,
    ident: fn(&str) -> String,
    problems: &mut Vec<Problem>,
) {
    let mut seen: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for (name, pointer) in named {
        let ident = ident(name);
        if !names::is_identifier(&ident) {
            problems.push(Problem::new(
                pointer,
                (
                    format!("`{name}` cannot be made the name of a {what} in Rust"),
                    "rename it so that it has a letter to begin with",
                ),
            ));
        }
        let message = match seen.get(&ident) {
            None => {
                seen.insert(ident, (name, pointer));
                continue;
            }
            Some((other, _)) if *other == name => (format!("`{name}` is listed twice"), "remove one"),
            Some((other, at)) if *at == pointer => {
                (format!("`{other}` and `{name}` would both be the {what} `{ident}` in Rust"), RENAME)
            }
            Some((other, at)) => {
                (format!("`{name}` would be the {what} `{ident}` in Rust, as is `{other}`, #{at}"), RENAME)
            }
        };
        problems.push(Problem::new(pointer, message));
    }
}

/// Whether a definition refers to itself through references and `null` alone.
fn is_only_itself(model: &Model, name: &str) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut at = name;
    while let Some(Kind::Other(ty)) = model.get(at).map(|definition| &definition.kind) {
        let Shape::Reference(next) = &ty.shape else { return false };
        if !seen.insert(next) {
            return seen.contains(name);
        }
        at = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn problems(defs: Value) -> Vec<String> {
        let document = crate::node::read(&json!({ "$defs": defs })).0;
        let problems = crate::resolve::resolve(&document).err().unwrap_or_default();
        problems.iter().map(|problem| format!("#{}: {}", problem.pointer, problem.message)).collect()
    }

    #[test]
    fn names_that_rust_would_not_tell_apart() {
        assert_eq!(
            problems(json!({ "fooBar": { "type": "string" }, "foo_bar": { "type": "integer" } })),
            ["#/$defs/foo_bar: `foo_bar` would be the type `FooBar` in Rust, as is `fooBar`, #/$defs/fooBar"]
        );
        assert_eq!(
            problems(json!({ "A": { "type": "object", "properties": { "aB": {}, "a-b": {} } } })),
            ["#/$defs/A/properties/aB: `aB` would be the field `a_b` in Rust, as is `a-b`, \
              #/$defs/A/properties/a-b"]
        );
        assert_eq!(
            problems(json!({ "A": { "enum": ["<", ">", "b", "b"] } })),
            [
                "#/$defs/A: `<` and `>` would both be the variant `X` in Rust",
                "#/$defs/A: `b` is listed twice"
            ]
        );
        assert_eq!(
            problems(json!({ "ⓐ": { "type": "string" } })),
            ["#/$defs/ⓐ: `ⓐ` cannot be made the name of a type in Rust"]
        );
    }

    #[test]
    fn constants_are_no_fields() {
        let properties = json!({ "aB": { "const": 1 }, "a_b": { "type": "string" } });
        assert_eq!(
            problems(json!({ "A": { "type": "object", "properties": properties, "required": ["aB"] } })),
            [""; 0]
        );
    }

    #[test]
    fn a_type_is_more_than_itself() {
        let reference = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
        let found = problems(json!({
            "A": reference("B"),
            "B": { "anyOf": [reference("A"), { "type": "null" }] },
            "C": reference("A"),
            "D": { "type": "array", "items": reference("D") },
        }));
        assert_eq!(
            found,
            [
                "#/$defs/A: `A` is defined by nothing but itself",
                "#/$defs/B: `B` is defined by nothing but itself"
            ]
        );
    }
}
