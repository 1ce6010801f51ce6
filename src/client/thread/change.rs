//! Changing a thread between its turns.

use super::{Thread, open};
use crate::client::middleware::Middleware;
use crate::client::transport::Transport;
use crate::reduce::Conversation;
use agui_types::{Context, Interrupt, Message, Tool};
use serde::Serialize;
use serde_json::{Map, Value};

/// Changing it between two turns: while one runs, it has the thread. The next run gets what is set here.
impl<T: Transport, M: Middleware> Thread<T, M> {
    /// Sets the messages: what was said may be put differently, left out, or said by somebody else.
    ///
    /// What waits for the application follows. A call whose message is left out waits no more, nor does a question about
    /// it: it is [given up](Thread::given_up), and the next run told so (INT-6). Other questions are still to be answered. A
    /// call whose answer is left out waits again, as does one that is new; one that was cut off, or that the agent asked
    /// about, is answered as not executed (TOOL-4). The state stays as it is; an agent that keeps the conversation itself
    /// may restate its own messages.
    ///
    /// Messages are sent as they are here: whoever leaves out a call should leave out its result, which providers refuse
    /// without it.
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
        let waiting = open::unanswered(&messages).filter(|call| !self.cut.contains(&call.id));
        self.pending = waiting.map(|call| call.id.clone()).collect();

        let now = Conversation::new(messages, self.conversation.state().clone());
        let before = std::mem::replace(&mut self.conversation, now);
        let is_in = |conversation: &Conversation, interrupt: &Interrupt| {
            interrupt.tool_call_id.as_deref().is_some_and(|id| conversation.tool_call(id).is_some())
        };
        // What nobody was told yet can be had back.
        let (open, given_up) = (std::mem::take(&mut self.interrupts), std::mem::take(&mut self.given_up));
        let open = open.into_iter().map(|interrupt| (is_in(&before, &interrupt), interrupt));
        for (had_call, interrupt) in given_up.into_iter().map(|interrupt| (true, interrupt)).chain(open) {
            let gone = had_call && !is_in(&self.conversation, &interrupt);
            if gone { self.given_up.push(interrupt) } else { self.interrupts.push(interrupt) }
        }
    }

    /// Sets the shared state. What is `null` is `{}`, which is what the agent makes of no state (STATE-2).
    ///
    /// # Errors
    ///
    /// When it has no JSON form, such as a map whose keys are not strings. The state is as before then.
    pub fn set_state(&mut self, state: &impl Serialize) -> Result<(), serde_json::Error> {
        let state = serde_json::to_value(state)?;
        self.conversation.set_state(if state.is_null() { Value::Object(Map::new()) } else { state });
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

    /// Sets the tools that the application answers by hand. Calls of those that are gone wait no more: the next run is told
    /// that they failed (TOOL-26).
    pub fn set_advertised(&mut self, tools: Vec<Tool>) {
        self.claim_calls();
        self.advertised = tools;
    }
}
