//! Tools whose calls the application does not want to see.

use super::{Frame, Middleware};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Leaves out the calls of some tools: their beginning, arguments, end and result, and that a run waits for them. The
/// agent is not told. In messages that it restates the calls are still there.
///
/// ```
/// use agui::client::{InProcess, Thread, ToolFilter};
/// # async fn hello(run: agui::RunContext) -> agui::Result { run.text("Hello!").await }
///
/// let thread = Thread::new(InProcess::new(hello)).with(ToolFilter::deny(["search_index"]));
/// # drop(thread);
/// ```
pub struct ToolFilter {
    names: HashSet<String>,
    /// Whether those are the tools to be seen, or those that are not.
    allows: bool,
    /// Calls of this run that are not to be seen.
    hidden: HashSet<String>,
    /// The call that chunks without id continue, for each subagent and for the agent itself.
    lanes: HashMap<Option<String>, String>,
}

impl ToolFilter {
    /// Only calls of these tools are seen.
    #[must_use]
    pub fn allow(tools: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::new(tools, true)
    }

    /// Calls of all tools but these are seen.
    #[must_use]
    pub fn deny(tools: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::new(tools, false)
    }

    fn new(tools: impl IntoIterator<Item = impl Into<String>>, allows: bool) -> Self {
        let names = tools.into_iter().map(Into::into).collect();
        Self { names, allows, hidden: HashSet::new(), lanes: HashMap::new() }
    }

    fn hides(&mut self, frame: &Frame) -> bool {
        let member = |name: &str| frame.value().get(name).and_then(Value::as_str);
        let is_chunk = frame.event_type() == "TOOL_CALL_CHUNK";
        let lane = member("subagentRunId").map(str::to_owned);
        let id = match member("toolCallId") {
            Some(id) => id.to_owned(),
            None if is_chunk => match self.continued(&lane) {
                Some(id) => id.clone(),
                None => return false,
            },
            None => return false,
        };
        if let Some(tool) = member("toolCallName")
            && self.names.contains(tool) != self.allows
        {
            self.hidden.insert(id.clone());
        }
        let hidden = self.hidden.contains(&id);
        if is_chunk {
            self.lanes.insert(lane, id);
        }
        hidden
    }

    /// An untagged chunk may also continue the only call that there is (CHK-20).
    fn continued(&self, lane: &Option<String>) -> Option<&String> {
        let only = || self.lanes.values().next().filter(|_| lane.is_none() && self.lanes.len() == 1);
        self.lanes.get(lane).or_else(only)
    }

    /// A run does not wait for what nobody saw.
    fn forget_pending(&self, frame: &mut Frame) {
        let pending = frame.value_mut().pointer_mut("/outcome/pendingToolCallIds");
        if let Some(Value::Array(pending)) = pending {
            pending.retain(|id| !id.as_str().is_some_and(|id| self.hidden.contains(id)));
        }
    }
}

impl Middleware for ToolFilter {
    fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
        match frame.event_type() {
            "RUN_STARTED" => {
                self.hidden.clear();
                self.lanes.clear();
            }
            "RUN_FINISHED" => self.forget_pending(&mut frame),
            kind if kind.starts_with("TOOL_CALL_") && self.hides(&frame) => return,
            _ => {}
        }
        forward(frame);
    }
}

impl fmt::Debug for ToolFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolFilter")
            .field("names", &self.names)
            .field("allows", &self.allows)
            .finish_non_exhaustive()
    }
}
