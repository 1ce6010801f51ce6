//! Placeholder until merged.
use serde_json::Value;
pub struct SchemaError(String);
impl std::fmt::Display for SchemaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::fmt::Debug for SchemaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for SchemaError {}
pub enum Dialect {
    OpenAiStrict,
}
pub fn parameters<T: schemars::JsonSchema>() -> Result<Value, SchemaError> {
    Ok(schemars::generate::SchemaSettings::draft2020_12()
        .with(|s| {
            s.inline_subschemas = true;
            s.meta_schema = None;
        })
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value())
}
pub fn output<T: schemars::JsonSchema>() -> Value {
    parameters::<T>().unwrap_or_default()
}
pub fn for_provider(schema: &Value, _: Dialect) -> Result<Value, SchemaError> {
    Ok(schema.clone())
}
pub fn remove_added_nulls(_schema: &Value, _value: &mut Value) {}
