//! Random streams, right ones and broken ones, make of a conversation what the reference client makes of it.

use crate::reduce::random_stream;
use crate::support::peers::Peer;
use crate::verify::random::Random;
use crate::verify::reference::meets_chunks_from_elsewhere;
use agui::client::{Outcome, Pipeline};
use agui::codec::decode_lenient;
use agui::verify::Verifier;
use agui::{Event, RunAgentInput};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// Multiplied by `AGUI_CASES`.
const STREAMS: f64 = 2000.0;

#[test]
fn random_streams_come_through_as_through_the_reference_client() {
    let Some(node) = Peer::node("random_streams_come_through_as_through_the_reference_client") else {
        return;
    };
    let mut random = Random::new();
    let count = random.cases(STREAMS);
    let streams: Vec<_> = (0..count).map(|_| stream(&mut random)).collect();
    let lines: String = streams.iter().map(|events| format!("{}\n", json!(events))).collect();
    let theirs = node.run("reduce.mjs", &[], &lines);
    let mut rejected = 0;
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differences = Vec::new();
    for (events, theirs) in streams.iter().zip(theirs.as_array().unwrap()) {
        let ours = ours(events);
        rejected += usize::from(ours["rejected"] == true);
        let both_reject = ours["rejected"] == true && !theirs["failure"].is_null();
        let both_accept = ours["rejected"] == false && theirs["failure"].is_null();
        // Of what it rejects, the reference client may not have applied what came before.
        let same = ["messages", "state"].iter().all(|part| ours[part] == theirs[part]);
        if both_reject || (both_accept && same) {
            continue;
        }
        match decided(events, &ours, theirs) {
            Some(rule) => *known.entry(rule).or_default() += 1,
            None => {
                let lines: String = events.iter().map(|event| format!("\n  {event}")).collect();
                differences.push((lines.len(), format!("ours: {ours}\ntheirs: {theirs}{lines}")));
            }
        }
    }
    differences.sort();
    if let Some((_, shortest)) = differences.first() {
        panic!(
            "{} of {count} streams differ, {}, the shortest:\n{shortest}",
            differences.len(),
            random.seed()
        );
    }
    assert!((count / 10..=count * 9 / 10).contains(&rejected), "{rejected} of {count} streams were rejected");
    println!("{rejected} of {count} streams were rejected, rules decided otherwise for {known:?}");
    assert!(known.values().sum::<usize>() < count / 4, "rules decide too often: {known:?}");
}

fn ours(events: &[Value]) -> Value {
    let mut pipeline = Pipeline::new(&RunAgentInput::new("thread", "run", vec![]));
    for event in events {
        pipeline.push(format!("data: {event}\n\n").as_bytes());
        while pipeline.next_event().is_some() {}
    }
    pipeline.end();
    while pipeline.next_event().is_some() {}
    let (outcome, conversation) = (pipeline.outcome(), pipeline.conversation());
    json!({
        "rejected": matches!(outcome, Outcome::Rejected(_)),
        "why": outcome.to_string(),
        "messages": conversation.messages(),
        "state": conversation.state(),
    })
}

/// The rule by which a stream comes out another way here, if one does:
///
/// - PROC-4: a `type`, `role` or `op` that is there but is no text, or is not there, is malformed. The reference client
///   drops what it belongs to, as if it were of an unknown kind.
/// - REAS-14: an unknown `subtype` removes its event. With the reference client it is fatal.
/// - META-9: empty metadata change nothing. The reference client adds them to a new message.
/// - EVT-9: ids are those of one message. What comes of others is nobody's business.
/// - CHK-11: an explicit event ends the chunk stream of its item. With the reference client, in its own lane only.
fn decided(events: &[Value], ours: &Value, theirs: &Value) -> Option<&'static str> {
    let why = ours["why"].as_str().unwrap_or_default();
    let discriminated = |member: &&str| {
        why.contains(&format!("/{member}: invalid type:"))
            || why.contains(&format!("missing field `{member}`"))
    };
    if ["type", "role", "op"].iter().any(discriminated) {
        return Some("PROC-4");
    }
    let known = [json!("message"), json!("tool-call")];
    if events.iter().any(|event| event["subtype"].is_string() && !known.contains(&event["subtype"])) {
        return Some("REAS-14");
    }
    if events.iter().any(|event| event["metadata"] == json!({})) {
        return Some("META-9");
    }
    for side in [ours, theirs] {
        let mut ids = HashSet::new();
        if !side["messages"].as_array().unwrap().iter().all(|message| ids.insert(&message["id"])) {
            return Some("EVT-9");
        }
    }
    let mut verifier = Verifier::consumer();
    for event in events {
        let Some(event) = decode_lenient::<Event>(event.to_string().as_bytes()).ok().and_then(|d| d.value)
        else {
            continue;
        };
        let stated = match &event {
            Event::MessagesSnapshot(event) => &*event.messages,
            Event::RunStarted(event) => event.input.as_ref().map_or(&[][..], |input| &*input.messages),
            _ => &[],
        };
        let mut ids = HashSet::new();
        if !stated.iter().all(|message| ids.insert(message.id())) {
            return Some("EVT-9");
        }
        if meets_chunks_from_elsewhere(&verifier, &event) {
            return Some("CHK-11");
        }
        let _ = verifier.check(&event);
    }
    None
}

/// A stream that is in order, with up to three things wrong with it.
fn stream(random: &mut Random) -> Vec<Value> {
    let mut events: Vec<Value> = random_stream(random).iter().map(|event| json!(event)).collect();
    for _ in 0..random.pick(&[0, 0, 1, 1, 2, 3]) {
        if events.is_empty() {
            break;
        }
        let at = random.below(events.len());
        match random.below(10) {
            0 => drop(events.remove(at)),
            1 => events.insert(at, events[at].clone()),
            2 => events.swap(at, random.below(at + 1)),
            3 => events.insert(at, json!(random.event())),
            4 => events[at]["type"] = json!("FUTURE"),
            _ => mutate(random, &mut events[at]),
        }
    }
    events
}

/// Changes one member, somewhere in a value.
fn mutate(random: &mut Random, value: &mut Value) {
    match value {
        Value::Object(members) => {
            let keys: Vec<_> = members.keys().cloned().collect();
            if keys.is_empty() || random.one_in(6) {
                members.insert("future".to_owned(), json!({ "x": 1 }));
                return;
            }
            let key = &keys[random.below(keys.len())];
            if random.one_in(5) {
                members.remove(key);
            } else if let Some(member) = members.get_mut(key) {
                mutate(random, member);
            }
        }
        Value::Array(items) if !items.is_empty() && !random.one_in(4) => {
            let at = random.below(items.len());
            mutate(random, &mut items[at]);
        }
        _ => {
            let others = [
                json!(null),
                json!(7),
                json!(-1),
                json!(0.5),
                json!("future"),
                json!(true),
                json!([]),
                json!({}),
            ];
            *value = others[random.below(others.len())].clone();
        }
    }
}
