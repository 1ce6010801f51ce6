//! What a model says.

use super::ModelError;
use agui_types::TokenUsage;
use futures_core::Stream;
use std::pin::Pin;

/// What a model says, piece by piece.
pub type ModelStream = Pin<Box<dyn Stream<Item = Result<ModelEvent, ModelError>> + Send>>;

/// One piece of a model's answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ModelEvent {
    /// More text.
    Text(String),
    /// More reasoning that the user may see.
    Reasoning {
        /// Which block of reasoning goes on; another id begins another block. Of this answer alone.
        id: String,
        /// The next piece.
        delta: String,
    },
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
    /// What the provider wants back on later turns and nobody else can read, such as a signature (REAS-7).
    ///
    /// It comes back as the `encrypted_value` of the message or call in [`ModelRequest::messages`], from the client's
    /// history too: unchanged if the client is honest, and perhaps to another model than the one that gave it. So a
    /// value had better say whose it is.
    ///
    /// [`ModelRequest::messages`]: super::ModelRequest::messages
    EncryptedValue {
        /// What it belongs to.
        entity: Entity,
        /// The value.
        value: String,
    },
    /// What this answer has cost so far, in place of anything said of that before.
    ///
    /// `input_tokens` are all that were charged, cached ones included, `output_tokens` all that were generated,
    /// reasoning included (USE-2, USE-3); what the provider does not say is left out (USE-5). The total is worked out
    /// by the loop (USE-4).
    Usage(TokenUsage),
    /// The provider ended the answer before it was complete: it has reached its length.
    CutOff,
}

/// What an encrypted value belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entity {
    /// The block of reasoning of this id. One that is not known begins and ends here: reasoning that only the
    /// provider can read.
    Reasoning(String),
    /// The tool call of this id.
    ToolCall(String),
    /// The text.
    Text,
}
