//! Whatever comes, and however it is cut: no panic, and the same result, with middleware and without.
//!
//! `AGUI_FUZZ_SECONDS` says how long to try, `AGUI_SEED` with which inputs to begin; the seed of a failure is printed.

use super::support::*;
use super::ways::{Seeing, through};
use agui::Event;
use agui::client::Finished;
use fastrand::Rng;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[test]
fn any_bytes_in_any_pieces_give_the_same() {
    let seconds = std::env::var("AGUI_FUZZ_SECONDS").map_or(1, |seconds| seconds.parse().unwrap());
    let mut seed = match std::env::var("AGUI_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => Rng::new().u64(..),
    };
    println!("from AGUI_SEED={seed}");
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut tried = 0_usize;
    while Instant::now() < end {
        let mut rng = Rng::with_seed(seed);
        let stream = stream(&mut rng);
        let whole = said(&read([&*stream]));
        for most in [1, 3, 1 + rng.usize(..64)] {
            let pieces = pieces(&stream, most, &mut rng);
            let cut = said(&read(pieces));
            let shown = String::from_utf8_lossy(&stream);
            assert_eq!(cut, whole, "AGUI_SEED={seed}, pieces of up to {most}:\n{shown}");
        }
        let shown = String::from_utf8_lossy(&stream);
        assert_eq!(said(&through(&stream, Seeing)), whole, "AGUI_SEED={seed}, with middleware:\n{shown}");
        seed = seed.wrapping_add(1);
        tried += 1;
    }
    println!("{tried} streams in {seconds} seconds");
    assert!(tried > 0);
}

/// Everything that may not depend on the way, such as on pieces.
pub(super) fn said<M>((events, end): &(Vec<Event>, Finished<M>)) -> Value {
    let minted = |value: Value| without_uuids(&value.to_string());
    json!({
        "events": minted(serde_json::to_value(events).unwrap()),
        "outcome": without_uuids(&end.outcome.to_string()),
        "messages": minted(serde_json::to_value(end.conversation.messages()).unwrap()),
        "state": end.conversation.state(),
        "warnings": end.warnings.all().iter().map(|warning| without_uuids(&warning.to_string())).collect::<Vec<_>>(),
        "runs": end.runs.iter().map(|run| without_uuids(&run.outcome.to_string())).collect::<Vec<_>>(),
    })
}

/// Ids that were made up are others each time.
fn without_uuids(text: &str) -> String {
    let is_uuid = |word: &str| word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4;
    let words = text.split(['"', '`']).map(|word| if is_uuid(word) { "minted" } else { word });
    words.collect::<Vec<_>>().join("\"")
}

fn pieces<'b>(stream: &'b [u8], most: usize, rng: &mut Rng) -> Vec<&'b [u8]> {
    let mut rest = stream;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rng.usize(1..=most.min(rest.len())));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// A stream that begins well, with events that may fit or not, spoilt as bytes.
fn stream(rng: &mut Rng) -> Vec<u8> {
    if rng.u8(..8) == 0 {
        return (0..rng.usize(..200)).map(|_| rng.u8(..)).collect();
    }
    let mut bytes = Vec::new();
    if rng.u8(..8) == 0 {
        bytes.extend_from_slice(b"\xEF\xBB\xBF");
    }
    let ends = ["\n", "\r\n", "\r"];
    let end = ends[rng.usize(..3)];
    for _ in 0..rng.usize(1..12) {
        match rng.u8(..10) {
            0 => bytes.extend_from_slice(b": comment"),
            1 => bytes.extend_from_slice(b"id: 7"),
            _ => {
                let event = one(rng).to_string();
                // The text of an event may be broken at any comma outside of strings.
                let lines = if rng.bool() { event.replace(",\"", &format!("{end}data: ,\"")) } else { event };
                bytes.extend_from_slice(format!("data: {lines}").as_bytes());
            }
        }
        bytes.extend_from_slice(if rng.u8(..12) == 0 { ends[rng.usize(..3)] } else { end }.as_bytes());
        bytes.extend_from_slice(end.as_bytes());
    }
    for _ in 0..rng.u8(..3) {
        let at = rng.usize(..bytes.len());
        match rng.u8(..4) {
            0 => bytes[at] = rng.u8(..),
            1 => bytes.truncate(at.max(1)),
            2 => drop(bytes.remove(at)),
            _ => bytes.insert(at, *b"\r\n:\"{}x\xff".get(rng.usize(..8)).unwrap()),
        }
        if bytes.is_empty() {
            bytes.push(b'\n');
        }
    }
    bytes
}

fn one(rng: &mut Rng) -> Value {
    let id = ["a", "b", "ü"][rng.usize(..3)];
    match rng.u8(..18) {
        0..4 => started(),
        4 => finished(),
        5 => {
            let outcome = ["success", "cancelled", "future"][rng.usize(..3)];
            finished_with(json!({ "type": outcome }))
        }
        6 => event("RUN_ERROR", json!({ "message": "no" })),
        7 => event("TEXT_MESSAGE_START", json!({ "messageId": id })),
        8 => event("TEXT_MESSAGE_CONTENT", json!({ "messageId": id, "delta": "世 " })),
        9 => event("TEXT_MESSAGE_END", json!({ "messageId": id })),
        10 | 11 => event("TEXT_MESSAGE_CHUNK", json!({ "messageId": id, "delta": "x" })),
        12 => event("TOOL_CALL_CHUNK", json!({ "toolCallId": id, "toolCallName": "t", "delta": "{" })),
        13 => event("STATE_DELTA", json!({ "delta": [{ "op": "add", "path": "/n", "value": 1 }] })),
        14 => event("FUTURE", json!({ "x": null })),
        15 => event("THINKING_START", json!({ "title": "t" })),
        16 => event("CUSTOM", json!({ "name": "n", "value": null, "rawEvent": null })),
        _ => event("RAW", json!({ "event": {}, "future": 1 })),
    }
}
