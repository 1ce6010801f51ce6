//! A tool to think with, for models that do not reason by themselves.

use crate::tool::{ToolEntry, ToolError, ToolFunction, ToolOutput, ToolSpec};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A tool whose argument is shown as reasoning: for models that do not reason by themselves.
///
/// An [`LlmAgent`](super::LlmAgent) streams the thought to the client as reasoning and shows no call; the model goes on
/// with an empty result.
///
/// ```
/// use agui::model::{LlmAgent, Reply, ScriptedModel, Think};
/// use agui::testing::{ask, record};
/// use agui::{Event, tools};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> agui::Result {
/// let model = ScriptedModel::new([
///     Reply::call(&Think { thought: "Is 91 prime? 7 · 13.".into() }),
///     Reply::text("No."),
/// ]);
/// let recording = record(LlmAgent::new(model).tools(tools![Think]?), ask("Is 91 prime?")).await;
/// assert!(recording.events().iter().any(|event| matches!(event, Event::ReasoningMessageContent(_))));
/// assert!(recording.tool_calls().is_empty());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename = "think")]
pub struct Think {
    /// The thought.
    pub thought: String,
}

/// The argument that is shown.
pub(super) const THOUGHT: &str = "thought";

impl ToolSpec for Think {
    const NAME: &'static str = "think";
    const DESCRIPTION: &'static str = "A place to think before you answer or act: work out what is asked, what is known and what to do \
         next. Nothing is looked up or changed by it.";
}

impl ToolFunction for Think {
    const TOOL_NAME: &'static str = Self::NAME;

    fn tool() -> ToolEntry {
        ToolEntry::backend(|_: Self, _| async { Ok::<_, ToolError>(ToolOutput::text("")) }).into_thought()
    }
}
