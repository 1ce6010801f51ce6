//! Tools of the application that are Rust functions: offered, run when they are called, answered.

use agui_types::{Tool, ToolCall, ToolMessage};
use futures_core::Stream;
use std::pin::Pin;

/// Tools at work: their answers as they come.
pub(super) type Answering = Pin<Box<dyn Stream<Item = ToolMessage> + Send>>;

#[cfg(not(feature = "tools"))]
pub(super) use without::Toolbox;

#[cfg(feature = "tools")]
pub use with::Approval;
#[cfg(feature = "tools")]
pub(super) use with::Toolbox;

#[cfg(feature = "tools")]
mod with {
    use super::{Answering, Tool, ToolCall, ToolMessage};
    use crate::client::middleware::Middleware;
    use crate::client::thread::{Thread, fresh};
    use crate::client::transport::Transport;
    use crate::reduce::Conversation;
    use crate::run::{self, RunContext, RunRequest};
    use crate::tool::{ToolContext, ToolEntry, ToolError, ToolOutput, Tools};
    use agui_types::RunAgentInput;
    use futures_util::stream::{self, StreamExt};
    use std::future::Future;
    use std::pin::Pin;
    use std::sync::Arc;

    /// So many calls run side by side.
    const SIDE_BY_SIDE: usize = 16;

    type Approve = dyn Fn(ToolCall) -> Pin<Box<dyn Future<Output = Approval> + Send>> + Send + Sync;

    /// What was decided about a call.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Approval {
        /// It may run.
        Granted,
        /// It may run with these arguments, as JSON text, in place of the agent's.
        Edited(String),
        /// It may not, and this is what the agent is told.
        Denied(String),
    }

    /// The tools of a thread.
    #[derive(Default)]
    pub(in crate::client::thread) struct Toolbox {
        tools: Tools,
        approve: Option<Arc<Approve>>,
        /// What the tools depend on.
        template: Option<RunRequest>,
    }

    impl<T: Transport, M: Middleware> Thread<T, M> {
        /// Sets the tools that the application offers. Functions run when the agent calls them, side by side if it calls
        /// several, and their results are the next run's to read, in the order in which they come; signatures are answered
        /// by hand ([`Thread::answer`]).
        ///
        /// ```
        /// use agui::client::{InProcess, Thread};
        /// use agui::model::{LlmAgent, Reply, ScriptedModel};
        /// use agui::{agui_tool, tools};
        ///
        /// /// Where the user is.
        /// #[agui_tool]
        /// fn get_location() -> &'static str {
        ///     "Lisbon"
        /// }
        ///
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> agui::Result {
        /// # let agent = LlmAgent::new(ScriptedModel::new([
        /// #     Reply::call(&GetLocation {}), Reply::text("It is warm there."),
        /// # ]));
        /// let mut thread = Thread::new(InProcess::new(agent)).tools(tools![GetLocation]?);
        /// let report = thread.send("Do I need a coat?").await?;
        /// assert_eq!(report.text(), "It is warm there.");
        /// assert_eq!(report.runs.len(), 2);
        /// # Ok(()) }
        /// ```
        ///
        /// A tool sees the input of the run that called it through its [`ToolContext`], but there is no run any more to
        /// emit anything to.
        #[must_use]
        pub fn tools(mut self, tools: Tools) -> Self {
            self.set_tools(tools);
            self
        }

        /// Sets other tools between two turns. Calls of those that are gone wait no more: the next run is told that they
        /// failed (TOOL-26).
        pub fn set_tools(&mut self, tools: Tools) {
            self.claim_calls();
            self.toolbox.tools = tools;
        }

        /// Sets who decides about calls of tools that
        /// [require approval](crate::ToolOptions::requires_approval). Without anybody such calls are refused (SEC-2).
        #[must_use]
        pub fn approve<F, Fut>(mut self, decide: F) -> Self
        where
            F: Fn(ToolCall) -> Fut + Send + Sync + 'static,
            Fut: Future<Output = Approval> + Send + 'static,
        {
            self.toolbox.approve = Some(Arc::new(move |call| Box::pin(decide(call))));
            self
        }

        /// Gives tools a value to depend on ([`RunContext::dependency`]).
        #[must_use]
        pub fn provide<V: Clone + Send + Sync + 'static>(mut self, value: V) -> Self {
            let template = self
                .toolbox
                .template
                .take()
                .unwrap_or_else(|| RunRequest::new(RunAgentInput::new("", "", vec![])));
            self.toolbox.template = Some(template.with(value));
            self
        }
    }

    impl Toolbox {
        pub(in crate::client::thread) fn definitions(&self) -> impl Iterator<Item = Tool> {
            self.tools.definitions().into_iter()
        }

        pub(in crate::client::thread) fn has(&self, tool: &str) -> bool {
            self.tools.get(tool).is_some()
        }

        /// Whether a tool can be run, and is not answered by hand.
        pub(in crate::client::thread) fn runs(&self, tool: &str) -> bool {
            self.tools.get(tool).is_some_and(|tool| !tool.is_frontend())
        }

        /// Runs what can be run of these calls, if anything can.
        pub(in crate::client::thread) fn answer(
            &self,
            calls: &[&ToolCall],
            thread_id: &str,
            conversation: &Conversation,
        ) -> Option<Answering> {
            let runnable = calls.iter().filter_map(|call| {
                let tool = self.tools.get(&call.function.name).filter(|tool| !tool.is_frontend())?;
                Some(((*call).clone(), tool.clone()))
            });
            let runnable: Vec<_> = runnable.collect();
            if runnable.is_empty() {
                return None;
            }
            let input = RunAgentInput::new(thread_id, fresh(), conversation.messages().to_vec())
                .state(conversation.state().clone());
            let mut request = self.template.clone().unwrap_or_else(|| RunRequest::new(input.clone()));
            *request.input_mut() = input;
            let context = run::after(request);
            let approve = self.approve.clone();
            let answers = runnable
                .into_iter()
                .map(move |(call, tool)| execute(call, tool, context.clone(), approve.clone()));
            Some(Box::pin(stream::iter(answers).buffer_unordered(SIDE_BY_SIDE)))
        }
    }

    async fn execute(
        call: ToolCall,
        tool: ToolEntry,
        context: RunContext,
        approve: Option<Arc<Approve>>,
    ) -> ToolMessage {
        let id = call.id.clone();
        let result = match approved(call, &tool, approve).await {
            Ok(arguments) => tool.call(&arguments, ToolContext::new(context, &id)).await,
            Err(denied) => Err(denied),
        };
        match result {
            Ok(ToolOutput { content, metadata, events }) => {
                if !events.is_empty() {
                    tracing::warn!(tool = tool.name(), "events of a tool in the application go nowhere");
                }
                let mut answer = ToolMessage::new(fresh(), content, id);
                answer.metadata = metadata;
                answer
            }
            Err(error) => {
                tracing::warn!(tool = tool.name(), call = %id, %error, "the tool failed");
                let text = error.for_model().to_owned();
                ToolMessage::new(fresh(), &*text, id).error(text)
            }
        }
    }

    /// The arguments with which a call may run.
    async fn approved(
        call: ToolCall,
        tool: &ToolEntry,
        approve: Option<Arc<Approve>>,
    ) -> Result<String, ToolError> {
        let arguments = call.function.arguments.clone();
        // Nobody is asked about what could not run.
        if !tool.options().requires_approval || tool.check(&arguments).is_err() {
            return Ok(arguments);
        }
        let Some(approve) = approve else {
            return Err(ToolError::retry("The call was refused: there is nobody to approve it."));
        };
        match approve(call).await {
            Approval::Granted => Ok(arguments),
            Approval::Edited(arguments) => Ok(arguments),
            Approval::Denied(reason) => Err(ToolError::retry(reason)),
        }
    }
}

#[cfg(not(feature = "tools"))]
mod without {
    use super::{Answering, Tool, ToolCall};
    use crate::reduce::Conversation;

    /// No tools.
    #[derive(Default)]
    pub(in crate::client::thread) struct Toolbox {}

    impl Toolbox {
        pub(in crate::client::thread) fn definitions(&self) -> impl Iterator<Item = Tool> {
            std::iter::empty()
        }

        pub(in crate::client::thread) fn has(&self, _: &str) -> bool {
            false
        }

        pub(in crate::client::thread) fn runs(&self, _: &str) -> bool {
            false
        }

        pub(in crate::client::thread) fn answer(
            &self,
            _: &[&ToolCall],
            _: &str,
            _: &Conversation,
        ) -> Option<Answering> {
            None
        }
    }
}
