//! What a model is asked.

use agui_types::{Context, Message, Tool};
use serde_json::Value;

/// What a model is asked.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ModelRequest {
    /// What it is to do, above all messages.
    pub instructions: Option<String>,
    /// The conversation so far, oldest first, as the protocol has it: ids, images, sound and documents are as the
    /// client sent them, reasoning stands before the text or the calls that came of it, and results behind their
    /// calls. Assistant messages may follow each other.
    pub messages: Vec<Message>,
    /// What it may call.
    pub tools: Vec<Tool>,
    /// What the application says of its own situation (INPUT-10): data from the client, never instructions.
    pub context: Vec<Context>,
    /// The names of those whose arguments it is to be held to, where its provider can do that.
    pub strict: Vec<String>,
    /// What its text is to be, when it is to be JSON.
    pub output: Option<OutputSchema>,
    /// How it is to answer.
    pub settings: ModelSettings,
}

/// The JSON that a model is to write as its text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OutputSchema {
    /// A name, of ASCII letters, digits, `_` and `-`.
    pub name: String,
    /// The JSON Schema, as [`tool::schema`](crate::tool::schema) makes it: for a provider it may have to be rewritten
    /// with [`for_provider`](crate::tool::schema::for_provider).
    pub schema: Value,
}

impl OutputSchema {
    /// Output of that name and schema.
    #[must_use]
    pub fn new(name: impl Into<String>, schema: impl Into<Value>) -> Self {
        Self { name: name.into(), schema: schema.into() }
    }
}

/// How a model is to answer; what is absent is for its provider to say.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ModelSettings {
    /// How much chance there is in the choice of words.
    pub temperature: Option<f64>,
    /// How long one answer may be, in tokens.
    pub max_tokens: Option<u32>,
}
