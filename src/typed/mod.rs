//! The application's own types in the protocol's open places: custom events, activities, shared state.

mod activity;
mod custom;
mod error;
mod patch;
mod read;
mod state;

pub use activity::{Activity, ActivityWriter, ReadActivity};
pub use custom::{CustomKind, CustomPayload, CustomSpec, FromCustom, ReadCustom};
pub use error::PayloadError;
pub(crate) use patch::difference;
pub use state::AgentState;

/// What the expansions of the derives call.
#[cfg(feature = "macros")]
pub mod private {
    pub use super::custom::{event, read_variant};
    use crate::tool::returned::Tag;
    use serde_json::Value;

    /// The JSON Schema of a type, if it describes itself. The two traits are found in this order for
    /// `&&Tag<T>`, see [`crate::tool::returned`].
    pub use crate::tool::returned::{AskDescribed, AskUndescribed};

    /// A type to be asked about.
    pub type Asked<T> = Tag<T>;

    /// No schema.
    #[must_use]
    pub fn undescribed() -> Option<Value> {
        None
    }
}
