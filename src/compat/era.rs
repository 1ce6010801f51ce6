//! Servers that are known to be older.

use super::version::number;
use super::{Conversion, Done, older};
use agui_types::{AssistantMessage, Event, Message, RunAgentInput, ToolMessage, UserMessage};
use std::fmt;
use std::str::FromStr;

/// A server that is known to be older than 1.0, by the release of the official packages that it was built with
/// (VER-13). Nothing on the wire tells that: it is for those to say who know their server; any other is treated as
/// current (VER-14).
///
/// ```
/// use agui::compat::Era;
/// use agui::{Message, RunAgentInput, TextPart, UserMessage};
///
/// let era: Era = "0.0.39".parse()?;
/// let parts = vec![TextPart::new("Hello").into(), TextPart::new(" there").into()];
/// let mut input = RunAgentInput::new("thread-1", "run-1", vec![UserMessage::new("m1", parts).into()]);
/// assert_eq!(era.request(&mut input), []);
/// let Message::User(message) = &input.messages[0] else { unreachable!() };
/// assert_eq!(message.content, "Hello there".into());
/// # Ok::<(), agui::compat::EraError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Era([u64; 3]);

/// No release number, such as `0.0.39`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EraError(String);

impl Era {
    /// The first of today.
    const CURRENT: Self = Self([1, 0, 0]);
    /// The last to know nothing of subagents.
    const BEFORE_SUBAGENTS: Self = Self([0, 0, 57]);
    /// The last to know text alone as the content of messages.
    const BEFORE_PARTS: Self = Self([0, 0, 39]);

    /// Puts a request into the shape that the server knows, as the reference client does. What was lost has to be told
    /// to developers (VER-19); the rest is silent.
    ///
    /// | before | what changes |
    /// |---|---|
    /// | 1.0 | no `protocolVersion` (VER-1), empty lists for `tools` and `context` where there are none (VER-15) |
    /// | 0.0.58 | no `subagentRunId` |
    /// | 0.0.40 | no `parentRunId`, and the text of parts as the content of messages, empty where there is none |
    pub fn request(&self, input: &mut RunAgentInput) -> Vec<Conversion> {
        let mut done = Done::default();
        if *self >= Self::CURRENT {
            return done.0;
        }
        input.protocol_version = None; // VER-1
        older::complete(input);
        if *self <= Self::BEFORE_SUBAGENTS {
            older::untag(&mut input.messages);
        }
        if *self <= Self::BEFORE_PARTS {
            if input.parent_run_id.take().is_some() {
                let one = Conversion::new("/parentRunId", "parentRunId dropped", "VER-19");
                done.push(one.losing("which run spawned this one"));
            }
            for (index, message) in input.messages.iter_mut().enumerate() {
                text_alone(index, message, &mut done);
            }
        }
        done.0
    }

    /// What an event of such a server becomes for an application that is to see no more than that era had; `None`
    /// if that is nothing. Retired shapes are the affair of [`Upgrader`](super::Upgrader), whatever the era.
    pub fn response(&self, event: Event) -> (Option<Event>, Vec<Conversion>) {
        let mut done = Done::default();
        if *self > Self::BEFORE_SUBAGENTS {
            return (Some(event), done.0);
        }
        let event = older::without_subagents(event, &mut done);
        (event, done.0)
    }
}

fn text_alone(index: usize, message: &mut Message, done: &mut Done) {
    let content = match message {
        Message::User(UserMessage { content, .. }) | Message::Tool(ToolMessage { content, .. }) => content,
        // It was required (VER-15).
        Message::Assistant(AssistantMessage { content, .. }) => {
            content.get_or_insert_default();
            return;
        }
        _ => return,
    };
    if let Some(kinds) = older::flatten(content) {
        let at = format!("/messages/{index}/content");
        done.push(Conversion::new(at, "content of a message as text", "VER-19").losing(kinds));
    }
}

impl FromStr for Era {
    type Err = EraError;

    fn from_str(release: &str) -> Result<Self, EraError> {
        let refused = || EraError(release.to_owned());
        let mut numbers = [0; 3];
        let mut given = release.split('.');
        for place in &mut numbers {
            *place = match given.next() {
                Some(digits) => number(digits).ok_or_else(refused)?,
                None => 0,
            };
        }
        given.next().map_or(Ok(Self(numbers)), |_| Err(refused()))
    }
}

impl fmt::Display for Era {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl fmt::Display for EraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no release such as `0.0.39`", self.0)
    }
}

impl std::error::Error for EraError {}
