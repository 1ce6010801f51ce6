//! One turn: a model's answer, shown to the client as it arrives.

use super::open::{Open, Watched};
use super::parts::{Call, Parts};
use super::predict::Predicting;
use super::said::Said;
use super::{Entity, ModelError, ModelEvent};
use crate::error::{Error, Result};
use crate::run::{Reasoning, RunContext, TextMessage};
use agui_types::{
    Message, ReasoningEncryptedValueEvent, ReasoningEncryptedValueSubtype as Subtype, TokenUsage, ToolMessage,
};
use futures_core::Stream;
use futures_util::StreamExt;
use std::collections::{HashMap, HashSet};

/// What a model said in one turn.
#[derive(Debug)]
pub(crate) struct Turn {
    /// As it stands in the conversation.
    pub(super) messages: Vec<Message>,
    /// The calls that are to be answered: all but thoughts.
    pub(super) calls: Vec<Call>,
    /// There were thoughts, so that the model is not done.
    pub(super) thought: bool,
    /// What the state shows of the calls.
    pub(super) predicting: Vec<Predicting>,
    /// The provider ended it before it was complete.
    pub(super) cut_off: bool,
}

impl Turn {
    /// The text of all messages.
    pub(super) fn text(&self) -> String {
        let texts = self.messages.iter().filter_map(|message| match message {
            Message::Assistant(message) => message.content.as_deref(),
            _ => None,
        });
        texts.collect()
    }
}

/// Why there is no turn.
pub(crate) enum Failed {
    /// The model failed, after something was said or before.
    Model { error: ModelError, silent: bool },
    /// The run did.
    Run(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Run(error)
    }
}

/// Passes on what a model says. `taken` are the ids of the calls that the conversation has already.
pub(crate) async fn show(
    run: &RunContext,
    mut stream: impl Stream<Item = Result<ModelEvent, ModelError>> + Unpin,
    watched: Watched<'_>,
    taken: &mut HashSet<String>,
) -> Result<Turn, Failed> {
    let mut show = Show::new(run, watched, taken);
    let (mut said, mut bill) = (Said::default(), Bill { run, usage: None });
    while let Some(event) = stream.next().await {
        let event = event.map_err(|error| Failed::Model { error, silent: show.parts.is_empty() })?;
        said.count(&event).await?;
        match event {
            ModelEvent::Usage(usage) => bill.usage = Some(usage),
            event => show.event(event).await?,
        }
    }
    Ok(show.finish().await?)
}

/// What an answer has cost it has cost, however it ends.
struct Bill<'r> {
    run: &'r RunContext,
    usage: Option<TokenUsage>,
}

impl Drop for Bill<'_> {
    fn drop(&mut self) {
        if let Some(usage) = self.usage.take() {
            self.run.add_usage(usage);
        }
    }
}

/// What is open of a turn.
struct Show<'r> {
    run: &'r RunContext,
    watched: Watched<'r>,
    taken: &'r mut HashSet<String>,
    parts: Parts,
    text: Option<TextMessage>,
    reasoning: Option<Reasoning>,
    open: Vec<Open>,
    /// The position of the newest call under each id that the model gave.
    given_ids: HashMap<String, usize>,
    cut_off: bool,
}

impl<'r> Show<'r> {
    fn new(run: &'r RunContext, watched: Watched<'r>, taken: &'r mut HashSet<String>) -> Self {
        Self {
            run,
            watched,
            taken,
            parts: Parts::default(),
            text: None,
            reasoning: None,
            open: Vec::new(),
            given_ids: HashMap::new(),
            cut_off: false,
        }
    }

    async fn event(&mut self, event: ModelEvent) -> Result {
        match event {
            ModelEvent::Text(delta) if delta.is_empty() => Ok(()),
            ModelEvent::Text(delta) => self.text(delta).await,
            ModelEvent::Reasoning { delta, .. } if delta.is_empty() => Ok(()),
            ModelEvent::Reasoning { id, delta } => self.reasoning(id, delta).await,
            ModelEvent::ToolCall { id, name } => self.call(id, name).await,
            ModelEvent::Arguments { id, delta } => self.arguments(&id, delta).await,
            ModelEvent::EncryptedValue { value, .. } if value.is_empty() => Ok(()),
            ModelEvent::EncryptedValue { entity, value } => self.encrypted(entity, value).await,
            ModelEvent::CutOff => {
                self.cut_off = true;
                Ok(())
            }
            // Counted by the caller.
            ModelEvent::Usage(_) => Ok(()),
        }
    }

    async fn text(&mut self, delta: String) -> Result {
        self.close_reasoning().await?;
        let message = match &mut self.text {
            Some(message) => message,
            None => {
                let mut id = self.parts.assistant(|| self.run.new_id("message"))?.to_owned();
                if self.parts.called() {
                    // What comes after a call is a message of its own: closed ones are not opened again.
                    id = self.run.new_id("message");
                }
                self.text.insert(self.run.start_text_as(id).await?)
            }
        };
        self.parts.push_text(&delta);
        message.push(delta).await
    }

    async fn reasoning(&mut self, given: String, delta: String) -> Result {
        if self.reasoning.is_none() || !self.parts.reasons(&given) {
            self.begin_reasoning(given).await?;
        }
        self.parts.push_reasoning(&delta);
        match &mut self.reasoning {
            Some(reasoning) => reasoning.push(delta).await,
            None => Ok(()),
        }
    }

    async fn begin_reasoning(&mut self, given: String) -> Result {
        self.close_text().await?;
        self.close_reasoning().await?;
        let reasoning = self.run.start_reasoning().await?;
        self.parts.begin_reasoning(given, reasoning.id())?;
        self.reasoning = Some(reasoning);
        Ok(())
    }

    async fn call(&mut self, given: String, name: String) -> Result {
        self.close_text().await?;
        self.close_reasoning().await?;
        // A client takes a known id for more arguments of the same call (TOOL-6). What the models of subagents call
        // theirs may be known to others.
        let mut id = if self.run.subagent_run_id().is_none() { given.clone() } else { String::new() };
        while id.is_empty() || !self.taken.insert(id.clone()) {
            id = self.run.new_id("call");
        }
        let parent = self.parts.assistant(|| self.run.new_id("message"))?.to_owned();
        self.parts.call(id.clone(), name.clone())?;
        self.given_ids.insert(given, self.open.len());
        self.open.push(self.watched.open(self.run, &id, &name, &parent).await?);
        Ok(())
    }

    async fn arguments(&mut self, given: &str, delta: String) -> Result {
        let position = self.given_ids.get(given).copied();
        let (Some(open), Some(call)) = (
            position.and_then(|position| self.open.get_mut(position)),
            position.and_then(|position| self.parts.calls.get_mut(position)),
        ) else {
            return Err(Error::new(format!(
                "the model gave arguments for `{given}`, a call it did not begin"
            )));
        };
        call.arguments.push_str(&delta);
        if delta.is_empty() { Ok(()) } else { open.push(delta).await }
    }

    /// Passes on what the provider wants back; the client keeps it with the message or the call (REAS-8).
    async fn encrypted(&mut self, entity: Entity, value: String) -> Result {
        let (subtype, entity) = match entity {
            Entity::ToolCall(given) => {
                let position = self.given_ids.get(&given).copied();
                let Some(call) = position.and_then(|position| self.parts.calls.get_mut(position)) else {
                    tracing::warn!(
                        call = given,
                        "the model gave an encrypted value for a call it did not begin"
                    );
                    return Ok(());
                };
                call.encrypted_value = Some(value.clone());
                (Subtype::ToolCall, call.id.clone())
            }
            Entity::Text => match self.parts.seal_text(&value) {
                Some(message) => (Subtype::Message, message.to_owned()),
                // There is no message that could keep it.
                None => return Ok(()),
            },
            Entity::Reasoning(given) => {
                let known = self.parts.seal_reasoning(&given, &value).map(str::to_owned);
                let message = match known {
                    Some(message) => message,
                    None => {
                        self.begin_reasoning(given.clone()).await?;
                        self.parts.seal_reasoning(&given, &value).unwrap_or_default().to_owned()
                    }
                };
                (Subtype::Message, message)
            }
        };
        self.run.emit(ReasoningEncryptedValueEvent::new(subtype, entity, value)).await
    }

    async fn close_text(&mut self) -> Result {
        match self.text.take() {
            Some(message) => message.finish().await,
            None => Ok(()),
        }
    }

    async fn close_reasoning(&mut self) -> Result {
        match self.reasoning.take() {
            Some(reasoning) => reasoning.finish().await,
            None => Ok(()),
        }
    }

    async fn finish(mut self) -> Result<Turn> {
        self.close_text().await?;
        self.close_reasoning().await?;
        let mut predicting = Vec::new();
        for (open, call) in self.open.into_iter().zip(&self.parts.calls) {
            predicting.extend(open.finish(call).await?);
        }
        let (mut messages, mut calls) = self.parts.into_messages();
        let thoughts = calls.extract_if(.., |call| self.watched.is_thought(&call.name));
        let answers = thoughts.map(|call| ToolMessage::new(self.run.new_id("result"), "", call.id));
        let before = messages.len();
        messages.extend(answers.map(Message::from));
        let thought = messages.len() > before;
        Ok(Turn { messages, calls, thought, predicting, cut_off: self.cut_off })
    }
}
