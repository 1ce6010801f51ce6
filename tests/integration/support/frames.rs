//! Streams of events, read as strictly as the protocol asks producers to write them.

use agui::codec::decode_strict;
use agui::testing::Recording;
use agui::{Event, Run};
use futures_util::StreamExt;
use serde_json::Value;

/// The events of some whole frames: `data: `, one event, and an empty line, with LF only (SSE-4, SSE-5).
#[track_caller]
pub(crate) fn events(frames: impl AsRef<[u8]>) -> Vec<Value> {
    let frames = std::str::from_utf8(frames.as_ref()).expect("frames in UTF-8");
    assert!(!frames.contains('\r'), "CR in {frames:?}");
    frames.split_inclusive("\n\n").map(event).collect()
}

#[track_caller]
fn event(frame: &str) -> Value {
    let json = frame
        .strip_prefix("data: ")
        .and_then(|rest| rest.strip_suffix("\n\n"))
        .unwrap_or_else(|| panic!("no whole frame: {frame:?}"));
    assert!(!json.contains('\n'), "more than one line in {frame:?}");
    if let Err(error) = decode_strict::<Event>(json.as_bytes()) {
        panic!("{error}: {json}");
    }
    serde_json::from_str(json).unwrap()
}

/// Reads a run to its end.
pub(crate) async fn all(run: Run) -> Vec<Value> {
    let chunks: Vec<_> = run.collect().await;
    chunks.iter().flat_map(events).collect()
}

/// The type of each event.
pub(crate) fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

/// The text of all `TEXT_MESSAGE_CONTENT` events.
pub(crate) fn text(events: &[Value]) -> String {
    events
        .iter()
        .filter(|event| event["type"] == "TEXT_MESSAGE_CONTENT")
        .map(|event| event["delta"].as_str().unwrap())
        .collect()
}

/// An event without the time that the runtime gave it.
#[track_caller]
pub(crate) fn timeless(event: &Value) -> Value {
    let mut event = event.clone();
    let timestamp = event.as_object_mut().unwrap().remove("timestamp");
    assert!(timestamp.is_some_and(|timestamp| timestamp.is_i64()), "no timestamp on {event}");
    event
}

/// The contents of all results of tools that a recording has, of calls from before it as well.
pub(crate) fn results(recording: &Recording) -> Vec<Value> {
    let contents = recording.events().iter().filter_map(|event| match event {
        Event::ToolCallResult(result) => serde_json::to_value(&result.content).ok(),
        _ => None,
    });
    contents.collect()
}
