//! Events of older producers, as those of today.

use super::input::{Nulls, upgrade_input_at, upgrade_messages};
use super::{Conversion, Done, Upgraded, decode_upgraded, upgraded};
use agui_types::Event;
use agui_types::runtime::{DecodeError, Lenient};
use serde_json::{Map, Value};

/// Translates what older producers send, event by event: retired event types (VER-30, VER-31), retired content
/// parts (VER-32) and `null` in place of nothing (VER-33). Every other `null` is left for decoding to refuse
/// (VER-34).
///
/// One for each stream: the events that it translates had no ids, and get one that their span or message keeps.
#[derive(Debug, Clone, Default)]
pub struct Upgrader {
    span: Option<String>,
    message: Option<String>,
    /// Counts ids instead of taking random ones.
    counted: Option<u64>,
}

/// What a retired event type becomes.
struct Retired {
    from: &'static str,
    to: &'static str,
    what: &'static str,
    rule: &'static str,
    id: Id,
}

/// How the id of a retired event relates to those before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Id {
    OpensSpan,
    ClosesSpan,
    OpensMessage,
    Continues,
    ClosesMessage,
}

#[rustfmt::skip]
const RETIRED: [Retired; 5] = [
    Retired {
        from: "THINKING_START", to: "REASONING_START", id: Id::OpensSpan,
        what: "THINKING_START read as REASONING_START", rule: "VER-30",
    },
    Retired {
        from: "THINKING_END", to: "REASONING_END", id: Id::ClosesSpan,
        what: "THINKING_END read as REASONING_END", rule: "VER-30",
    },
    Retired {
        from: "THINKING_TEXT_MESSAGE_START", to: "REASONING_MESSAGE_START", id: Id::OpensMessage,
        what: "THINKING_TEXT_MESSAGE_START read as REASONING_MESSAGE_START", rule: "VER-31",
    },
    Retired {
        from: "THINKING_TEXT_MESSAGE_CONTENT", to: "REASONING_MESSAGE_CONTENT", id: Id::Continues,
        what: "THINKING_TEXT_MESSAGE_CONTENT read as REASONING_MESSAGE_CONTENT", rule: "VER-31",
    },
    Retired {
        from: "THINKING_TEXT_MESSAGE_END", to: "REASONING_MESSAGE_END", id: Id::ClosesMessage,
        what: "THINKING_TEXT_MESSAGE_END read as REASONING_MESSAGE_END", rule: "VER-31",
    },
];

pub(super) fn is_retired(event_type: &str) -> bool {
    RETIRED.iter().any(|retired| retired.from == event_type)
}

impl Upgrader {
    /// For a stream that begins.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For a stream that begins, with ids that are the same each time: for recordings that are played again.
    #[must_use]
    pub fn repeatable() -> Self {
        Self { counted: Some(0), ..Self::default() }
    }

    /// Decodes the next event of the stream. What is not recognised is removed and reported (PROC-1 to PROC-8).
    ///
    /// # Errors
    ///
    /// When the bytes are not JSON, or something that the protocol knows is malformed. In what has to be translated a member
    /// that is there twice is an error even inside of unknown material.
    pub fn decode(&mut self, json: &[u8]) -> Result<Upgraded<Event>, DecodeError> {
        decode_upgraded(json, |event| self.upgrade(event))
    }

    /// As [`Upgrader::decode`], of what the next event was decoded to already.
    pub(crate) fn decoded(
        &mut self,
        decoded: Result<Lenient<Event>, DecodeError>,
        json: &[u8],
    ) -> Result<Upgraded<Event>, DecodeError> {
        upgraded(decoded, json, |event| self.upgrade(event))
    }

    /// Translates the next event of the stream in place: for those who have the document anyway, or have work
    /// to do between this and decoding (PROC-11). Empty if there was nothing to do.
    pub fn upgrade(&mut self, event: &mut Value) -> Vec<Conversion> {
        let mut done = Done::default();
        let Value::Object(event) = event else { return done.0 };
        let Some(Value::String(event_type)) = event.get("type") else { return done.0 };
        let retired = RETIRED.iter().find(|retired| retired.from == event_type);
        let members: &[&str] = match event_type.as_str() {
            "RUN_FINISHED" => &["outcome", "rawEvent", "result"],
            "SUBAGENT_FINISHED" => &["rawEvent", "result"],
            "TOOL_CALL_START" | "TOOL_CALL_CHUNK" => &["parentMessageId", "rawEvent"],
            _ => &["rawEvent"],
        };
        let (starts, restates) = (event_type == "RUN_STARTED", event_type == "MESSAGES_SNAPSHOT");
        let mut nulls = Nulls { rule: "VER-33", done: &mut done };
        for member in members {
            nulls.remove(event, member, "");
        }
        if let Some(input) = event.get_mut("input").filter(|_| starts) {
            upgrade_input_at("/input", input, &mut nulls);
        }
        if let Some(messages) = event.get_mut("messages").filter(|_| restates) {
            upgrade_messages("/messages", messages, &mut nulls);
        }
        if let Some(retired) = retired {
            done.push(self.translate(retired, event));
        }
        done.0
    }

    fn translate(&mut self, retired: &Retired, event: &mut Map<String, Value>) -> Conversion {
        // An id for a continuation that nothing opened belongs to nothing, so that verification refuses it.
        let id = match retired.id {
            Id::OpensSpan => self.span.insert(fresh(&mut self.counted)).clone(),
            Id::ClosesSpan => self.span.take().unwrap_or_else(|| fresh(&mut self.counted)),
            Id::OpensMessage => self.message.insert(fresh(&mut self.counted)).clone(),
            Id::Continues => self.message.clone().unwrap_or_else(|| fresh(&mut self.counted)),
            Id::ClosesMessage => self.message.take().unwrap_or_else(|| fresh(&mut self.counted)),
        };
        event.insert("type".to_owned(), retired.to.into());
        event.insert("messageId".to_owned(), id.into());
        if retired.id == Id::OpensMessage {
            event.insert("role".to_owned(), "reasoning".into());
        }
        let conversion = Conversion::new("", retired.what, retired.rule);
        if retired.id != Id::OpensSpan {
            return conversion;
        }
        // There is no place for the label of a span.
        match event.remove("title") {
            None | Some(Value::Null) => conversion,
            Some(_) => conversion.losing("its title"),
        }
    }
}

fn fresh(counted: &mut Option<u64>) -> String {
    match counted {
        Some(count) => {
            *count += 1;
            format!("thinking-{count}")
        }
        None => uuid::Uuid::new_v4().to_string(),
    }
}
