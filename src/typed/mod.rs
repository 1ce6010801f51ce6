//! The application's own types in the protocol's open places: custom events, activities, shared state.

mod activity;
mod apply;
mod compare;
mod custom;
mod error;
mod patch;
#[cfg(feature = "macros")]
pub mod private;
mod read;
mod state;

pub use activity::{Activity, ActivityWriter, ReadActivity};
pub(crate) use apply::{Inapplicable, apply as apply_patch};
pub use custom::{CustomKind, CustomPayload, CustomSpec, FromCustom, ReadCustom};
pub use error::PayloadError;
pub(crate) use error::pointer;
pub(crate) use patch::difference;
pub(crate) use read::read;
pub use state::AgentState;
pub(crate) use state::read_state;
