//! Language models, and the agent that runs one with tools.

mod agent;
mod approval;
mod argument;
pub(crate) mod calls;
mod capabilities;
mod error;
mod event;
pub(crate) mod history;
mod offered;
pub(crate) mod open;
mod output;
pub(crate) mod parts;
mod predict;
mod reply;
mod request;
mod said;
mod scripted;
mod think;
pub(crate) mod turn;
mod turns;

pub use agent::LlmAgent;
pub use approval::Approvals;
pub use error::{ModelError, ModelErrorKind};
pub use event::{Entity, ModelEvent, ModelStream};
pub use history::History;
pub use offered::ClientTools;
pub use reply::Reply;
pub use request::{ModelRequest, ModelSettings, OutputSchema};
pub use scripted::ScriptedModel;
pub use think::Think;

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
    /// Answers once. Whatever goes wrong ends the stream with an error; its kind says whether asking again may help,
    /// which is done as long as nothing was said.
    fn respond(&self, request: ModelRequest) -> ModelStream;
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
