//! Types that describe themselves: `schemars::JsonSchema` for generated code (feature `schemars`).

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

/// What a generated type refers to: a name, and how its schema is had.
type Referred = (&'static str, fn(&mut SchemaGenerator) -> Schema);

/// The schema of a generated type from its JSON text, in which `$ref` names another type.
#[doc(hidden)]
#[must_use]
pub fn describe(text: &str, generator: &mut SchemaGenerator, referred: &[Referred]) -> Schema {
    let mut schema = serde_json::from_str(text).unwrap_or_default();
    resolve(&mut schema, generator, referred);
    schema.try_into().unwrap_or_default()
}

/// As `SchemaGenerator::subschema_for`, as a function of one type.
#[doc(hidden)]
#[must_use]
pub fn subschema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Replaces names by references that the generator knows, wherever the generated code puts a schema.
fn resolve(schema: &mut Value, generator: &mut SchemaGenerator, referred: &[Referred]) {
    let Value::Object(keywords) = schema else { return };
    if let Some(Value::String(name)) = keywords.get("$ref")
        && let Some((_, subschema)) = referred.iter().find(|(known, _)| known == name)
    {
        keywords.remove("$ref");
        let described = std::mem::take(keywords);
        *schema = merged(subschema(generator).to_value(), described);
        return;
    }
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(|property| resolve(property, generator, referred));
            }
            ("anyOf" | "oneOf", Value::Array(alternatives)) => {
                alternatives.iter_mut().for_each(|alternative| resolve(alternative, generator, referred));
            }
            ("items" | "additionalProperties", value) => resolve(value, generator, referred),
            _ => {}
        }
    }
}

/// A schema with what is said of it in place, which goes before what it says of itself.
fn merged(schema: Value, described: Map<String, Value>) -> Value {
    match schema {
        Value::Object(mut keywords) => {
            keywords.extend(described);
            Value::Object(keywords)
        }
        schema if described.is_empty() => schema,
        schema => {
            let mut keywords = described;
            keywords.insert("allOf".to_owned(), Value::Array(vec![schema]));
            Value::Object(keywords)
        }
    }
}

/// Implements `JsonSchema` for a generated type.
#[doc(hidden)]
#[macro_export]
macro_rules! __agui_described {
    ($type:ident, $name:literal, $text:literal, [$($referred:literal => $other:ident),*]) => {
        impl $crate::runtime::schemars::JsonSchema for $type {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed($name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::std::concat!(::std::module_path!(), "::", $name))
            }

            fn json_schema(
                generator: &mut $crate::runtime::schemars::SchemaGenerator,
            ) -> $crate::runtime::schemars::Schema {
                $crate::runtime::describe($text, generator, &[$(($referred, $crate::runtime::subschema::<$other>)),*])
            }
        }
    };
}
