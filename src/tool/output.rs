//! What a tool gives back: something for the model, and something for the user interface.

use agui_types::{Content, ContentPart, Event, Metadata};
use serde_json::Value;

/// A tool's result.
///
/// Tools return values of their own types, which are turned into this; a tool that has something to say to
/// the model and something else to show returns it itself.
///
/// | a tool returns | the model sees |
/// |---|---|
/// | `()` | nothing |
/// | `String`, `&'static str`, `char` | the text |
/// | [`Content`], [`ContentPart`], `Vec<ContentPart>` | text, images, documents |
/// | an event, or a `Vec`, array, `Option` or `Box` of one | nothing; the event is emitted |
/// | `(value, event)`, `(value, Vec<event>)` | the value; the events are emitted |
/// | `Option` of text or content | that, or nothing |
/// | `ToolOutput` | what it says |
/// | anything else that is `Serialize` | its JSON |
///
/// An event is one of the protocol, or of a type that derives `CustomEvent`. In a `Result` all of these
/// may be; see [`ToolError`](super::ToolError).
///
/// ```
/// use agui::{CustomEvent, ToolOutput, agui_tool};
///
/// #[derive(serde::Serialize, CustomEvent)]
/// struct ProfileOpened {
///     email: String,
/// }
///
/// /// Looks a customer up.
/// #[agui_tool]
/// fn customer(id: u64) -> ToolOutput {
///     ToolOutput::text(format!("Profile of customer {id} retrieved."))
///         .event(ProfileOpened { email: "ada@example.com".into() })
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ToolOutput {
    /// What the model sees, and what stands in the conversation (`TOOL_CALL_RESULT.content`).
    pub content: Content,
    /// What the user interface alone gets along with the result (`TOOL_CALL_RESULT.metadata`, META-4).
    pub metadata: Option<Metadata>,
    /// What is emitted before the result.
    pub events: Vec<Event>,
}

impl ToolOutput {
    /// Content of whatever kind.
    #[must_use]
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), metadata: None, events: Vec::new() }
    }

    /// Text for the model.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Content::Text(text.into()))
    }

    /// A value whose JSON the model sees. There is no JSON part in the protocol, so it is text (TOOL-10).
    ///
    /// # Errors
    ///
    /// When the value has no JSON form.
    pub fn json(value: &impl serde::Serialize) -> Result<Self, serde_json::Error> {
        serde_json::to_string(value).map(Self::text)
    }

    /// Adds an event, to be emitted before the result.
    #[must_use]
    pub fn event(mut self, event: impl Into<Event>) -> Self {
        self.events.push(event.into());
        self
    }

    /// Adds data that the user interface gets along with the result and the model does not.
    #[must_use]
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.get_or_insert_default().insert(key.into(), value.into());
        self
    }

    pub(crate) fn nothing() -> Self {
        Self::text("")
    }
}

impl From<Vec<ContentPart>> for ToolOutput {
    fn from(parts: Vec<ContentPart>) -> Self {
        Self::new(Content::Parts(parts))
    }
}
