//! What reading a stream costs a client, from bytes to the conversation, beside decoding its events alone.
//! `cargo bench --bench client -- FILE`, where the file is a stream of Server-Sent Events; without one a stream is made
//! up: 60 % text, 15 % arguments, 10 % reasoning, 5 % patches of the state, 2 % snapshots, the rest what begins and ends.
//! With `--reference` the reference client reads it as well, in Node: `npm ci` in `tests/peers` installs it. What was
//! measured is in `client.md`.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a program for people to run")]

use agui::client::{FrameReader, Outcome, Pipeline};
use agui::codec::decode;
use agui::{Event, RunAgentInput};
use cpu_time::ThreadTime;
use serde_json::{Value, json};
use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often each is measured; the quickest counts, since everything else is noise.
const ROUNDS: usize = 50;

/// What a connection hands out at once.
const CHUNK: usize = 16 * 1024;

fn main() {
    let file = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let stream = file.map_or_else(|| made_up(10_000), |file| std::fs::read(file).unwrap());
    let events = frames(&stream);
    println!("{} events, {} bytes", events.len(), stream.len());

    let mut plain = || {
        events.iter().for_each(|json| drop(black_box(decode::<Event>(json).unwrap())));
    };
    let mut framed = || {
        let mut reader = FrameReader::new();
        for chunk in stream.chunks(CHUNK) {
            reader.push(chunk);
            while let Some(json) = reader.next_frame().unwrap() {
                black_box(json);
            }
        }
    };
    let mut messages = 0;
    let mut piped = || {
        let mut pipeline = Pipeline::new(&RunAgentInput::new("thread-1", "run-1", vec![]));
        for chunk in stream.chunks(CHUNK) {
            pipeline.push(chunk);
            while let Some(event) = pipeline.next_event() {
                black_box(event);
            }
        }
        pipeline.end();
        assert!(!matches!(pipeline.outcome(), Outcome::Rejected(_)), "{}", pipeline.outcome());
        messages = black_box(&pipeline).conversation().messages().len();
    };
    let [plain, framed, piped] = quickest([&mut plain, &mut framed, &mut piped]);

    let each = |time: Duration| time.as_nanos() / events.len() as u128;
    println!("plain typed decode {:>6} ns an event", each(plain));
    println!("frames alone       {:>6} ns an event", each(framed));
    println!("whole pipeline     {:>6} ns an event", each(piped));
    println!("ratio              {:>6.2}", piped.as_secs_f64() / plain.as_secs_f64());
    if std::env::args().any(|argument| argument == "--reference") {
        let reference = reference(&stream, messages);
        println!("reference client   {:>6} ns an event", each(reference));
        println!("as fast as it      {:>6.1} times", reference.as_secs_f64() / piped.as_secs_f64());
    }
}

/// What the script says.
#[derive(serde::Deserialize)]
struct Told {
    messages: usize,
    milliseconds: f64,
}

/// How long the reference client takes, which has to end with as many messages.
fn reference(stream: &[u8], messages: usize) -> Duration {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/speed.mjs");
    let mut node = Command::new("node");
    let mut node = node.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    node.stdin.take().unwrap().write_all(stream).unwrap();
    let output = node.wait_with_output().unwrap();
    let told: Told = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told.messages, messages);
    Duration::from_secs_f64(told.milliseconds / 1000.0)
}

/// The least processor time of each. They take turns, so that what disturbs one disturbs the others, too.
fn quickest<const N: usize>(mut works: [&mut dyn FnMut(); N]) -> [Duration; N] {
    let mut quickest = [Duration::MAX; N];
    for _ in 0..ROUNDS {
        for (work, quickest) in works.iter_mut().zip(&mut quickest) {
            let start = ThreadTime::now();
            work();
            *quickest = start.elapsed().min(*quickest);
        }
    }
    quickest
}

fn frames(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = FrameReader::new();
    reader.push(stream);
    std::iter::from_fn(|| reader.next_frame().unwrap().map(<[u8]>::to_vec)).collect()
}

/// One run after the other, of 200 events each.
fn made_up(events: usize) -> Vec<u8> {
    let mut stream = Vec::new();
    for run in 0..events / 200 {
        for event in run_of(run) {
            stream.extend(format!("data: {event}\n\n").into_bytes());
        }
    }
    stream
}

fn run_of(run: usize) -> Vec<String> {
    let id = |what: &str| format!("{what}-{run}");
    let ids = json!({ "threadId": "thread-1", "runId": id("run") });
    // As every producer has it, the type comes first, whatever the order in which serde_json keeps members.
    let with =
        |kind: &str, members: Value| members.to_string().replacen('{', &format!(r#"{{"type":"{kind}","#), 1);
    let many = |count: usize, event: String| std::iter::repeat_n(event, count);
    let message =
        |n: usize| json!({ "role": "user", "id": format!("old-{n}"), "content": "Is it warm in Kyiv?" });
    let snapshot = json!({ "messages": (0..20).map(message).collect::<Vec<_>>() });
    let patch = json!({ "delta": [
        { "op": "replace", "path": "/count", "value": run },
        { "op": "replace", "path": "/plan/status", "value": "open" },
    ] });

    let mut events = vec![with("RUN_STARTED", ids.clone())];
    events.push(with("STATE_SNAPSHOT", json!({ "snapshot": { "count": 0, "plan": { "status": "" } } })));
    events.extend(many(4, with("MESSAGES_SNAPSHOT", snapshot)));
    events.push(with("REASONING_MESSAGE_START", json!({ "messageId": id("thought"), "role": "reasoning" })));
    let thought = json!({ "messageId": id("thought"), "delta": "the user may" });
    events.extend(many(20, with("REASONING_MESSAGE_CONTENT", thought)));
    events.push(with("REASONING_MESSAGE_END", json!({ "messageId": id("thought") })));
    events.push(with("TEXT_MESSAGE_START", json!({ "messageId": id("text"), "role": "assistant" })));
    let text = json!({ "messageId": id("text"), "delta": " weather and" });
    events.extend(many(120, with("TEXT_MESSAGE_CONTENT", text)));
    events.push(with("TEXT_MESSAGE_END", json!({ "messageId": id("text") })));
    let call = json!({ "toolCallId": id("call"), "toolCallName": "weather", "parentMessageId": id("text") });
    events.push(with("TOOL_CALL_START", call));
    events.extend(many(
        30,
        with("TOOL_CALL_ARGS", json!({ "toolCallId": id("call"), "delta": "\"city\": \"K" })),
    ));
    events.push(with("TOOL_CALL_END", json!({ "toolCallId": id("call") })));
    events.extend(many(10, with("STATE_DELTA", patch)));
    events.push(with("RUN_FINISHED", ids));
    events
}
