//! What a scripted model says.

use super::{Entity, ModelError, ModelErrorKind, ModelEvent, ModelStream};
use crate::error::Error;
use crate::tool::ToolSpec;
use agui_types::TokenUsage;
use futures_util::stream::{self, StreamExt};
use serde::Serialize;
use std::time::Duration;

/// What a [`ScriptedModel`](super::ScriptedModel) says in one turn.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    /// As it is.
    Say(ModelEvent),
    Call {
        id: Option<String>,
        name: String,
        fragments: Vec<String>,
        encrypted: Option<String>,
    },
    Wait(Duration),
    Fail(ModelErrorKind, String),
}

impl Reply {
    /// Says a text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::default().and_text(text)
    }

    /// Calls a tool.
    ///
    /// # Panics
    ///
    /// When an argument has no JSON form.
    #[must_use]
    pub fn call<T: ToolSpec + Serialize>(arguments: &T) -> Self {
        Self::default().and_call(arguments)
    }

    /// Reasons in view of the user.
    #[must_use]
    pub fn reasoning(text: impl Into<String>) -> Self {
        Self::default().and_reasoning(text)
    }

    /// Fails without saying why, as models do when something is wrong with their provider.
    #[must_use]
    pub fn failure(message: impl Into<String>) -> Self {
        Self::default().and_fail(message)
    }

    /// Fails in a way that is known.
    ///
    /// ```
    /// use agui::model::{ModelErrorKind, Reply};
    ///
    /// let busy = Reply::error(ModelErrorKind::Unavailable { retry_after: None });
    /// # drop(busy);
    /// ```
    #[must_use]
    pub fn error(kind: ModelErrorKind) -> Self {
        Self::default().and_error(kind)
    }

    /// Then says a text.
    #[must_use]
    pub fn and_text(self, text: impl Into<String>) -> Self {
        self.and_event(ModelEvent::Text(text.into()))
    }

    /// Then reasons, in the block of reasoning that is open if there is one.
    #[must_use]
    pub fn and_reasoning(self, text: impl Into<String>) -> Self {
        let id = match self.steps.last() {
            Some(Step::Say(ModelEvent::Reasoning { id, .. })) => id.clone(),
            _ => self.next_block(),
        };
        self.and_event(ModelEvent::Reasoning { id, delta: text.into() })
    }

    /// Then wants a value back on later turns, with what was said last; by itself it is reasoning that only the
    /// provider can read.
    ///
    /// ```
    /// use agui::model::Reply;
    ///
    /// let reply = Reply::reasoning("Rain?").and_encrypted_value("signature").and_text("It will rain.");
    /// # drop(reply);
    /// ```
    #[must_use]
    pub fn and_encrypted_value(mut self, value: impl Into<String>) -> Self {
        let entity = match self.steps.last_mut() {
            Some(Step::Call { encrypted, .. }) => {
                *encrypted = Some(value.into());
                return self;
            }
            Some(Step::Say(ModelEvent::Reasoning { id, .. })) => Entity::Reasoning(id.clone()),
            Some(Step::Say(ModelEvent::Text(_))) => Entity::Text,
            _ => Entity::Reasoning(self.next_block()),
        };
        self.and_event(ModelEvent::EncryptedValue { entity, value: value.into() })
    }

    /// Then says what it has cost.
    #[must_use]
    pub fn and_usage(self, usage: TokenUsage) -> Self {
        self.and_event(ModelEvent::Usage(usage))
    }

    /// Then says whatever a model can say.
    #[must_use]
    pub fn and_event(self, event: ModelEvent) -> Self {
        self.and(Step::Say(event))
    }

    /// Then calls a tool, beside other calls of this reply.
    ///
    /// # Panics
    ///
    /// When an argument has no JSON form.
    #[must_use]
    pub fn and_call<T: ToolSpec + Serialize>(self, arguments: &T) -> Self {
        #[allow(clippy::expect_used, reason = "documented; a script is no input")]
        let json = serde_json::to_string(arguments).expect("arguments have a JSON form");
        self.and_raw_call(T::NAME, [json])
    }

    /// Then calls a tool by name, with its arguments in pieces, whether they are JSON or not.
    #[must_use]
    pub fn and_raw_call<S: Into<String>>(
        self,
        name: impl Into<String>,
        fragments: impl IntoIterator<Item = S>,
    ) -> Self {
        let fragments = fragments.into_iter().map(Into::into).collect();
        self.and(Step::Call { id: None, name: name.into(), fragments, encrypted: None })
    }

    /// Gives the last call an id; otherwise ids are counted.
    #[must_use]
    pub fn id(mut self, call: impl Into<String>) -> Self {
        let last = self.steps.iter_mut().rev().find_map(|step| match step {
            Step::Call { id, .. } => Some(id),
            _ => None,
        });
        if let Some(id) = last {
            *id = Some(call.into());
        }
        self
    }

    /// Then waits.
    #[must_use]
    pub fn and_wait(self, time: Duration) -> Self {
        self.and(Step::Wait(time))
    }

    /// Then fails, as [`Reply::failure`].
    #[must_use]
    pub fn and_fail(self, message: impl Into<String>) -> Self {
        self.and(Step::Fail(ModelErrorKind::Other, message.into()))
    }

    /// Then fails, as [`Reply::error`].
    #[must_use]
    pub fn and_error(self, kind: ModelErrorKind) -> Self {
        self.and(Step::Fail(kind, format!("the script fails: {kind:?}")))
    }

    fn next_block(&self) -> String {
        format!("reasoning-{}", self.steps.len())
    }

    fn and(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    pub(super) fn stream(self, turn: usize) -> ModelStream {
        let mut calls = 0;
        let steps = self.steps.into_iter().map(move |step| match step {
            Step::Call { id: None, name, fragments, encrypted } => {
                calls += 1;
                Step::Call { id: Some(format!("call-{turn}-{calls}")), name, fragments, encrypted }
            }
            step => step,
        });
        let steps = steps.collect::<Vec<_>>();
        Box::pin(stream::iter(steps).then(play).flat_map(stream::iter))
    }
}

async fn play(step: Step) -> Vec<Result<ModelEvent, ModelError>> {
    match step {
        Step::Say(event) => vec![Ok(event)],
        Step::Call { id, name, fragments, encrypted } => {
            let id = id.unwrap_or_default();
            let begin = ModelEvent::ToolCall { id: id.clone(), name };
            let pieces = fragments.into_iter().map(|delta| ModelEvent::Arguments { id: id.clone(), delta });
            let entity = Entity::ToolCall(id.clone());
            let sealed = encrypted.map(|value| ModelEvent::EncryptedValue { entity, value });
            std::iter::once(begin).chain(pieces).chain(sealed).map(Ok).collect()
        }
        Step::Wait(time) => {
            crate::time::sleep(time).await;
            Vec::new()
        }
        Step::Fail(kind, message) => vec![Err(ModelError::new(kind, Error::new(message)))],
    }
}
