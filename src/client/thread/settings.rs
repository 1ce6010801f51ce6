//! How a thread is set up.

use super::{Thread, open};
use crate::client::middleware::Middleware;
use crate::client::transport::Transport;
use crate::client::warning::WarningKind;
use crate::compat::Era;
use crate::reduce::Conversation;
use agui_types::{Context, Interrupt, Tool};
use serde_json::Value;
use std::collections::HashSet;
use std::time::SystemTime;

/// Setting up.
impl<T: Transport, M: Middleware> Thread<T, M> {
    /// Sets the id, which is random otherwise.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Goes on with a conversation that was kept: its messages and state, and what the agent had asked.
    ///
    /// Questions that were [given up](Thread::given_up) when it was kept belong to them, if the agent is to be told so.
    ///
    /// Calls behind the last message of the user that have no result are taken for those that the last run left to the
    /// application. If it did not end in order, [`Thread::restored_calls`] has to say so.
    #[must_use]
    pub fn restored(mut self, conversation: Conversation, interrupts: Vec<Interrupt>) -> Self {
        let left = open::left(conversation.messages());
        (self.conversation, self.interrupts) = (conversation, interrupts);
        (self.given_up, self.told, self.claimed) = Default::default();
        self.leave(left);
        self
    }

    /// Sets which calls of a [restored](Thread::restored) conversation the last run left to the application: those that
    /// were [pending](Thread::pending_calls) when it was kept. Messages alone do not tell them from calls of a run that
    /// broke off, which may not be acted on (TOOL-4); these are answered as not executed. Nor do messages tell which calls
    /// were answered so before: leave out such an answer, and its call waits again.
    #[must_use]
    pub fn restored_calls(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let ids: HashSet<String> = ids.into_iter().map(Into::into).collect();
        self.claimed.extend(ids.iter().cloned());
        self.leave(ids);
        self
    }

    /// Adds tools of the application that it answers by hand ([`Thread::answer`]).
    #[must_use]
    pub fn advertise(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.advertised.extend(tools);
        self
    }

    /// Adds something that the agent should know (INPUT-10).
    #[must_use]
    pub fn context(mut self, description: impl Into<String>, value: impl Into<String>) -> Self {
        self.context.push(Context::new(description, value));
        self
    }

    /// Sets what the agent gets beside all that; the protocol gives it no meaning (INPUT-12).
    #[must_use]
    pub fn forwarded_props(mut self, props: Value) -> Self {
        self.forwarded_props = Some(props);
        self
    }

    /// Sets how many runs one turn may have at most, tools being called again and again: 16 otherwise. A turn that needs
    /// another one ends as [limited](crate::client::Report::limited).
    #[must_use]
    pub fn most_runs(mut self, runs: usize) -> Self {
        self.most_runs = runs;
        self
    }

    /// Says that the agent was built with an older release than 1.0, which nothing on the wire tells (VER-13): it gets
    /// what it knows, with a warning of what is lost by that.
    #[must_use]
    pub fn era(mut self, era: Era) -> Self {
        self.era = Some(era);
        self
    }

    /// Sets who says what time it is when answers are sent, for the expiry of questions (INT-9); making an answer does not
    /// look at the time. Where the standard library has no clock, as in browsers, nothing expires otherwise; there it is
    /// `|| SystemTime::UNIX_EPOCH + Duration::from_millis(js_sys::Date::now() as u64)`.
    #[must_use]
    pub fn clock(mut self, now: fn() -> SystemTime) -> Self {
        self.clock = Some(now);
        self
    }

    /// Has warnings of a kind counted only.
    #[must_use]
    pub fn silence(mut self, kind: WarningKind) -> Self {
        self.warnings.silence(kind);
        self
    }

    /// Adds middleware, nearer to the application than what was added before.
    #[must_use]
    pub fn with<N: Middleware>(self, middleware: N) -> Thread<T, (M, N)> {
        Thread {
            id: self.id,
            transport: self.transport,
            middleware: self.middleware.map(|before| (before, middleware)),
            conversation: self.conversation,
            interrupts: self.interrupts,
            given_up: self.given_up,
            told: self.told,
            pending: self.pending,
            cut: self.cut,
            claimed: self.claimed,
            advertised: self.advertised,
            toolbox: self.toolbox,
            context: self.context,
            forwarded_props: self.forwarded_props,
            era: self.era,
            clock: self.clock,
            most_runs: self.most_runs,
            warnings: self.warnings,
        }
    }
}
