//! Language models, and the agent that runs one with tools.

mod agent;
mod approval;
pub(crate) mod calls;
mod history;
mod scripted;
pub(crate) mod turn;

pub use agent::{ClientTools, LlmAgent};
pub use approval::Approvals;
pub use scripted::{Reply, ScriptedModel};

use crate::error::Result;
use agui_types::{Context, Message, Tool};
use futures_core::Stream;
use std::pin::Pin;

/// A language model, whoever provides it.
///
/// ```
/// use agui::model::{Model, ModelEvent, ModelRequest, ModelStream};
///
/// /// Says what it was told.
/// struct Echo;
///
/// impl Model for Echo {
///     fn respond(&self, request: ModelRequest) -> ModelStream {
///         let text = format!("{} messages", request.messages.len());
///         Box::pin(futures_util::stream::iter([Ok(ModelEvent::Text(text))]))
///     }
/// }
/// ```
pub trait Model: Send + Sync + 'static {
    /// Answers once. Whatever goes wrong ends the stream with an error.
    fn respond(&self, request: ModelRequest) -> ModelStream;
}

/// What a model says, piece by piece.
pub type ModelStream = Pin<Box<dyn Stream<Item = Result<ModelEvent>> + Send>>;

/// What a model is asked.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ModelRequest {
    /// What it is to do, above all messages.
    pub instructions: Option<String>,
    /// The conversation so far, oldest first.
    pub messages: Vec<Message>,
    /// What it may call.
    pub tools: Vec<Tool>,
    /// What the application says of its own situation (INPUT-10): data from the client, never instructions.
    pub context: Vec<Context>,
    /// The names of those whose arguments it is to be held to, where its provider can do that.
    pub strict: Vec<String>,
}

/// One piece of a model's answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ModelEvent {
    /// More text.
    Text(String),
    /// A tool call begins.
    ToolCall {
        /// Unique in the conversation.
        id: String,
        /// The tool.
        name: String,
    },
    /// More of a call's arguments, which are JSON text.
    Arguments {
        /// The call.
        id: String,
        /// The next piece.
        delta: String,
    },
}

impl<M: Model + ?Sized> Model for Box<M> {
    fn respond(&self, request: ModelRequest) -> ModelStream {
        (**self).respond(request)
    }
}

impl<M: Model + ?Sized> Model for std::sync::Arc<M> {
    fn respond(&self, request: ModelRequest) -> ModelStream {
        (**self).respond(request)
    }
}
