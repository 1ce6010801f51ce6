//! Random streams get the reference client's verdict.

use super::random::Random;
use crate::support::peers::Peer;
use agui::Event;
use agui::verify::Verifier;
use serde_json::{Value, json};

/// Multiplied by `AGUI_CASES`.
const STREAMS: f64 = 2000.0;

#[test]
fn random_streams_get_the_verdict_of_the_reference_client() {
    let Some(node) = Peer::node("random_streams_get_the_verdict_of_the_reference_client") else { return };
    let mut random = Random::new();
    let count = random.cases(STREAMS);
    let streams: Vec<_> = (0..count).map(|_| stream(&mut random)).collect();
    let lines: String = streams.iter().map(|(events, _)| format!("{}\n", json!(events))).collect();
    let theirs = node.run("order.mjs", &[], &lines);
    let mut rejected = 0;
    let mut differences = Vec::new();
    for ((events, ours), theirs) in streams.iter().zip(theirs.as_array().unwrap()) {
        let place = ours.as_ref().map(|(at, _)| *at);
        rejected += usize::from(ours.is_some());
        let of_expanded = judge_expanded(theirs);
        if place.map(Value::from).unwrap_or_default() != theirs["at"] || of_expanded.is_err() {
            let shown = theirs["at"].as_u64().map_or(events.len(), |at| at as usize + 1);
            let events = events.iter().take(shown.max(place.map_or(0, |at| at + 1)));
            let lines: String = events.map(|event| format!("\n  {}", json!(event))).collect();
            differences.push(format!("ours: {ours:?}\ntheirs: {theirs}\n{of_expanded:?}{lines}"));
        }
    }
    random.expect_none(&differences, count);
    assert!((count / 10..count).contains(&rejected), "{rejected} streams were rejected");
}

/// Once chunks are expanded, the verdict is the same.
fn judge_expanded(theirs: &Value) -> Result<(), String> {
    let mut verifier = Verifier::consumer();
    let expanded = theirs["expanded"].as_array().unwrap();
    let rejected = theirs["byExpansion"] == false && !theirs["at"].is_null();
    for (number, event) in expanded.iter().enumerate() {
        let last = number + 1 == expanded.len();
        match verifier.check(&serde_json::from_value(event.clone()).unwrap()) {
            Ok(()) if last && rejected => return Err(format!("accepted: {event}")),
            Err(violation) if !(last && rejected) => return Err(format!("{violation}: {event}")),
            _ => {}
        }
    }
    Ok(())
}

/// Whether an explicit event names an item that chunks assemble, maybe in another lane. The rules let it
/// end that chunk stream (CHK-11), the reference client does so only in the event's own lane. And whether
/// a result takes the id of such a message: with its owner the reference client exchanges whose END it
/// awaits.
pub(crate) fn meets_chunks_from_elsewhere(verifier: &Verifier, event: &Event) -> bool {
    let (open, id) = match event.tag() {
        tag if tag.ends_with("CHUNK") => return false,
        tag if tag.starts_with("TEXT_MESSAGE") || tag == "TOOL_CALL_RESULT" => {
            (verifier.open_text_messages(), event.message_id())
        }
        tag if tag.starts_with("TOOL_CALL") => (verifier.open_tool_calls(), event.tool_call_id()),
        _ => (verifier.open_reasoning_messages(), event.message_id()),
    };
    let mut met = open.iter().filter(|item| item.by_chunks && Some(item.id) == id);
    met.any(|item| item.owner.is_some() || event.subagent_run_id().is_some())
}

/// A stream that is right but for its last event, or altogether, and what is wrong with it.
fn stream(random: &mut Random) -> (Vec<Event>, Option<(usize, String)>) {
    let mut verifier = Verifier::consumer();
    let mut events = Vec::new();
    if !random.one_in(20) {
        let started = random.run_started();
        verifier.check(&started).unwrap();
        events.push(started);
    }
    for _ in 0..5 + random.below(60) {
        let event = random.event();
        if meets_chunks_from_elsewhere(&verifier, &event) {
            continue;
        }
        match verifier.check(&event) {
            Ok(()) => events.push(event),
            Err(violation) if random.one_in(25) => {
                events.push(event);
                return (events.clone(), Some((events.len() - 1, violation.to_string())));
            }
            Err(_) => {}
        }
    }
    (events, None)
}
