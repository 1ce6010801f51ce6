//! A provider's answer, as it arrives.

use super::error::model_error;
use super::seal::{Item as SealedItem, Seal, Sealed};
use crate::error::Error;
use crate::model::{Entity, ModelError, ModelErrorKind, ModelEvent, ModelStream};
use agui_types::TokenUsage;
use futures_util::{StreamExt, stream};
use rig_core::completion::{CompletionResponse, FinishReason, Usage};
use rig_core::message::{AssistantContent, CallId, StopReason};
use rig_core::streaming::{CompletionStream, Item, Part, PartKind, StreamEvent};
use serde_json::Value;
use std::collections::{HashMap, VecDeque};

/// The answer to a request, of the model with this id.
pub(super) fn stream(reply: CompletionStream, model: Option<&str>, seal: Seal) -> ModelStream {
    let model = model.unwrap_or_default().to_owned();
    let answer = Answer { reply: Some(reply), parts: Parts::default(), ready: VecDeque::new(), model, seal };
    Box::pin(stream::unfold(answer, Answer::next))
}

struct Answer {
    reply: Option<CompletionStream>,
    parts: Parts,
    ready: VecDeque<Result<ModelEvent, ModelError>>,
    model: String,
    seal: Seal,
}

impl Answer {
    async fn next(mut self) -> Option<(Result<ModelEvent, ModelError>, Self)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some((event, self));
            }
            match self.reply.as_mut()?.next().await {
                Some(Ok(Item::Event(event))) => {
                    self.parts.take(event, |event| self.ready.push_back(Ok(event)))
                }
                // rig does not know it, so nobody does.
                Some(Ok(Item::Unknown(_))) => {}
                Some(Err(error)) => {
                    let partial = self.reply.take().map(|reply| reply.partial());
                    self.ready.extend(partial.and_then(|partial| self.usage(&partial)).map(Ok));
                    self.ready.push_back(Err(model_error(&error)));
                }
                None => {
                    let finished = self.reply.take()?.finish().await;
                    self.finish(finished.map_err(|error| model_error(&error)));
                }
            }
        }
    }

    fn finish(&mut self, response: Result<CompletionResponse, ModelError>) {
        let response = match response {
            Ok(response) => response,
            Err(error) => return self.ready.push_back(Err(error)),
        };
        for (entity, item) in self.parts.sealed() {
            let value = self.seal.close(&Sealed { origin: response.origin.clone(), item });
            self.ready.push_back(Ok(ModelEvent::EncryptedValue { entity, value }));
        }
        self.ready.extend(self.usage(&response).map(Ok));
        match response.stop() {
            StopReason::Length => self.ready.push_back(Ok(ModelEvent::CutOff)),
            StopReason::Error(reason) | StopReason::Aborted(reason) => {
                let filtered = response.finish_reason() == Some(FinishReason::ContentFilter);
                let refused = filtered || response.error.is_some();
                let kind = if refused { ModelErrorKind::Refused } else { ModelErrorKind::Other };
                self.ready.push_back(Err(ModelError::new(kind, Error::new(reason))));
            }
            _ => {}
        }
    }

    fn usage(&self, response: &CompletionResponse) -> Option<ModelEvent> {
        let usage = token_usage(&response.usage)?;
        let model = response.model().unwrap_or(&self.model);
        Some(ModelEvent::Usage(usage.provider(response.provider()).model(model)))
    }
}

/// What rig counts is what the protocol counts: whole totals, with their parts, and nothing for what the provider
/// does not say (USE-2 to USE-5).
pub(super) fn token_usage(usage: &Usage) -> Option<TokenUsage> {
    let mut counts = TokenUsage::new();
    counts.input_tokens = usage.input_tokens;
    counts.output_tokens = usage.output_tokens;
    counts.cached_input_tokens = usage.cached_input_tokens;
    counts.cache_write_input_tokens = usage.cache_creation_input_tokens;
    counts.reasoning_tokens = usage.reasoning_tokens;
    (counts != TokenUsage::new()).then_some(counts)
}

/// The parts of an answer: text, blocks of reasoning, calls.
#[derive(Default)]
pub(super) struct Parts {
    open: HashMap<Part, Open>,
    texts: usize,
    items: Vec<(Entity, SealedItem)>,
    /// Which call has which id at the provider.
    pub(super) calls: HashMap<CallId, String>,
}

struct Open {
    kind: PartKind,
    /// How the loop calls a block of reasoning or a call. The provider's own id of a call is known when it ends.
    id: String,
    /// Whether something of it has arrived.
    begun: bool,
}

impl Parts {
    /// Passes an event on as what it means.
    pub(super) fn take(&mut self, event: StreamEvent, mut emit: impl FnMut(ModelEvent)) {
        match event {
            StreamEvent::Start { part, kind, name } => {
                let id = match kind {
                    PartKind::ToolCall => format!("call_{}", uuid::Uuid::new_v4().simple()),
                    _ => part.index().to_string(),
                };
                if let Some(name) = name {
                    emit(ModelEvent::ToolCall { id: id.clone(), name: name.into() });
                }
                self.texts += usize::from(kind == PartKind::Text);
                self.open.insert(part, Open { kind, id, begun: false });
            }
            StreamEvent::Text { part, text: delta }
            | StreamEvent::Reasoning { part, text: delta }
            | StreamEvent::Arguments { part, json: delta } => {
                if let Some(open) = self.open.get_mut(&part) {
                    open.begun |= !delta.is_empty();
                    emit(open.grown(delta));
                }
            }
            StreamEvent::End { part, content } => {
                if let Some(open) = self.open.remove(&part) {
                    self.end(open, content, emit);
                }
            }
        }
    }

    fn end(&mut self, open: Open, content: AssistantContent, mut emit: impl FnMut(ModelEvent)) {
        // Some providers give a part all at once.
        if let Some(all) = all_of(&content).filter(|_| !open.begun) {
            emit(open.grown(all));
        }
        match content {
            AssistantContent::Text(text) => {
                let item = text.native.map(SealedItem::Text);
                self.items.extend(item.map(|item| (Entity::Text, item)));
            }
            AssistantContent::Reasoning(reasoning) => {
                let item = SealedItem::Reasoning { native: reasoning.native, redacted: reasoning.redacted };
                self.items.push((Entity::Reasoning(open.id), item));
            }
            AssistantContent::ToolCall(call) => {
                self.calls.insert(call.id.clone(), open.id.clone());
                let item = call.native.map(|native| SealedItem::Call { native, id: call.id });
                self.items.extend(item.map(|item| (Entity::ToolCall(open.id), item)));
            }
            AssistantContent::Opaque(opaque) => {
                self.items.push((Entity::Reasoning(open.id), SealedItem::Opaque(opaque)));
            }
            AssistantContent::Image(_) => tracing::warn!("the model made an image, which is not shown"),
            _ => tracing::warn!("the model said something that is not shown"),
        }
    }

    /// What the provider wants back: all of it, or nothing if that says no more than the messages themselves do.
    fn sealed(&mut self) -> Vec<(Entity, SealedItem)> {
        let mut items = std::mem::take(&mut self.items);
        // Several texts are one message, which is none of them.
        items.retain(|(entity, _)| *entity != Entity::Text || self.texts == 1);
        let telling = items.iter().any(|(_, item)| item.is_telling());
        if telling { items } else { Vec::new() }
    }
}

impl Open {
    fn grown(&self, delta: String) -> ModelEvent {
        match self.kind {
            PartKind::Reasoning => ModelEvent::Reasoning { id: self.id.clone(), delta },
            PartKind::ToolCall => ModelEvent::Arguments { id: self.id.clone(), delta },
            _ => ModelEvent::Text(delta),
        }
    }
}

/// The text of a part, or its arguments.
fn all_of(content: &AssistantContent) -> Option<String> {
    match content {
        AssistantContent::Text(text) => Some(text.text.clone()),
        AssistantContent::Reasoning(reasoning) => Some(reasoning.text.clone()),
        AssistantContent::ToolCall(call) => {
            let arguments = || Value::Object(call.function.arguments.clone()).to_string();
            Some(call.function.invalid_arguments.clone().unwrap_or_else(arguments))
        }
        _ => None,
    }
}

impl SealedItem {
    /// Whether the item says more than text or a call does.
    fn is_telling(&self) -> bool {
        const PLAIN: [&str; 9] =
            ["arguments", "citations", "function", "id", "index", "input", "name", "text", "type"];
        let plain = |item: &Value, but: &str| {
            let mut members = item.as_object().into_iter().flatten();
            members.all(|(name, value)| value.is_null() || (PLAIN.contains(&&**name) && name != but))
        };
        match self {
            // An id of a text is one of a message that other items belong to.
            Self::Text(native) => !plain(&native.item, "id"),
            Self::Call { native, .. } => !plain(&native.item, ""),
            Self::Reasoning { native, redacted } => native.is_some() || *redacted,
            Self::Opaque(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// USE-2, USE-3: parts of the totals, which rig has already. USE-5: no zeros.
    #[test]
    fn tokens_are_counted_once() {
        let usage = Usage::new().input_tokens(120).output_tokens(30).total_tokens(150);
        let usage = usage.cached_input_tokens(100).cache_creation_input_tokens(10).reasoning_tokens(20);
        let counts = token_usage(&usage).unwrap();
        assert_eq!((counts.input_tokens, counts.output_tokens), (Some(120), Some(30)));
        assert_eq!((counts.cached_input_tokens, counts.cache_write_input_tokens), (Some(100), Some(10)));
        assert_eq!((counts.reasoning_tokens, counts.provider), (Some(20), None));
        let counts = token_usage(&Usage::new().input_tokens(7)).unwrap();
        assert_eq!((counts.input_tokens, counts.output_tokens), (Some(7), None));
        assert_eq!(token_usage(&Usage::new()), None);
    }

    /// What messages and calls say by themselves is not sent twice.
    #[test]
    fn only_items_that_say_more_go_through_the_client() {
        let item = |item: Value| {
            let block = AssistantContent::text("?").with_native(item);
            let AssistantContent::Text(text) = block else { panic!() };
            SealedItem::Text(text.native.unwrap())
        };
        assert!(!item(serde_json::json!({ "type": "text", "text": "?", "citations": null })).is_telling());
        assert!(item(serde_json::json!({ "type": "message", "id": "msg-1", "content": [] })).is_telling());
        assert!(item(serde_json::json!({ "text": "?", "thoughtSignature": "c2lnbmVk" })).is_telling());
    }
}
