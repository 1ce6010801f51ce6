//! Taking back what strictness adds.

use super::{Object, references};
use serde_json::Value;

/// Removes the nulls that stand for absent arguments in a call by a model in strict mode.
///
/// [`Dialect::OpenAiStrict`](super::Dialect::OpenAiStrict) requires every property and makes optional ones nullable.
/// Given the schema before that, this removes members that are null where it has no null, so that
/// `#[serde(default)]` applies. Nulls that the schema knows, such as those of an `Option`, stay.
///
/// ```
/// use agui::tool::schema::{parameters, remove_added_nulls};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Search {
///     query: String,
///     #[serde(default)]
///     limit: u32,
/// }
///
/// let mut arguments = serde_json::json!({"query": "rust", "limit": null});
/// remove_added_nulls(&parameters::<Search>()?, &mut arguments);
/// assert_eq!(arguments, serde_json::json!({"query": "rust"}));
/// # Ok::<(), agui::tool::schema::SchemaError>(())
/// ```
pub fn remove_added_nulls(schema: &Value, arguments: &mut Value) {
    clean(schema, &[schema], arguments);
}

fn clean(root: &Value, schemas: &[&Value], value: &mut Value) {
    let mut found = Vec::new();
    for schema in schemas {
        gather(root, schema, value, &mut found, 0);
    }
    match value {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            for name in names {
                let of = |schema: &&'_ Object| schema.contains_key("properties");
                let declared: Vec<&Value> =
                    found.iter().filter(|s| of(s)).filter_map(|s| s.get("properties")?.get(&name)).collect();
                let required = found.iter().any(|schema| {
                    let names = schema.get("required").and_then(Value::as_array);
                    names.is_some_and(|names| names.iter().any(|other| *other == *name))
                });
                let added = !required && declared.iter().any(|schema| !nullable(root, schema, 0));
                if members.get(&name).is_some_and(Value::is_null) && added {
                    members.remove(&name);
                } else if let Some(member) = members.get_mut(&name) {
                    let mut declared = declared;
                    if declared.is_empty() {
                        declared.extend(found.iter().filter_map(|schema| schema.get("additionalProperties")));
                    }
                    clean(root, &declared, member);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                let schemas: Vec<&Value> = found
                    .iter()
                    .filter_map(|schema| {
                        let place = schema.get("prefixItems").and_then(|parts| parts.get(index));
                        place.or_else(|| schema.get("items"))
                    })
                    .collect();
                clean(root, &schemas, item);
            }
        }
        _ => {}
    }
}

/// References and alternatives that are nested deeper lead nowhere.
const DEPTH: usize = 64;

/// The schemas that apply to a value: of alternatives those that it can be meant for.
fn gather<'a>(root: &'a Value, schema: &'a Value, value: &Value, found: &mut Vec<&'a Object>, depth: usize) {
    let Value::Object(object) = schema else { return };
    if depth > DEPTH || !plausible(object, value) {
        return;
    }
    found.push(object);
    if let Some(target) =
        object.get("$ref").and_then(Value::as_str).and_then(|t| references::resolve(root, t))
    {
        gather(root, target, value, found, depth + 1);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for branch in object.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            gather(root, branch, value, found, depth + 1);
        }
    }
}

/// Whether nothing obvious speaks against it that a schema is the one of a value.
fn plausible(schema: &Object, value: &Value) -> bool {
    let fits = match schema.get("type").and_then(Value::as_str) {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some(_) => !value.is_object() && !value.is_array(),
        None => true,
    };
    let member = |name: &Value| value.get(name.as_str().unwrap_or_default());
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    fits && (!value.is_object() || required.clone().all(|name| member(name).is_some()))
        && properties.filter_map(|(name, schema)| Some((value.get(name)?, schema))).all(|(value, schema)| {
            schema.get("const").is_none_or(|only| only == value)
                && schema
                    .get("enum")
                    .and_then(Value::as_array)
                    .is_none_or(|all| value.is_null() || all.contains(value))
        })
}

fn nullable(root: &Value, schema: &Value, depth: usize) -> bool {
    let Value::Object(object) = schema else { return *schema == true };
    if depth > DEPTH {
        return true;
    }
    let kind = match object.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "null"),
        Some(kind) => kind == "null",
        None => true,
    };
    let target =
        object.get("$ref").and_then(Value::as_str).and_then(|target| references::resolve(root, target));
    let any = |keyword: &str| {
        let branches = object.get(keyword).and_then(Value::as_array);
        branches.is_none_or(|branches| branches.iter().any(|branch| nullable(root, branch, depth + 1)))
    };
    kind && target.is_none_or(|target| nullable(root, target, depth + 1))
        && any("anyOf")
        && any("oneOf")
        && object
            .get("allOf")
            .and_then(Value::as_array)
            .is_none_or(|all| all.iter().all(|s| nullable(root, s, depth + 1)))
        && object.get("const").is_none_or(Value::is_null)
        && object.get("enum").and_then(Value::as_array).is_none_or(|values| values.contains(&Value::Null))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cleaned(schema: Value, mut arguments: Value) -> Value {
        remove_added_nulls(&schema, &mut arguments);
        arguments
    }

    #[test]
    fn only_added_nulls_go() {
        let schema = json!({"properties": {
            "needed": {"type": "integer"}, "optional": {"type": "integer"}, "any": {},
            "option": {"type": ["integer", "null"]}, "names": {"enum": ["a", null]},
        }, "required": ["needed"]});
        let arguments = json!({"needed": null, "optional": null, "any": null, "option": null, "names": null, "else": null});
        let expected = json!({"needed": null, "any": null, "option": null, "names": null, "else": null});
        assert_eq!(cleaned(schema, arguments), expected);
    }

    #[test]
    fn they_go_everywhere() {
        let inner =
            json!({"type": "object", "properties": {"a": {"type": "string"}, "next": {"$ref": "#/$defs/I"}}});
        let schema = json!({"$defs": {"I": inner}, "properties": {
            "list": {"items": {"$ref": "#/$defs/I"}},
            "maybe": {"anyOf": [{"$ref": "#/$defs/I"}, {"type": "null"}]},
        }});
        let arguments =
            json!({"list": [{"a": null, "next": {"a": null}}, {"next": null}], "maybe": {"a": null}});
        assert_eq!(cleaned(schema, arguments), json!({"list": [{"next": {}}, {}], "maybe": {}}));
    }

    #[test]
    fn alternatives_are_told_apart() {
        let branch = |kind: &str, a: Value| {
            json!({"type": "object", "required": ["kind"],
            "properties": {"kind": {"const": kind}, "a": a}})
        };
        let schema = json!({"oneOf": [
            branch("x", json!({"type": "string"})), branch("y", json!({"type": ["string", "null"]}))]});
        assert_eq!(cleaned(schema.clone(), json!({"kind": "x", "a": null})), json!({"kind": "x"}));
        assert_eq!(cleaned(schema, json!({"kind": "y", "a": null})), json!({"kind": "y", "a": null}));
    }
}
