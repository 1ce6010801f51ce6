//! Tools by themselves.

use super::{Recording, ask, record};
use crate::error::{Error, Result};
use crate::model::calls::{call_one, give};
use crate::model::parts::Call;
use crate::run::{RunContext, RunRequest};
use crate::tool::{ToolEntry, ToolError, ToolFunction, ToolOutput, ToolSpec};
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};

/// A tool that was called by itself, in a run of its own.
#[derive(Debug)]
#[non_exhaustive]
pub struct Called {
    /// What the tool gave.
    pub output: Result<ToolOutput, ToolError>,
    /// What it emitted on the way, between the call and its result.
    pub recording: Recording,
}

/// Calls a tool with arguments as if a model had.
///
/// ```
/// use agui::{agui_tool, testing};
///
/// /// Adds.
/// #[agui_tool]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let called = testing::call(&Add { a: 1, b: 2 }).await;
/// assert_eq!(called.text(), "3");
/// # }
/// ```
///
/// # Panics
///
/// When an argument has no JSON form, and as [`record`].
pub async fn call<T: ToolFunction + ToolSpec + Serialize>(arguments: &T) -> Called {
    #[allow(clippy::expect_used, reason = "documented; a test is no input")]
    let arguments = serde_json::to_string(arguments).expect("arguments have a JSON form");
    call_tool(&T::tool(), &arguments, ask("")).await
}

/// Calls a tool with arguments as text, whether they fit or not, in a run with its own state and dependencies.
///
/// # Panics
///
/// When it is the application that runs the tool, and as [`record`].
pub async fn call_tool(tool: &ToolEntry, arguments: &str, request: impl Into<RunRequest>) -> Called {
    assert!(!tool.is_frontend(), "the application runs `{}`", tool.name());
    let output = Arc::new(Mutex::new(None));
    let (tool, arguments, slot) = (tool.clone(), arguments.to_owned(), Arc::clone(&output));
    let agent = move |run: RunContext| {
        let (tool, arguments, slot) = (tool.clone(), arguments.clone(), Arc::clone(&slot));
        async move {
            let call = Call::new("call-1", tool.name(), arguments);
            let mut writer = run.start_tool_call(&*call.id, &*call.name, None).await?;
            writer.push(&*call.arguments).await?;
            writer.finish().await?;
            let result = call_one(&run, Some(&tool), &call).await?;
            let shown =
                result.as_ref().map_or_else(|error| ToolOutput::text(error.for_model()), Clone::clone);
            let fatal = result.as_ref().is_err_and(ToolError::is_fatal);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            if fatal {
                return Err(Error::new("the tool ended the run"));
            }
            give(&run, &call.id, shown).await.map(drop)
        }
    };
    let recording = record(agent, request).await;
    let output = output.lock().unwrap_or_else(PoisonError::into_inner).take();
    let output = output.unwrap_or_else(|| Err(ToolError::retry("The run ended before the tool did.")));
    Called { output, recording }
}

impl Called {
    /// What the model sees of the result.
    ///
    /// # Panics
    ///
    /// When the tool failed.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.output {
            Ok(output) => crate::content::text(&output.content, "\n"),
            #[allow(clippy::panic, reason = "documented; that is how tests fail")]
            Err(error) => panic!("the tool failed: {error}\n\n{:?}", self.recording),
        }
    }
}
