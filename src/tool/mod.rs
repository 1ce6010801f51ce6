//! Tools: functions that models call, on the server or in the application.

mod argument;
pub(crate) mod arguments;
mod context;
mod entry;
mod error;
mod limits;
mod output;
mod results;
#[doc(hidden)]
#[allow(missing_docs, missing_debug_implementations)]
pub mod returned;
pub mod schema;
#[doc(hidden)]
pub mod set;
mod span;
mod spec;

#[doc(hidden)]
pub use argument::{
    Specified, ToolAnswer, ToolArgument, ToolDefault, ToolObject, answer, argument, default, object,
};
pub use context::ToolContext;
pub use entry::{ToolEntry, ToolFunction};
pub use error::ToolError;
pub use output::ToolOutput;
pub use results::{Answered, Misfit, results};
pub use returned::{ToolFailure, ToolValue};
pub use set::{ToolMethods, Tools};
pub use spec::{FrontendTool, OUTPUT_SCHEMA, ToolOptions, ToolSpec};
