//! Changing a thread between its turns.

use super::{Thread, open};
use crate::client::middleware::Middleware;
use crate::client::transport::Transport;
use crate::reduce::Conversation;
use agui_types::{Context, Interrupt, Message, Tool};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashSet;

/// Changing it between two turns: while one runs, it has the thread. The next run gets what is set here.
impl<T: Transport, M: Middleware> Thread<T, M> {
    /// Sets the messages: what was said may be put differently, left out, or said by somebody else.
    ///
    /// What waits for the application follows. A call whose message is left out waits no more, nor does a question about
    /// it: the next run is told that it is given up (INT-6). Other questions are still to be answered. A call whose answer
    /// is left out waits again, as does one that is new. The state stays as it is; an agent that keeps the conversation
    /// itself may restate its own messages.
    ///
    /// ```
    /// # use agui::client::{InProcess, Thread};
    /// # use agui::{Message, Result, RunContext};
    /// # async fn parrot(run: RunContext) -> Result {
    /// #     run.text(run.last_user_text().unwrap_or_default()).await
    /// # }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result {
    /// let mut thread = Thread::new(InProcess::new(parrot));
    /// thread.send("Hello?").await?;
    ///
    /// // The last question, put differently.
    /// let mut messages = thread.messages().to_vec();
    /// messages.truncate(1);
    /// if let [Message::User(question)] = &mut *messages {
    ///     question.content = "Hello!".into();
    /// }
    /// thread.set_messages(messages);
    /// assert_eq!(thread.proceed().await?.text(), "Hello!");
    /// assert_eq!(thread.messages().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn set_messages(&mut self, messages: Vec<Message>) {
        let before = std::mem::take(&mut self.conversation);
        // Nobody was asked to execute these, so they are answered as not executed still.
        let cut: HashSet<&str> = open::unanswered(before.messages()).map(|call| &*call.id).collect();
        let cut = |id: &str| cut.contains(id) && !self.pending.iter().any(|pending| pending == id);
        let waiting = open::unanswered(&messages).map(|call| &*call.id).filter(|id| !cut(id));
        let waiting = waiting.map(str::to_owned).collect();
        self.pending = waiting;

        self.conversation = Conversation::new(messages, before.state().clone());
        let gone = |interrupt: &Interrupt| {
            let call = interrupt.tool_call_id.as_deref();
            call.is_some_and(|id| before.tool_call(id).is_some() && self.conversation.tool_call(id).is_none())
        };
        let asked = std::mem::take(&mut self.interrupts);
        let (given_up, open): (Vec<_>, Vec<_>) = asked.into_iter().partition(gone);
        self.interrupts = open;
        self.given_up.extend(given_up);
    }

    /// Sets the shared state.
    ///
    /// # Errors
    ///
    /// When it has no JSON form, such as a map whose keys are not strings. The state is as before then.
    pub fn set_state(&mut self, state: &impl Serialize) -> Result<(), serde_json::Error> {
        self.conversation.set_state(serde_json::to_value(state)?);
        Ok(())
    }

    /// Sets all that the agent should know (INPUT-10).
    pub fn set_context(&mut self, context: Vec<Context>) {
        self.context = context;
    }

    /// Sets what the agent gets beside all that (INPUT-12).
    pub fn set_forwarded_props(&mut self, props: Value) {
        self.forwarded_props = Some(props);
    }

    /// Sets the tools that the application answers by hand. Calls of those that are gone wait no more (TOOL-28).
    pub fn set_advertised(&mut self, tools: Vec<Tool>) {
        self.advertised = tools;
    }
}
