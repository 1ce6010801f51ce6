//! The arguments of a call, from the text that a model wrote.

use super::error::ToolError;
use super::schema;
use super::spec::ToolSpec;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::marker::PhantomData;

/// Reads the arguments of a tool.
pub(crate) struct Reader<T> {
    /// The schema before it was made strict, if it was.
    loose: Option<Value>,
    of: PhantomData<fn() -> T>,
}

impl<T: ToolSpec> Reader<T> {
    pub(crate) fn new() -> Self {
        let loose = T::OPTIONS.strict.then(schema::parameters::<T>).and_then(Result::ok);
        Self { loose, of: PhantomData }
    }

    /// What does not fit is told to the model with its place, so that it can try again.
    pub(crate) fn read(&self, text: &str) -> Result<T, ToolError> {
        // Models send nothing at all, or `null`, where there is nothing to say.
        let text = if ["", "null"].contains(&text.trim()) { "{}" } else { text };
        if !text.trim_start().starts_with('{') {
            // Fields would be taken from an array by their position, which no schema says.
            return Err(ToolError::arguments("The arguments are not a JSON object.".to_owned()));
        }
        match &self.loose {
            Some(loose) => read_strict(loose, text),
            None => read(text),
        }
    }
}

/// Arguments of a tool that is not strict.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, ToolError> {
    serde_json::from_str(text).map_err(|error| explain::<T>(text, &error))
}

/// In the strict form an argument that is left out is `null`.
fn read_strict<T: ToolSpec>(loose: &Value, text: &str) -> Result<T, ToolError> {
    let mut arguments = value(text)?;
    schema::remove_added_nulls(loose, &mut arguments);
    fit(arguments)
}

/// Reads once more, to find out what is wrong: the path is worth its price only then.
fn explain<T: DeserializeOwned>(text: &str, error: &serde_json::Error) -> ToolError {
    match value(text).and_then(fit::<T>) {
        Err(error) => error,
        // Something that a value does not keep, such as a name that occurs twice.
        Ok(_) => ToolError::arguments(format!("The arguments do not fit: {error}.")),
    }
}

/// The one form from which arguments are read with their path: each is compiled for every tool.
fn fit<T: DeserializeOwned>(arguments: Value) -> Result<T, ToolError> {
    serde_path_to_error::deserialize(arguments).map_err(|error| misfit(&error))
}

fn value(text: &str) -> Result<Value, ToolError> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    match (values.next(), values.next()) {
        (Some(Ok(value)), None) => Ok(value),
        (Some(Err(error)), _) => Err(ToolError::arguments(format!("The arguments do not fit: {error}."))),
        _ => Err(ToolError::arguments("The arguments are not one JSON object.".to_owned())),
    }
}

fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> ToolError {
    ToolError::arguments(format!("The arguments do not fit{}.", place_and_reason(error)))
}

/// `: reason`, or `, at `path`: reason`.
pub(crate) fn place_and_reason(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let (path, reason) = (error.path().to_string(), error.inner());
    if path == "." { format!(": {reason}") } else { format!(", at `{path}`: {reason}") }
}
