//! JSON Schemas of tools: from a Rust type to what model providers accept.
//!
//! [`parameters`] makes the schema of a tool's arguments from a type that implements schemars'
//! [`JsonSchema`](schemars::JsonSchema), [`output`] the one of its result. Both are plain JSON Schema 2020-12,
//! as AG-UI carries it. Providers accept less than that, each something else: [`for_provider`] rewrites a
//! schema, from a type or from a front end, for one of them.
//!
//! ```
//! use agui::tool::schema::{Dialect, for_provider, parameters};
//! use serde_json::json;
//!
//! /// Looks up the weather.
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! struct Weather {
//!     /// The name of the city.
//!     city: String,
//!     days: Option<u8>,
//! }
//!
//! # fn main() -> Result<(), agui::tool::schema::SchemaError> {
//! let plain = parameters::<Weather>()?;
//! assert_eq!(plain["required"], json!(["city"]));
//! assert_eq!(plain["properties"]["city"], json!({"type": "string", "description": "The name of the city."}));
//!
//! let strict = for_provider(&plain, Dialect::OpenAiStrict)?;
//! assert_eq!(strict["required"], json!(["city", "days"]));
//! assert_eq!(strict["properties"]["days"]["type"], json!(["integer", "null"]));
//! # Ok(())
//! # }
//! ```
//!
//! What a provider cannot express is put into the description in words, so that the model still learns
//! it. What words cannot make up for, such as free keys where only named ones are possible, is a
//! [`SchemaError`] with the JSON Pointer of the culprit. Every function gives the same bytes for the same
//! schema: members are sorted, whether or not `serde_json/preserve_order` is enabled.

mod combine;
mod convert;
mod dialect;
mod error;
mod generate;
mod merge;
mod nulls;
mod open_api;
mod references;
mod root;
mod tidy;
mod tuples;
mod walk;
mod words;

pub use dialect::{Dialect, for_provider};
pub use error::SchemaError;
pub use generate::{output, parameters};
pub use nulls::remove_added_nulls;

use serde_json::{Map, Value};

/// A schema that is not a boolean.
type Object = Map<String, Value>;

type Result<T, E = SchemaError> = std::result::Result<T, E>;
