//! What is open between two runs: questions and calls that wait for the application, and what is sent then.

use super::{Answerable, Thread, fresh, interrupts};
use crate::client::middleware::Middleware;
use crate::client::outcome::{Outcome, RunReport};
use crate::client::pipeline::Finished;
use crate::client::transport::{Request, Transport};
use crate::client::unsent::Unsent;
use crate::client::warning::Warnings;
use crate::clock;
use crate::reduce::Conversation;
use agui_types::{Interrupt, Message, PROTOCOL_VERSION, ResumeEntry, RunAgentInput, ToolCall, ToolMessage};
use serde_json::{Map, Value};
use std::collections::HashSet;

impl<T: Transport, M: Middleware> Thread<T, M> {
    pub(super) fn settle_call(&mut self, answer: ToolMessage) {
        let id = &answer.tool_call_id;
        if self.conversation.tool_call(id).is_some() && !answers(self.messages()).any(|known| known == id) {
            self.conversation.answer(answer);
        }
    }

    /// The calls of the application's tools that have no result: those for which the last run waits, and those that
    /// nobody executes, since their run broke off or their tools are gone. Neither are those about which the agent asks:
    /// the answer answers them, and they may not run before (INT-17, SEC-2).
    pub(super) fn open_calls(&self) -> (Vec<&ToolCall>, Vec<&ToolCall>) {
        let asked = self.interrupts.iter().chain(&self.given_up).chain(&self.told);
        let asked: HashSet<&str> = asked.filter_map(|interrupt| interrupt.tool_call_id.as_deref()).collect();
        let offers = |call: &ToolCall| self.offers(&call.function.name);
        let open = unanswered(self.messages())
            .filter(|call| (offers(call) || self.claimed.contains(&call.id)) && !asked.contains(&*call.id));
        open.partition(|call| self.pending.contains(&call.id) && offers(call))
    }

    /// Before tools are taken away: their calls are to be answered still (TOOL-26).
    pub(super) fn claim_calls(&mut self) {
        let ours = unanswered(self.messages()).filter(|call| self.offers(&call.function.name));
        let ids: Vec<_> = ours.map(|call| call.id.clone()).collect();
        self.claimed.extend(ids);
    }

    /// Has the thread wait for these calls, and for no others.
    ///
    /// Those that the agent asks about are none of them, whatever becomes of the question (INT-17, SEC-2).
    pub(super) fn leave(&mut self, mut calls: HashSet<String>) {
        let asked = |id: &String| self.interrupts.iter().any(|asked| asked.tool_call_id.as_ref() == Some(id));
        calls.retain(|id| !asked(id));
        let open = unanswered(self.conversation.messages()).map(|call| &call.id);
        self.cut.extend(open.cloned());
        self.cut.retain(|id| !calls.contains(id));
        self.pending = calls;
    }

    /// Whether a tool is one of the application's.
    fn offers(&self, tool: &str) -> bool {
        self.toolbox.has(tool) || self.advertised.iter().any(|offered| offered.name == tool)
    }

    /// What is sent for the next run (reference client, §1), and the conversation that it is about.
    ///
    /// # Errors
    ///
    /// When something has to be answered first.
    pub(super) fn next_request(
        &self,
        message: Option<Message>,
        mut resume: Vec<ResumeEntry>,
        warnings: &mut Warnings,
    ) -> Result<(Request, Conversation), Unsent> {
        let now = self.clock.map_or_else(clock::time, |clock| Some(clock()));
        interrupts::covered(&self.interrupts, &resume, now, warnings)?;
        resume.extend(self.told.iter().chain(&self.given_up).map(Interrupt::cancel));
        let mut conversation = self.conversation.clone();
        let (waiting, others) = self.open_calls();
        if !waiting.is_empty() {
            return Err(Unsent::UnansweredCalls(waiting.into_iter().map(|call| call.id.clone()).collect()));
        }
        // Nobody executes these; an answer they need (TOOL-26).
        for call in others {
            let why = if self.pending.contains(&call.id) {
                "there is no such tool now"
            } else {
                "nothing waited for it any more"
            };
            let error = format!("The call was not executed: {why}.");
            conversation.answer(ToolMessage::new(fresh(), &*error, &*call.id).error(error));
        }
        message.into_iter().for_each(|message| conversation.append(message));

        let mut input = RunAgentInput::new(&*self.id, fresh(), conversation.messages().to_vec());
        input.protocol_version = Some(PROTOCOL_VERSION.to_owned());
        if conversation.state().is_null() {
            // It is left out, which the agent takes for this (EVT-4, STATE-2).
            conversation.set_state(Value::Object(Map::new()));
        } else {
            input.state = Some(conversation.state().clone());
        }
        input.tools = Some(self.toolbox.definitions().chain(self.advertised.iter().cloned()).collect());
        input.context = Some(self.context.clone());
        input.forwarded_props =
            Some(self.forwarded_props.clone().unwrap_or_else(|| Value::Object(Map::new())));
        input.resume = (!resume.is_empty()).then_some(resume);
        let mut request = Request::new(input);
        request.era = self.era;
        Ok((request, conversation))
    }

    /// Takes back what a run had, and what it leaves open.
    pub(super) fn settle(&mut self, finished: Finished<M>) -> (Outcome, Vec<RunReport>, Warnings) {
        let Finished { outcome, runs, warnings, conversation, middleware } = finished;
        (self.conversation, self.middleware) = (conversation, Some(middleware));
        for run in &runs {
            match &run.outcome {
                Outcome::Success { .. } | Outcome::Pending { .. } | Outcome::Cancelled => {
                    (self.interrupts, self.told) = Default::default();
                }
                Outcome::Interrupted { interrupts, .. } => {
                    self.interrupts.clone_from(interrupts);
                    self.told.clear();
                }
                // What was asked before stays open.
                _ => {}
            }
        }
        let (Outcome::Pending { calls, .. } | Outcome::Interrupted { calls, .. }) = &outcome else {
            self.leave(HashSet::new());
            return (outcome, runs, warnings);
        };
        self.leave(calls.iter().cloned().collect());
        (outcome, runs, warnings)
    }
}

/// The calls that the last run of a conversation left without a result.
pub(super) fn left(messages: &[Message]) -> HashSet<String> {
    let said = messages.iter().rposition(|message| matches!(message, Message::User(_)));
    let last = said.and_then(|said| messages.get(said..)).unwrap_or(messages);
    unanswered(last).map(|call| call.id.clone()).collect()
}

/// The calls of a conversation without a result.
pub(super) fn unanswered(messages: &[Message]) -> impl Iterator<Item = &ToolCall> {
    let answered: HashSet<&str> = answers(messages).collect();
    let calls = messages.iter().filter_map(|message| match message {
        Message::Assistant(message) => message.tool_calls.as_deref(),
        _ => None,
    });
    calls.flatten().filter(move |call| !answered.contains(&*call.id))
}

/// The calls that results are about.
fn answers(messages: &[Message]) -> impl Iterator<Item = &str> {
    messages.iter().filter_map(|message| match message {
        Message::Tool(answer) => Some(&*answer.tool_call_id),
        _ => None,
    })
}
