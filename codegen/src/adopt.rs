//! A schema file from elsewhere made one of ours: its structure, our descriptions.

use crate::error::{Error, Problem};
use crate::node::{is_annotation, join};
use crate::schema::Schema;
use crate::undescribed::undescribed;
use serde_json::{Map, Value};

/// What [`adopt`] made of a schema.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Adopted {
    /// The new schema with the descriptions that could be carried over.
    pub schema: Schema,
    /// Definitions and properties that still need a description.
    pub undescribed: Vec<Problem>,
}

impl Adopted {
    /// The text of the new file.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:#}\n", self.schema.document())
    }
}

/// Takes over the structure of `new` and nothing of its prose; describes it with the texts of `old`
/// wherever what they describe is unchanged.
///
/// # Errors
///
/// When nothing can be generated from `new`: all of its problems.
pub fn adopt(new: &Schema, old: &Schema) -> Result<Adopted, Error> {
    crate::generate(new, &crate::Settings::default())?;
    let mut document = new.document().clone();
    strip(&mut document);
    carry(&mut document, old.document(), true);
    if let (Some(title), Some(before), Some(after)) =
        (old.document().get("title").and_then(Value::as_str), old.version(), new.version())
        && let Value::Object(keywords) = &mut document
    {
        insert_after(keywords, "$id", "title", Value::String(title.replace(before, after)));
    }
    let schema = Schema::from(document);
    let mut undescribed = undescribed(&schema);
    undescribed.sort();
    Ok(Adopted { schema, undescribed })
}

/// Removes prose: what others wrote stays theirs.
fn strip(schema: &mut Value) {
    if let Value::Object(keywords) = schema {
        for prose in ["title", "description", "$comment", "examples"] {
            keywords.remove(prose);
        }
    }
    for (_, inner) in inner_mut(schema) {
        strip(inner);
    }
}

/// Copies the description of `old`, and of everything inside that is in the same place.
fn carry(new: &mut Value, old: &Value, unchanged: bool) {
    let same = unchanged || shallow(new) == shallow(old);
    if let (true, Some(description), Value::Object(keywords)) = (same, old.get("description"), &mut *new) {
        insert_after(keywords, "$anchor", "description", description.clone());
    }
    for (place, inner) in inner_mut(new) {
        if let Some(old) = old.pointer(&place) {
            carry(inner, old, false);
        }
    }
}

/// What a schema demands on its own, apart from its properties, which are looked at one by one.
fn shallow(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let own = keywords.iter().filter(|(keyword, _)| {
        !is_annotation(keyword)
            && !matches!(keyword.as_str(), "properties" | "required" | "$defs" | "$id" | "oneOf" | "enum")
    });
    let mut own: Map<String, Value> = own.map(|(keyword, value)| (keyword.clone(), value.clone())).collect();
    own.sort_keys();
    let mut own = Value::Object(own);
    strip(&mut own);
    own
}

/// The schemas directly inside a schema, each with its pointer from there.
fn inner_mut(schema: &mut Value) -> Vec<(String, &mut Value)> {
    let Value::Object(keywords) = schema else { return Vec::new() };
    let mut inner = Vec::new();
    for (keyword, value) in keywords {
        let at = join("", keyword);
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(schemas)) => {
                inner.extend(schemas.iter_mut().map(|(name, schema)| (join(&at, name), schema)));
            }
            ("allOf" | "oneOf" | "anyOf", Value::Array(schemas)) => {
                let numbered = schemas.iter_mut().enumerate();
                inner.extend(numbered.map(|(index, schema)| (join(&at, &index.to_string()), schema)));
            }
            ("items" | "additionalProperties" | "unevaluatedProperties" | "not", schema) => {
                inner.push((at, schema))
            }
            _ => {}
        }
    }
    inner
}

/// Puts a member behind another one, for readers of the file.
fn insert_after(keywords: &mut Map<String, Value>, anchor: &str, name: &str, value: Value) {
    let mut rest = std::mem::take(keywords).into_iter().filter(|(key, _)| key != name);
    let mut value = Some(value);
    let mut rebuilt = Map::new();
    for (key, old) in rest.by_ref() {
        let here = key == anchor;
        rebuilt.insert(key, old);
        if here && let Some(value) = value.take() {
            rebuilt.insert(name.to_owned(), value);
        }
    }
    if let Some(value) = value {
        rebuilt.insert(name.to_owned(), value);
    }
    *keywords = rebuilt;
}
