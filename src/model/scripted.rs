//! A model that says what it was told to.

use super::{Model, ModelEvent, ModelRequest, ModelStream};
use crate::error::{Error, Result};
use crate::tool::ToolSpec;
use futures_util::stream::{self, StreamExt};
use serde::Serialize;
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A model that gives prepared replies, one a turn: for tests, demonstrations and work without a network.
///
/// It is a [`Model`] as any other, and it remembers what it was asked.
///
/// ```
/// use agui::model::{LlmAgent, Reply, ScriptedModel};
/// use agui::{agui_tool, tools};
///
/// /// The current weather at a place.
/// #[agui_tool]
/// fn get_weather(city: String) -> String {
///     format!("sunny in {city}")
/// }
///
/// let model = ScriptedModel::new([
///     Reply::text("Let me see. ").and_call(&GetWeather { city: "Kyiv".into() }),
///     Reply::text("It is sunny."),
/// ]);
/// let agent = LlmAgent::new(model).tools(tools![GetWeather]?);
/// # drop(agent);
/// # Ok::<(), agui::Error>(())
/// ```
pub struct ScriptedModel {
    replies: Mutex<VecDeque<Reply>>,
    /// Asked when there are no replies left.
    otherwise: Option<Box<Answering>>,
    requests: Mutex<VecDeque<ModelRequest>>,
    turns: AtomicUsize,
}

/// A server of demonstrations runs for long: it remembers this many requests.
const MEMORY: usize = 1024;

type Answering = dyn Fn(&ModelRequest) -> Reply + Send + Sync;

/// What a [`ScriptedModel`] says in one turn.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Text(String),
    Call { id: Option<String>, name: String, fragments: Vec<String> },
    Wait(Duration),
    Fail(String),
}

impl ScriptedModel {
    /// A model that gives these replies, and fails when it is asked for more.
    pub fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self {
            replies: Mutex::new(replies.into_iter().collect()),
            otherwise: None,
            requests: Mutex::default(),
            turns: AtomicUsize::new(0),
        }
    }

    /// A model whose replies depend on what it is asked.
    ///
    /// ```
    /// use agui::model::{Reply, ScriptedModel};
    ///
    /// let model = ScriptedModel::answering(|request| Reply::text(format!("{} messages", request.messages.len())));
    /// # drop(model);
    /// ```
    pub fn answering(reply: impl Fn(&ModelRequest) -> Reply + Send + Sync + 'static) -> Self {
        Self { otherwise: Some(Box::new(reply)), ..Self::new([]) }
    }

    /// What it was asked so far, the last 1,024 times.
    #[must_use]
    pub fn requests(&self) -> Vec<ModelRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl fmt::Debug for ScriptedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedModel").field("replies", &self.replies).finish_non_exhaustive()
    }
}

impl Model for ScriptedModel {
    fn respond(&self, request: ModelRequest) -> ModelStream {
        let reply = self.replies.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let reply = reply.or_else(|| self.otherwise.as_ref().map(|otherwise| otherwise(&request)));
        let turn = {
            let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            if requests.len() == MEMORY {
                requests.pop_front();
            }
            requests.push_back(request);
            self.turns.fetch_add(1, Ordering::Relaxed) + 1
        };
        match reply {
            Some(reply) => reply.stream(turn),
            None => {
                let error = Error::new(format!("the script has no reply for turn {turn}"));
                Box::pin(stream::iter([Err(error)]))
            }
        }
    }
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

    /// Fails, as models do when their provider is down.
    #[must_use]
    pub fn failure(message: impl Into<String>) -> Self {
        Self::default().and_fail(message)
    }

    /// Then says a text.
    #[must_use]
    pub fn and_text(self, text: impl Into<String>) -> Self {
        self.and(Step::Text(text.into()))
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
        self.and(Step::Call { id: None, name: name.into(), fragments })
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

    /// Then waits, as far as there is somebody to keep the time (feature `server`).
    #[must_use]
    pub fn and_wait(self, time: Duration) -> Self {
        self.and(Step::Wait(time))
    }

    /// Then fails.
    #[must_use]
    pub fn and_fail(self, message: impl Into<String>) -> Self {
        self.and(Step::Fail(message.into()))
    }

    fn and(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    fn stream(self, turn: usize) -> ModelStream {
        let mut calls = 0;
        let steps = self.steps.into_iter().map(move |step| match step {
            Step::Call { id: None, name, fragments } => {
                calls += 1;
                Step::Call { id: Some(format!("call-{turn}-{calls}")), name, fragments }
            }
            step => step,
        });
        let steps = steps.collect::<Vec<_>>();
        Box::pin(stream::iter(steps).then(play).flat_map(stream::iter))
    }
}

async fn play(step: Step) -> Vec<Result<ModelEvent>> {
    match step {
        Step::Text(text) => vec![Ok(ModelEvent::Text(text))],
        Step::Call { id, name, fragments } => {
            let id = id.unwrap_or_default();
            let pieces = fragments
                .into_iter()
                .map(|delta| Ok(ModelEvent::Arguments { id: id.clone(), delta }))
                .collect::<Vec<_>>();
            std::iter::once(Ok(ModelEvent::ToolCall { id, name })).chain(pieces).collect()
        }
        Step::Wait(time) => {
            crate::time::sleep(time).await;
            Vec::new()
        }
        Step::Fail(message) => vec![Err(Error::new(message))],
    }
}
