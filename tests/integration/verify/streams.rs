//! Whole streams of others: the official conformance streams, and recordings of other servers.

use super::shared;
use agui::codec::decode_lenient;
use agui::verify::{OrderViolation, Verifier};
use agui::{Event, EventType};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// Where the reference client's verdict has another reason than order, by a part of its error.
const NOT_ORDER: &[(&str, &str)] = &[
    ("malformed-known-field-fatal", "delta"),
    ("reasoning-message-wrong-role-fatal", "expected \"reasoning\""),
    ("subagent-started-missing-name-fatal", "name"),
    ("unknown-enum-value-role-fatal", "role"),
    ("unknown-outcome-array-fatal", "expected object, received array"),
];

/// What the streams break that the reference client rejects because of the order.
const ORDER: &[(&str, &str)] = &[
    ("chunk-conflicting-role-fatal", "CHK-17"),
    ("content-without-start-fatal", "TXT-7"),
    ("first-chunk-missing-id-fatal", "CHK-12"),
    ("first-event-not-run-started-fatal", "RUN-1"),
    ("nested-run-started-fatal", "RUN-21"),
    ("open-message-at-run-finished-fatal", "RUN-11"),
    ("run-finished-with-active-subagent-fatal", "RUN-11"),
    ("step-finished-without-start-fatal", "STEP-2"),
    ("subagent-finished-unstarted-fatal", "SUB-6"),
];

#[test]
fn conformance_streams_get_the_verdict_of_the_reference_client() {
    let Some(folder) = shared::find("conformance/streams", "the official conformance streams") else {
        return;
    };
    let mut rejected = BTreeMap::new();
    for file in shared::files(&folder, ".json") {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let case: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let events = case["stream"].as_array().unwrap().iter().map(Value::to_string);
        let result = judge(Verifier::consumer(), events);
        if let Some((_, why)) = NOT_ORDER.iter().find(|(stream, _)| *stream == name) {
            assert_eq!(
                case["expect"]["errorContains"].as_str().map(|text| text.replace('\\', "")).as_deref(),
                Some(*why),
                "{name}"
            );
            result.unwrap_or_else(|violation| panic!("{name}: {violation}"));
        } else {
            let fails = case["expect"]["outcome"] == "failed";
            assert_eq!(result.is_err(), fails, "{name}: {result:?}, {}", case["expect"]);
            if let Err(violation) = result {
                rejected.insert(name, violation.rule());
            }
        }
    }
    let expected = ORDER.iter().map(|(name, rule)| ((*name).to_owned(), *rule)).collect();
    assert_eq!(rejected, expected);
}

#[test]
fn recordings_are_in_order() {
    let Some(folder) = shared::find("recordings", "the recorded event streams") else { return };
    let expected = fs::read(folder.join("expected.json")).unwrap();
    let expected: BTreeMap<String, Value> = serde_json::from_slice(&expected).unwrap();
    let mut streams = 0;
    for file in shared::files(&folder, ".sse") {
        let name = file.file_name().unwrap().to_string_lossy();
        let body = fs::read_to_string(&file).unwrap();
        let result = judge(Verifier::consumer(), data(&body));
        let accepted = expected[&*name]["ok"].as_bool().unwrap();
        assert_eq!(result.is_ok(), accepted, "{name}: {result:?}");
        streams += 1;
    }
    assert!(streams > 40, "only {streams} recordings");
}

/// Verifies a stream of JSON documents as it is after enforcement: what is not recognised is gone, and
/// what is malformed ends it, which is not a matter of order. Retired event types count as unrecognised.
fn judge(mut verifier: Verifier, events: impl Iterator<Item = String>) -> Result<(), OrderViolation> {
    for json in events {
        let Ok(event) = decode_lenient::<Event>(json.as_bytes()) else { return Ok(()) };
        if let Some(event) = event.value {
            verifier.check(&event)?;
            assert!(verifier.is_running() || is_boundary(event.event_type()));
        }
    }
    verifier.finish()
}

fn is_boundary(event: EventType) -> bool {
    matches!(event, EventType::RunFinished | EventType::RunError)
}

/// The data of server-sent events.
fn data(body: &str) -> impl Iterator<Item = String> {
    let frames = body.split("\n\n").map(|frame| {
        let lines = frame.lines().filter_map(|line| line.strip_prefix("data:"));
        lines.map(|data| data.strip_prefix(' ').unwrap_or(data)).collect::<Vec<_>>().join("\n")
    });
    frames.filter(|data| !data.is_empty())
}
