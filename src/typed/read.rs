//! Payloads from JSON, with the place of what does not fit.

use serde::Deserializer;
use serde::de::DeserializeOwned;
use serde_path_to_error::Error;

pub(crate) fn read<'a, T: DeserializeOwned>(
    value: impl Deserializer<'a, Error = serde_json::Error>,
) -> Result<T, Error<serde_json::Error>> {
    serde_path_to_error::deserialize(value)
}
