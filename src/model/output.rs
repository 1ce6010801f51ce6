//! Answers of a type: what the model is asked for, and whether it has kept to it.

use super::OutputSchema;
use crate::error::Result;
use crate::tool::arguments::place_and_reason;
use crate::tool::schema;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// What the text of the last turn has to be.
#[derive(Clone)]
pub(super) struct Output {
    pub(super) schema: OutputSchema,
    check: Arc<Check>,
}

type Check = dyn Fn(Value) -> Result<(), String> + Send + Sync;

impl Output {
    pub(super) fn of<T: JsonSchema + DeserializeOwned + 'static>() -> Result<Self> {
        let name = T::schema_name();
        let legal = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
        let schema = OutputSchema::new(legal.take(64).collect::<String>(), schema::parameters::<T>()?);
        let check = |value| match serde_path_to_error::deserialize::<_, T>(value) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("The answer does not fit{}.", place_and_reason(&error))),
        };
        Ok(Self { schema, check: Arc::new(check) })
    }

    /// The value that the text is.
    ///
    /// # Errors
    ///
    /// What the model is to be told when the text is none.
    pub(super) fn read(&self, text: &str) -> Result<Value, String> {
        let mut value = serde_json::from_str(unfenced(text))
            .map_err(|error| format!("The answer is not JSON: {error}."))?;
        // In the strict form what is left out is `null`.
        schema::remove_added_nulls(&self.schema.schema, &mut value);
        (self.check)(value.clone())?;
        Ok(value)
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Output").field(&self.schema.name).finish()
    }
}

/// Models like to put JSON into a block of Markdown.
fn unfenced(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    inner.map_or(text, |inner| inner.strip_prefix("json").unwrap_or(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "read by serde alone")]
    struct Weather {
        city: String,
        #[serde(default)]
        degrees: i32,
    }

    #[test]
    fn answers_are_read() {
        let output = Output::of::<Weather>().unwrap();
        assert_eq!(output.schema.name, "Weather");
        let kyiv = serde_json::json!({ "city": "Kyiv" });
        for text in [
            r#"{"city":"Kyiv"}"#,
            " {\"city\":\"Kyiv\",\"degrees\":null}\n",
            "```json\n{\"city\":\"Kyiv\"}\n```",
            "```{\"city\":\"Kyiv\"}```",
        ] {
            assert_eq!(output.read(text).unwrap(), kyiv, "{text}");
        }
        let told = |text| output.read(text).unwrap_err();
        assert!(told("sunny").starts_with("The answer is not JSON: expected value"), "{}", told("sunny"));
        assert!(told(r#"{"city":1}"#).starts_with("The answer does not fit, at `city`: invalid type"));
        assert!(told("{}").starts_with("The answer does not fit: missing field `city`"));
        assert!(Output::of::<Vec<u8>>().is_err());
    }
}
