//! Schemas from types, by schemars.

use super::error::Pointer;
use super::{Result, SchemaError, tidy};
use schemars::JsonSchema;
use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::RecursiveTransform;
use serde_json::Value;

/// The schema of a tool's arguments: what serde accepts for `T`.
///
/// It is an object schema of JSON Schema 2020-12 without `$schema` and title. Definitions are inlined;
/// only recursive types refer to `$defs`, or to `#` if `T` itself is recursive. Formats that JSON Schema does
/// not know become bounds (`u32` is from 0 to 4294967295) or words (`Format: partial-time.`), and
/// enums of names an `enum` with the variants' documentation in its description.
///
/// ```
/// # #[derive(serde::Deserialize, schemars::JsonSchema)] struct Search { query: String }
/// let schema = agui::tool::schema::parameters::<Search>()?;
/// assert_eq!(schema["properties"]["query"]["type"], "string");
/// let error = agui::tool::schema::parameters::<Vec<String>>().unwrap_err();
/// assert_eq!(error.to_string(), "the arguments of a tool are an object, but `Array_of_string` is an array");
/// # Ok::<(), agui::tool::schema::SchemaError>(())
/// ```
///
/// # Errors
///
/// If `T` is not a struct with named fields or alike, so that its schema is not one of objects alone.
pub fn parameters<T: JsonSchema + ?Sized>() -> Result<Value> {
    let schema = generate::<T>(Contract::Deserialize);
    match kind(&schema) {
        "object" => Ok(schema),
        kind => {
            let problem =
                format!("the arguments of a tool are an object, but `{}` is {kind}", T::schema_name());
            Err(SchemaError::new(&Pointer::default(), problem))
        }
    }
}

/// The schema of a tool's result: what serde writes for `T`, of whatever type, in the same form as
/// [`parameters`].
#[must_use]
pub fn output<T: JsonSchema + ?Sized>() -> Value {
    generate::<T>(Contract::Serialize)
}

fn generate<T: JsonSchema + ?Sized>(contract: Contract) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.inline_subschemas = true;
            settings.contract = contract;
            settings.meta_schema = None;
        })
        .with_transform(RecursiveTransform(tidy::formats))
        .with_transform(tidy::enumerations);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.remove("title");
    let mut schema = schema.to_value();
    schema.sort_all_objects();
    schema
}

/// What the values of a root schema are, `object` only if they are nothing else.
fn kind(schema: &Value) -> &'static str {
    let named = schema.get("type").map(|kind| kind.as_str().unwrap_or("several things"));
    match named {
        Some("object") => "object",
        Some("array") => "an array",
        Some("string") => "a string",
        Some("integer") => "an integer",
        Some("number") => "a number",
        Some("boolean") => "a boolean",
        Some("null") => "null",
        Some(_) => "optional or of several types",
        None if schema.get("oneOf").or_else(|| schema.get("anyOf")).is_some() => "a choice of several forms",
        None => "not limited to any type",
    }
}
