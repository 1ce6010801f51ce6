//! Streams that other servers really sent, and what the reference client makes of them.

use agui::RunAgentInput;
use agui::client::{Exchange, Finished, InProcess, Outcome, Pipeline, Proxy, Replay};
use agui::compat::decode_input;
use fastrand::Rng;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A recorded stream.
struct Recorded {
    name: String,
    stream: Vec<u8>,
    input: RunAgentInput,
    expected: Value,
    /// Where ids come from that nobody made up.
    origin: String,
}

fn recordings() -> Vec<Recorded> {
    let Some(folder) = folder() else { return Vec::new() };
    let read =
        |name: &str| std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let expected: Map<String, Value> = serde_json::from_slice(&read("expected.json")).unwrap();
    let recorded = expected.into_iter().map(|(name, expected)| {
        let request = read(&name.replace(".sse", ".request.json"));
        let stream = read(&name);
        let origin = String::from_utf8_lossy(&stream).into_owned() + &String::from_utf8_lossy(&request);
        let input = decode_input(&request).unwrap().decoded.value.unwrap();
        Recorded { name, stream, input, expected, origin }
    });
    recorded.collect()
}

fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("AGUI_SHARED").map(PathBuf::from);
    let must = named.is_some();
    let shared = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let folder = shared.join("recordings");
    if folder.exists() || must {
        return Some(folder);
    }
    let _ =
        std::io::stderr().write_all(b"client: skipped recordings: no ../shared, nor is AGUI_SHARED set\n");
    None
}

fn read(recorded: &Recorded, bytes: &[u8]) -> (usize, Finished) {
    let mut pipeline = Pipeline::new(&recorded.input);
    pipeline.push(bytes);
    pipeline.end();
    let delivered = std::iter::from_fn(|| pipeline.next_event()).count();
    (delivered, pipeline.finish())
}

/// Messages without the ids that a client made up.
fn without_minted_ids(messages: &Value, origin: &str) -> Value {
    let mut messages = messages.clone();
    for message in messages.as_array_mut().unwrap() {
        let id = message["id"].as_str().unwrap().to_owned();
        if !origin.contains(&format!("\"{id}\"")) {
            message["id"] = Value::Null;
        }
    }
    messages
}

#[test]
fn messages_and_state_are_those_of_the_reference_client() {
    for recorded in recordings() {
        let Recorded { name, expected, origin, .. } = &recorded;
        let (_, end) = read(&recorded, &recorded.stream);
        assert_eq!(
            !matches!(end.outcome, Outcome::Rejected(_)),
            expected["ok"] == true,
            "{name}: {}",
            end.outcome
        );
        let messages = serde_json::to_value(end.conversation.messages()).unwrap();
        assert_eq!(
            without_minted_ids(&messages, origin),
            without_minted_ids(&expected["messages"], origin),
            "{name}: messages"
        );
        assert_eq!(end.conversation.state(), &expected["state"], "{name}: state");
        // The reference client says each thing once.
        let warned: BTreeSet<_> =
            end.warnings.all().iter().filter_map(|warning| warning.event.clone()).collect();
        let theirs = expected["warnings"].as_array().unwrap();
        assert_eq!(warned.len(), theirs.len(), "{name}: {:?}", end.warnings.all());
        for event in warned {
            let said = |text: &Value| text.as_str().unwrap().contains(&format!("deprecated {event} "));
            assert!(theirs.iter().any(said), "{name}: {event}");
        }
    }
}

#[test]
fn trn_3_a_recording_that_is_cut_is_truncated_with_what_came_before() {
    let mut rng = Rng::with_seed(6);
    for recorded in recordings() {
        let Recorded { name, stream, .. } = &recorded;
        let text = String::from_utf8_lossy(stream);
        let last = text.rfind("data:").unwrap();
        let end_of_json = last + text[last..].trim_end().len();
        let frames = text.match_indices("\n\n").map(|(at, _)| at + 2).filter(|at| *at <= last);
        let random = std::iter::repeat_with(|| rng.usize(0..end_of_json)).take(20);
        let cuts: Vec<_> = frames.chain(random).chain([0, end_of_json - 1]).collect();
        for cut in cuts {
            let (delivered, end) = read(&recorded, &stream[..cut]);
            assert!(
                matches!(&end.outcome, Outcome::Truncated(truncation) if !truncation.aborted),
                "{name} cut at {cut}: {}",
                end.outcome
            );
            // Whole frames alone make what there is.
            let whole = text[..cut].rfind("\n\n").map_or(0, |at| at + 2);
            let (before, intact) = read(&recorded, &stream[..whole]);
            let tail = &text[whole..cut];
            if serde_json::from_str::<Value>(tail.trim_start_matches("data:")).is_err() {
                assert_eq!(delivered, before, "{name} cut at {cut}");
                let messages = |end: &Finished| {
                    let messages = serde_json::to_value(end.conversation.messages()).unwrap();
                    without_minted_ids(&messages, &recorded.origin)
                };
                assert_eq!(messages(&end), messages(&intact), "{name} cut at {cut}");
                assert_eq!(end.conversation.state(), intact.conversation.state(), "{name} cut at {cut}");
            }
        }
    }
}

/// PROXY-1: what a client makes of an answer is the same behind a proxy.
#[tokio::test]
async fn proxy_1_recordings_pass_a_proxy() {
    for recorded in recordings() {
        let Recorded { name, stream, input, origin, .. } = &recorded;
        let (_, direct) = read(&recorded, stream);
        let proxy = Proxy::new(Replay::new(stream.clone()));
        let (_, proxied) = Exchange::new(&InProcess::new(proxy), input.clone()).unwrap().record().await;
        // What ends before it begins has no run of its own; here the proxy's has begun.
        let same = match (&direct.outcome, &proxied.outcome) {
            (Outcome::Failed(direct), Outcome::Failed(proxied)) => {
                (&direct.message, &direct.code) == (&proxied.message, &proxied.code)
            }
            (direct, proxied) => direct == proxied,
        };
        assert!(same, "{name}: {} / {}", direct.outcome, proxied.outcome);
        let messages = |end: &Finished| {
            without_minted_ids(&serde_json::to_value(end.conversation.messages()).unwrap(), origin)
        };
        assert_eq!(messages(&proxied), messages(&direct), "{name}");
        assert_eq!(proxied.conversation.state(), direct.conversation.state(), "{name}");
    }
}
