//! Texts that come piece by piece: what all pieces have in common is made once.

use super::context::RunContext;
use crate::error::Result;
use crate::sse;
use agui_types::Event;
use agui_types::runtime::encode;

/// The event that is emitted for piece after piece. All but its text and its time stays the same.
#[derive(Debug)]
pub(super) struct Pieces {
    pub(super) event: Event,
    /// The buffer's number of the piece before, if nothing has to be judged again after that.
    pub(super) judged: Option<u64>,
    frame: Option<Frame>,
}

/// What stands around the text in a frame, with this time.
#[derive(Debug)]
struct Frame {
    time: i64,
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Pieces {
    pub(super) fn new(event: impl Into<Event>) -> Self {
        Self { event: event.into(), judged: None, frame: None }
    }

    pub(super) async fn push(&mut self, run: &RunContext, piece: impl AsRef<str>) -> Result {
        if let Some(text) = text_mut(&mut self.event) {
            text.clear();
            text.push_str(piece.as_ref());
        }
        drop(piece);
        run.emit_piece(self).await
    }

    /// Appends the frame of the piece as it is, if the one before was of the same time; otherwise it has to be encoded.
    pub(super) fn encode_again(&mut self, time: i64, frames: &mut Vec<u8>) -> bool {
        if self.event.timestamp() != Some(time) {
            return false;
        }
        if self.frame.as_ref().is_none_or(|frame| frame.time != time) {
            self.frame = Frame::of(&self.event, time);
        }
        let (Some(frame), Some(text)) = (&self.frame, text_mut(&mut self.event)) else { return false };
        let before = frames.len();
        frames.extend_from_slice(&frame.head);
        if encode(text, frames).is_err() {
            frames.truncate(before);
            return false;
        }
        frames.extend_from_slice(&frame.tail);
        true
    }
}

impl Frame {
    /// What two frames have in common that differ in a text of one character, without its quotation marks: so it does not
    /// matter what members there are, or in what order.
    fn of(event: &Event, time: i64) -> Option<Self> {
        let mut event = event.clone();
        let mut frame = |text: &str| {
            let mut frame = Vec::new();
            text_mut(&mut event)?.replace_range(.., text);
            sse::encode(&event, &mut frame).ok().map(|()| frame)
        };
        let (mut head, other) = (frame("0")?, frame("1")?);
        let at = head.iter().zip(&other).position(|(one, other)| one != other)?;
        let tail = head.get(at + 2..)?.to_vec();
        head.truncate(at.checked_sub(1)?);
        Some(Self { time, head, tail })
    }
}

fn text_mut(event: &mut Event) -> Option<&mut String> {
    match event {
        Event::TextMessageContent(event) => Some(&mut event.delta),
        Event::ToolCallArgs(event) => Some(&mut event.delta),
        Event::ReasoningMessageContent(event) => Some(&mut event.delta),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui_types::{ReasoningMessageContentEvent, TextMessageContentEvent, ToolCallArgsEvent};

    #[test]
    fn a_frame_is_what_encoding_makes_of_the_event() {
        let events: [Event; 4] = [
            TextMessageContentEvent::new("m\"1", "").into(),
            ToolCallArgsEvent::new(r#"x","timestamp":1,"delta":""#, "").into(),
            ReasoningMessageContentEvent::new("", "").into(),
            TextMessageContentEvent::new("m", "").subagent_run_id("0").raw_event("1").into(),
        ];
        for event in events {
            let mut pieces = Pieces::new(event);
            for (time, text) in
                [(1, "a"), (1, ""), (1, "\n\"é"), (2, r#","timestamp":1"#), (2, r#""delta":"#), (1, "")]
            {
                *text_mut(&mut pieces.event).unwrap() = text.to_owned();
                let (mut again, mut encoded) = (b"before".to_vec(), b"before".to_vec());
                if pieces.event.timestamp() != Some(time) {
                    assert!(!pieces.encode_again(time, &mut again));
                    *pieces.event.timestamp_mut() = Some(time);
                }
                assert!(pieces.encode_again(time, &mut again));
                sse::encode(&pieces.event, &mut encoded).unwrap();
                assert_eq!(String::from_utf8(again), String::from_utf8(encoded), "{text}");
            }
        }
    }
}
