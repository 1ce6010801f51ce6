//! A model that says what it was told to.

use super::{Model, ModelRequest, ModelStream, Reply};
use crate::error::Error;
use futures_util::stream;
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

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
                Box::pin(stream::iter([Err(error.into())]))
            }
        }
    }
}
