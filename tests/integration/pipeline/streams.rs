//! Random streams for clients: right ones, and spoilt ones.

use crate::verify::random::Random;
use crate::verify::reference::meets_chunks_from_elsewhere;
use agui::Event;
use agui::reduce::Conversation;
use agui::verify::Verifier;
use serde_json::{Value, json};
use std::collections::HashSet;

/// A stream that is in order, with up to three things wrong with it.
pub(super) fn stream(random: &mut Random) -> Vec<Value> {
    let mut events: Vec<Value> = in_order(random).iter().map(|event| json!(event)).collect();
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

/// A stream that is in order, with more in its events than order depends on.
pub(super) fn in_order(random: &mut Random) -> Vec<Event> {
    let mut verifier = Verifier::consumer();
    let mut conversation = Conversation::default();
    let mut events = Vec::new();
    let mut number = 0;
    let length = 5 + random.below(40);
    for _ in 0..length {
        let mut event = if events.is_empty() { random.run_started() } else { random.event() };
        // An event is not to state two messages under one id.
        let stated = match &event {
            Event::MessagesSnapshot(event) => &*event.messages,
            Event::RunStarted(event) => event.input.as_ref().map_or(&[][..], |input| &*input.messages),
            _ => &[],
        };
        let mut ids = HashSet::new();
        if !stated.iter().all(|message| ids.insert(message.id()))
            || meets_chunks_from_elsewhere(&verifier, &event)
        {
            continue;
        }
        number += 1;
        let operation = |path: &str| {
            let value = json!([{"op": "add", "path": path, "value": {"n": number}}]);
            serde_json::from_value(value).unwrap()
        };
        let path = ["/a", "/b/n", "/c/-", "", "/a/n"][random.below(5)];
        match &mut event {
            Event::TextMessageContent(event) => event.delta = number.to_string(),
            Event::ReasoningMessageContent(event) => event.delta = number.to_string(),
            Event::ToolCallArgs(event) => event.delta = number.to_string(),
            Event::ReasoningEncryptedValue(event) => event.encrypted_value = number.to_string(),
            Event::StateSnapshot(event) => event.snapshot = json!({"b": {}, "c": [number]}),
            Event::StateDelta(event) => event.delta = operation(path),
            Event::ActivityDelta(event) => event.patch = operation(path),
            Event::ActivitySnapshot(event) => event.content.extend([("a".to_owned(), json!(number))]),
            _ => {}
        }
        if random.one_in(3) && event.event_type() != agui::EventType::MessagesSnapshot {
            let key = ["k", "l"][random.below(2)].to_owned();
            event.metadata_mut().get_or_insert_default().insert(key, json!(number));
        }
        // What has the id of another message breaks EVT-9, and what comes of it is nobody's business.
        let mut next = conversation.clone();
        let _ = next.apply(&event);
        let mut ids = HashSet::new();
        if next.messages().iter().all(|message| ids.insert(message.id())) && verifier.check(&event).is_ok() {
            conversation = next;
            events.push(event);
        }
    }
    events
}
