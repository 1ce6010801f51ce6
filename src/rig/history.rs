//! Conversations of the protocol as rig has them, and back.

use super::media::{self, Allowed};
use super::seal::{Item, Seal};
use agui_types::{
    AssistantMessage, Content, ContentPart, FunctionCall, Message, ReasoningMessage, SystemMessage, TextPart,
    ToolCall, ToolMessage, UserMessage,
};
use rig_core::message::{
    AssistantContent, AssistantMessage as RigAssistant, CallId, Message as RigMessage, Origin, Reasoning,
    Text, ToolCall as RigCall, ToolFunction, ToolName, ToolResult, ToolResultContent, UserContent,
};
use std::collections::HashMap;

/// A conversation as rig has it: for agents of rig, and for its stores of conversations.
///
/// Reasoning, text and calls between two messages of the user are one turn of the assistant. Activities are for the
/// interface alone and are left out, and so are the provider's own items, which only the [`RigModel`](super::RigModel)
/// that has signed them can read. Nothing is fetched; URLs with other schemes than `https`, `http` and `data` are
/// left out.
///
/// ```
/// use agui::rig::{from_rig, to_rig};
/// use agui::{Message, UserMessage};
///
/// let messages: [Message; 1] = [UserMessage::new("message-1", "Hello!").into()];
/// let conversation = to_rig(&messages);
/// assert_eq!(from_rig(&conversation, |index| format!("message-{}", index + 1)), messages);
/// ```
#[must_use]
pub fn to_rig(messages: &[Message]) -> Vec<RigMessage> {
    let schemes = ["https", "http", "data"].map(str::to_owned);
    Reader { seal: None, schemes: &schemes, provider: "" }.messages(messages)
}

/// Reads the protocol's messages for a model.
pub(super) struct Reader<'a> {
    pub(super) seal: Option<&'a Seal>,
    pub(super) schemes: &'a [String],
    pub(super) provider: &'a str,
}

impl Reader<'_> {
    pub(super) fn messages(&self, messages: &[Message]) -> Vec<RigMessage> {
        let mut conversation = Conversation::default();
        for message in messages {
            match message {
                Message::User(user) => {
                    conversation.push(RigMessage::User { content: self.content(&user.content) });
                }
                Message::System(system) => conversation.push(RigMessage::system(&*system.content)),
                Message::Developer(developer) => conversation.push(RigMessage::system(&*developer.content)),
                Message::Reasoning(reasoning) => self.reasoning(reasoning, &mut conversation),
                Message::Assistant(assistant) => self.assistant(assistant, &mut conversation),
                Message::Tool(tool) => conversation.answer(tool, self.result(tool)),
                // Activities are for the interface.
                _ => {}
            }
        }
        conversation.messages
    }

    fn allowed(&self) -> Allowed<'_> {
        Allowed { schemes: self.schemes, provider: self.provider }
    }

    fn content(&self, content: &Content) -> Vec<UserContent> {
        let parts: Vec<_> = match content {
            Content::Parts(parts) => parts.iter().map(|part| self.allowed().part(part)).collect(),
            Content::Text(text) => vec![UserContent::text(&**text)],
            _ => Vec::new(),
        };
        // Providers refuse a message of nothing.
        if parts.is_empty() { vec![UserContent::text("")] } else { parts }
    }

    fn result(&self, message: &ToolMessage) -> Vec<ToolResultContent> {
        let part = |content: UserContent| match content {
            UserContent::Text(text) => ToolResultContent::Text(text),
            UserContent::Image(image) => ToolResultContent::Image(image),
            _ => ToolResultContent::text("(left out: only text and images can be a result)"),
        };
        match &message.error {
            // A client may say why a tool failed there alone (TOOL-26).
            Some(error) if is_blank(&message.content) => vec![ToolResultContent::text(&**error)],
            _ => self.content(&message.content).into_iter().map(part).collect(),
        }
    }

    /// What the provider wants back with a message or a call, if it comes from us.
    fn open(&self, value: Option<&String>) -> Option<(Origin, Item)> {
        let sealed = self.seal?.open(value?)?;
        Some((sealed.origin, sealed.item))
    }

    fn reasoning(&self, message: &ReasoningMessage, conversation: &mut Conversation) {
        let (origin, block) = match self.open(message.encrypted_value.as_ref()) {
            Some((origin, Item::Opaque(opaque))) => (Some(origin), AssistantContent::Opaque(opaque)),
            Some((origin, Item::Reasoning { native, redacted })) => {
                let text = message.content.clone();
                (Some(origin), AssistantContent::Reasoning(Reasoning { text, redacted, native }))
            }
            // Only whoever encrypted it can read it.
            _ if message.content.is_empty() => return,
            _ => (None, AssistantContent::reasoning(&*message.content)),
        };
        conversation.say(origin, block);
    }

    fn assistant(&self, message: &AssistantMessage, conversation: &mut Conversation) {
        if let Some(content) = message.content.as_ref().filter(|content| !content.is_empty()) {
            let (origin, native) = match self.open(message.encrypted_value.as_ref()) {
                Some((origin, Item::Text(native))) => (Some(origin), Some(native)),
                _ => (None, None),
            };
            let mut text = Text::new(&**content);
            text.native = native;
            conversation.say(origin, AssistantContent::Text(text));
        }
        for call in message.tool_calls.iter().flatten() {
            let Ok(name) = ToolName::new(&*call.function.name) else { continue };
            let (origin, id, native) = match self.open(call.encrypted_value.as_ref()) {
                Some((origin, Item::Call { native, id })) => (Some(origin), id, Some(native)),
                _ => (None, CallId::from_wire(&*call.id), None),
            };
            conversation.calls.insert(call.id.clone(), (id.clone(), name.clone()));
            let function = ToolFunction::parse(name, &call.function.arguments);
            conversation.say(origin, AssistantContent::ToolCall(RigCall { id, function, native }));
        }
    }
}

fn is_blank(content: &Content) -> bool {
    match content {
        Content::Text(text) => text.trim().is_empty(),
        Content::Parts(parts) => parts.is_empty(),
        _ => false,
    }
}

#[derive(Default)]
struct Conversation {
    messages: Vec<RigMessage>,
    /// The calls so far: their ids at the provider, and their tools.
    calls: HashMap<String, (CallId, ToolName)>,
}

impl Conversation {
    fn push(&mut self, message: RigMessage) {
        self.messages.push(message);
    }

    /// Goes on with the turn of the assistant, or begins one where the block comes from another answer.
    fn say(&mut self, origin: Option<Origin>, block: AssistantContent) {
        if let Some(RigMessage::Assistant(turn)) = self.messages.last_mut()
            && (origin.is_none() || turn.origin.is_none() || turn.origin == origin)
        {
            turn.origin = turn.origin.take().or(origin);
            turn.content.push(block);
            return;
        }
        self.push(RigMessage::Assistant(RigAssistant::new(vec![block]).with_origin(origin)));
    }

    /// Results of one turn are one message.
    fn answer(&mut self, message: &ToolMessage, content: Vec<ToolResultContent>) {
        let Some((call, name)) = self.calls.get(&message.tool_call_id).cloned() else { return };
        let result =
            UserContent::ToolResult(ToolResult { call, name, content, is_error: message.error.is_some() });
        if let Some(RigMessage::User { content }) = self.messages.last_mut()
            && matches!(content.last(), Some(UserContent::ToolResult(_)))
        {
            content.push(result);
            return;
        }
        self.push(RigMessage::User { content: vec![result] });
    }
}

/// A conversation of rig's as the protocol has it. Messages get their ids from `id`, which is given the position of
/// each; calls keep theirs.
///
/// The provider's own items, and images that the model made, are left out.
#[must_use]
pub fn from_rig(conversation: &[RigMessage], mut id: impl FnMut(usize) -> String) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for message in conversation {
        match message {
            RigMessage::System { content } => {
                messages.push(SystemMessage::new(id(messages.len()), &**content).into());
            }
            RigMessage::User { content } => from_user(content, &mut messages, &mut id),
            RigMessage::Assistant(turn) => from_assistant(turn, &mut messages, &mut id),
        }
    }
    messages
}

fn from_user(content: &[UserContent], messages: &mut Vec<Message>, id: &mut impl FnMut(usize) -> String) {
    for block in content {
        if let UserContent::ToolResult(result) = block {
            let content = content_of(result.content.iter().filter_map(result_part).collect());
            let mut message = ToolMessage::new(id(messages.len()), content, result.call.to_string());
            message.error = result.is_error.then(|| crate::content::text(&message.content, "\n"));
            messages.push(message.into());
        }
    }
    let parts: Vec<_> = content.iter().filter_map(media::from_rig).collect();
    if !parts.is_empty() {
        messages.push(UserMessage::new(id(messages.len()), content_of(parts)).into());
    }
}

pub(super) fn result_part(content: &ToolResultContent) -> Option<ContentPart> {
    match content {
        ToolResultContent::Text(text) => Some(TextPart::new(&*text.text).into()),
        ToolResultContent::Image(image) => media::from_rig(&UserContent::Image(image.clone())),
        ToolResultContent::Json { value } => Some(TextPart::new(value.to_string()).into()),
    }
}

/// A text by itself is no list.
pub(super) fn content_of(mut parts: Vec<ContentPart>) -> Content {
    match &mut parts[..] {
        [ContentPart::Text(text)] => Content::Text(std::mem::take(&mut text.text)),
        _ => Content::Parts(parts),
    }
}

/// Text and calls are one message until there is reasoning between them, or text behind a call.
fn from_assistant(turn: &RigAssistant, messages: &mut Vec<Message>, id: &mut impl FnMut(usize) -> String) {
    let mut open: Option<AssistantMessage> = None;
    for block in &turn.content {
        match block {
            AssistantContent::Text(text) => {
                if open.as_ref().is_some_and(|message| message.tool_calls.is_some()) {
                    messages.extend(open.take().map(Message::from));
                }
                let message = open.get_or_insert_with(|| AssistantMessage::new(id(messages.len())));
                message.content.get_or_insert_default().push_str(&text.text);
            }
            AssistantContent::ToolCall(call) => {
                let function = &call.function;
                let json = || serde_json::Value::Object(function.arguments.clone()).to_string();
                let arguments = function.invalid_arguments.clone().unwrap_or_else(json);
                let call =
                    ToolCall::new(call.id.to_string(), FunctionCall::new(function.name.as_str(), arguments));
                let message = open.get_or_insert_with(|| AssistantMessage::new(id(messages.len())));
                message.tool_calls.get_or_insert_default().push(call);
            }
            AssistantContent::Reasoning(reasoning) if !reasoning.text.is_empty() => {
                messages.extend(open.take().map(Message::from));
                messages.push(ReasoningMessage::new(id(messages.len()), &*reasoning.text).into());
            }
            _ => {}
        }
    }
    messages.extend(open.map(Message::from));
}
