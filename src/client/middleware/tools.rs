//! Tools whose calls the application does not want to see.

use super::{Frame, Middleware};
use crate::reduce::Expander;
use agui_types::Event;
use agui_types::runtime::{Lenient, decode_lenient_value};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;

/// Leaves out the calls of some tools: their beginning, arguments, end, result and encrypted value, and that a run waits
/// for them. The agent is not told. In messages that it restates the calls are still there.
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
    /// What chunks assemble, hidden calls included.
    chunks: Expander,
    /// There were chunks in this run. Without any, nothing has to be followed.
    chunked: bool,
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
        Self { names, allows, hidden: HashSet::new(), chunks: Expander::default(), chunked: false }
    }

    fn hides(&mut self, frame: &Frame) -> bool {
        let member = |name: &str| frame.value().get(name).and_then(Value::as_str);
        let continued = self.follow(frame);
        let id = match frame.event_type() {
            "REASONING_ENCRYPTED_VALUE" if member("subtype") == Some("tool-call") => member("entityId"),
            kind if kind.starts_with("TOOL_CALL_") => member("toolCallId").or(continued.as_deref()),
            _ => None,
        };
        let Some(id) = id else { return false };
        if let Some(tool) = member("toolCallName") {
            // What has the id of an earlier call may be of another tool.
            if self.names.contains(tool) == self.allows {
                self.hidden.remove(id);
            } else {
                self.hidden.insert(id.to_owned());
            }
        }
        self.hidden.contains(id)
    }

    /// Takes note of what chunks begin and other events end. The call that a chunk belongs to (CHK-25 to CHK-28).
    fn follow(&mut self, frame: &Frame) -> Option<String> {
        self.chunked |= frame.event_type().ends_with("_CHUNK");
        if !self.chunked {
            return None;
        }
        let Ok(Lenient { value: Some(mut event), .. }) = decode_lenient_value::<Event>(frame.value()) else {
            return None;
        };
        let Event::ToolCallChunk(chunk) = &mut event else {
            // What breaks off here is for the client to reject.
            let _ = self.chunks.expand(&event);
            return None;
        };
        // A chunk that says nothing gives no event, which would tell whose it is.
        chunk.delta.get_or_insert_default();
        let events = self.chunks.expand(&event).ok()?;
        events.last()?.tool_call_id().map(str::to_owned)
    }

    /// A run does not wait for what nobody saw.
    fn forget_pending(&self, frame: &mut Frame) {
        const PENDING: &str = "/outcome/pendingToolCallIds";
        let is_hidden = |id: &Value| id.as_str().is_some_and(|id| self.hidden.contains(id));
        let pending = frame.value().pointer(PENDING).and_then(Value::as_array);
        // What is not changed is judged by its bytes.
        if pending.is_some_and(|pending| pending.iter().any(is_hidden))
            && let Some(Value::Array(pending)) = frame.value_mut().pointer_mut(PENDING)
        {
            pending.retain(|id| !is_hidden(id));
        }
    }
}

impl Middleware for ToolFilter {
    fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
        match frame.event_type() {
            "RUN_STARTED" => {
                // Calls stay hidden: a later run may tell their results.
                self.chunks = Expander::default();
                self.chunked = false;
            }
            "RUN_FINISHED" => self.forget_pending(&mut frame),
            _ if self.hides(&frame) => return,
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
