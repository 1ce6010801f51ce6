//! What peers from before 1.0 cannot take, and its older shape. Nothing is invented (VER-15).

use super::{Conversion, Done};
use crate::attribution::tag_mut;
use crate::content;
use agui_types::{Content, ContentPart, Event, Message, PartSource, RunAgentInput, RunFinishedOutcome};

/// Results of tools are text (TOOL-13, TOOL-14).
pub(super) fn flatten_result(at: String, content: &mut Content, done: &mut Done) {
    if let Some(kinds) = flatten(content) {
        done.push(Conversion::new(at, "content of a tool as text", "TOOL-14").losing(kinds));
    }
}

/// The texts of parts joined. Tells which kinds of parts were dropped for that, if any were.
pub(super) fn flatten(content: &mut Content) -> Option<String> {
    let Content::Parts(parts) = content else { return None };
    let mut kinds: Vec<_> = parts.iter().map(ContentPart::tag).filter(|kind| *kind != "text").collect();
    kinds.sort_unstable();
    kinds.dedup();
    let dropped = (!kinds.is_empty()).then(|| format!("its parts of the kinds {}", kinds.join(", ")));
    *content = content::text(content, "").into();
    dropped
}

/// Messages, in a snapshot or a run input.
pub(super) fn messages(at: &str, messages: &mut [Message], done: &mut Done) {
    for (index, message) in messages.iter_mut().enumerate() {
        match message {
            Message::Tool(tool) => {
                flatten_result(format!("{at}/{index}/content"), &mut tool.content, done);
            }
            Message::User(user) => {
                let Content::Parts(parts) = &mut user.content else { continue };
                let before = parts.len();
                parts.retain(|part| !is_file(part));
                if parts.len() < before {
                    let what = "parts of a user's message dropped";
                    let one = Conversion::new(format!("{at}/{index}/content"), what, "VER-19");
                    done.push(one.losing("what was uploaded as a file"));
                }
            }
            _ => {}
        }
    }
}

fn is_file(part: &ContentPart) -> bool {
    let source = match part {
        ContentPart::Image(image) => &image.source,
        ContentPart::Audio(audio) => &audio.source,
        ContentPart::Video(video) => &video.source,
        ContentPart::Document(document) => &document.source,
        _ => return false,
    };
    matches!(source, PartSource::File(_))
}

/// Removes every trace of which subagent did what; the rest stays as it is (VER-18). `None` for what is about
/// nothing else.
pub(super) fn without_subagents(mut event: Event, done: &mut Done) -> Option<Event> {
    let what = match &mut event {
        Event::SubagentStarted(_) => "SUBAGENT_STARTED dropped",
        Event::SubagentFinished(_) => "SUBAGENT_FINISHED dropped",
        Event::SubagentError(_) => "SUBAGENT_ERROR dropped",
        Event::MessagesSnapshot(snapshot) => {
            untag(&mut snapshot.messages);
            return Some(event);
        }
        Event::RunStarted(started) => {
            if let Some(input) = &mut started.input {
                untag(&mut input.messages);
            }
            return Some(event);
        }
        Event::RunFinished(finished) => {
            if let Some(RunFinishedOutcome::Interrupt(outcome)) = &mut finished.outcome {
                outcome.interrupts.iter_mut().for_each(|interrupt| interrupt.subagent_run_id = None);
            }
            return Some(event);
        }
        _ => {
            if let Some(tag) = tag_mut(&mut event) {
                *tag = None;
            }
            return Some(event);
        }
    };
    done.push(Conversion::new("", what, "VER-19").losing("when which subagent is at work"));
    None
}

pub(super) fn untag(messages: &mut [Message]) {
    messages.iter_mut().for_each(|message| *message.subagent_run_id_mut() = None);
}

/// A run input as older peers take it, sent or echoed: lists that may be left out today were required (VER-15).
pub(super) fn complete(input: &mut RunAgentInput) {
    input.tools.get_or_insert_default();
    input.context.get_or_insert_default();
}
