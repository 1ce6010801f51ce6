//! What a function's types are as a tool: its entry, and the schema of its output.

use super::Tag;
use crate::tool::context::ToolContext;
use crate::tool::entry::ToolEntry;
use crate::tool::error::ToolError;
use crate::tool::output::ToolOutput;
use crate::tool::schema;
use crate::tool::spec::{FrontendTool, ToolSpec};
use agui_types::Event;
use schemars::JsonSchema;
use serde_json::Value;

/// Events have a schema, which is not that of a result.
pub trait AskEventSchema {
    fn agui_schema(&self) -> Option<Value> {
        None
    }
}

/// Whether a type describes itself.
pub trait AskDescribed {
    fn agui_schema(&self) -> Option<Value>;
}

/// Everything else.
pub trait AskUndescribed {
    fn agui_schema(&self) -> Option<Value> {
        None
    }
}

impl<T: Into<Event>> AskEventSchema for &&Tag<T> {}

impl<T: JsonSchema> AskDescribed for &Tag<T> {
    fn agui_schema(&self) -> Option<Value> {
        Some(schema::output::<T>())
    }
}

impl<T> AskUndescribed for Tag<T> {}

/// The entry of a tool whose arguments are what they have to be.
pub trait AskBackend<T: ToolSpec> {
    fn agui_backend<F, Fut>(&self, run: F) -> ToolEntry
    where
        F: Fn(T, ToolContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ToolOutput, ToolError>> + Send + 'static,
    {
        ToolEntry::backend(run)
    }
}

/// As [`AskBackend`], with an answer that is one.
pub trait AskFrontend<T: FrontendTool> {
    fn agui_frontend(&self) -> ToolEntry {
        ToolEntry::frontend::<T>()
    }
}

/// Everything else. There is an error about it at a type in the signature, and one is enough.
pub trait AskMistaken<T> {
    fn agui_backend<F, Fut>(&self, _: F) -> ToolEntry
    where
        F: Fn(T, ToolContext) -> Fut,
        Fut: Future<Output = Result<ToolOutput, ToolError>>,
    {
        unreachable!("this does not compile")
    }

    fn agui_frontend(&self) -> ToolEntry {
        unreachable!("this does not compile")
    }
}

impl<T: ToolSpec> AskBackend<T> for &Tag<T> {}
impl<T: FrontendTool> AskFrontend<T> for &Tag<T> {}
impl<T> AskMistaken<T> for Tag<T> {}
