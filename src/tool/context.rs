//! What a tool knows of the run that calls it.

use crate::run::RunContext;
use std::ops::Deref;
use std::sync::Arc;

/// One call of a tool, inside a run: everything of the [`RunContext`], and which call it is.
///
/// A tool that wants it takes it as an argument, by value or by reference; it is no part of the tool's
/// parameters.
///
/// ```
/// use agui::{Result, ToolContext, agui_tool};
///
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// #[serde(default)]
/// struct Visits {
///     count: u64,
/// }
///
/// /// Counts a visit.
/// #[agui_tool]
/// async fn count(context: &ToolContext) -> Result<u64> {
///     context.modify_state(|visits: &mut Visits| visits.count += 1).await?;
///     Ok(context.state::<Visits>()?.count)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct ToolContext {
    run: RunContext,
    call: Arc<str>,
    message: Option<Arc<str>>,
}

impl ToolContext {
    /// A call of that id in a run.
    #[must_use]
    pub fn new(run: RunContext, tool_call_id: &str) -> Self {
        Self { run, call: tool_call_id.into(), message: None }
    }

    pub(crate) fn in_message(self, id: Option<&str>) -> Self {
        Self { message: id.map(Into::into), ..self }
    }

    /// The id that ties the call and its result together (EVT-12).
    #[must_use]
    pub fn tool_call_id(&self) -> &str {
        &self.call
    }

    /// The message that carries the call (TOOL-1), where that is known.
    #[must_use]
    pub fn message_id(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The run.
    #[must_use]
    pub fn run(&self) -> &RunContext {
        &self.run
    }
}

impl Deref for ToolContext {
    type Target = RunContext;

    fn deref(&self) -> &RunContext {
        &self.run
    }
}
