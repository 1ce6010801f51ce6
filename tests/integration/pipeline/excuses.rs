//! The rules by which streams come out another way here than with the reference client, and how to change a stream so
//! that they have nothing to decide any more.
//!
//! - PROC-4: a discriminator (`type`, `role`, `op`) that is no text, or is not there, is malformed and fatal. The
//!   reference client drops what it belongs to, as if it were of an unknown kind; so an unknown kind takes its place.
//! - REAS-14: an unknown `subtype` removes its event. With the reference client it is fatal; so the event is left out.
//! - META-9: empty metadata change nothing. The reference client adds them to a new message; so they are left out.
//! - CHK-11: an explicit event ends the chunk stream of its item, in whatever lane. With the reference client it does so
//!   in its own lane only; so an event without effect ends the lane before (CHK-20).
//! - EVT-9: an id is that of one message, and what comes of others is not specified; so the first event that gives an id
//!   to a second message is left out.
//!
//! Where a rule says that something has no effect, leaving it out must have none here.

use super::compared::{Ours, Trial};
use agui::codec::decode_lenient;
use agui::reduce::Expander;
use agui::{CustomEvent, Event};
use serde_json::{Value, json};
use std::collections::HashSet;

/// The stream, changed for the first of the rules that has something to decide in it.
pub(super) fn changed(trial: &Trial) -> Option<Trial> {
    malformed_discriminator(trial)
        .or_else(|| unknown_subtype(trial))
        .or_else(|| empty_metadata(trial))
        .or_else(|| chunks_elsewhere(trial))
        .or_else(|| second_message(trial))
}

fn malformed_discriminator(trial: &Trial) -> Option<Trial> {
    let rejection = trial.ours.rejection.as_ref().filter(|rejection| rejection.rule() == "PROC-4")?;
    let said = rejection.to_string();
    let (of, member) = ["type", "role", "op"].into_iter().find_map(|member| {
        let of = rejection.pointer().strip_suffix(member).and_then(|of| of.strip_suffix('/'));
        let missing = said.contains(&format!("missing field `{member}`")).then(|| rejection.pointer());
        Some((of.or(missing)?, member))
    })?;
    let mut events = trial.events.clone();
    let part = events[rejection.index()].pointer_mut(of)?;
    if part.get(member).is_some_and(Value::is_string) {
        return None;
    }
    part.as_object_mut()?.insert(member.to_owned(), json!("FUTURE"));
    Some(trial.changed(events, "PROC-4"))
}

fn unknown_subtype(trial: &Trial) -> Option<Trial> {
    let known = [json!("message"), json!("tool-call")];
    let removed = |event: &Value| {
        event["type"] == "REASONING_ENCRYPTED_VALUE"
            && event["subtype"].is_string()
            && !known.contains(&event["subtype"])
    };
    let events = trial.events.iter().filter(|event| !removed(event)).cloned().collect();
    without_effect(trial, events, "REAS-14")
}

fn empty_metadata(trial: &Trial) -> Option<Trial> {
    let mut events = trial.events.clone();
    for event in &mut events {
        if event["metadata"] == json!({}) {
            event.as_object_mut()?.remove("metadata");
        }
    }
    without_effect(trial, events, "META-9")
}

fn chunks_elsewhere(trial: &Trial) -> Option<Trial> {
    let mut expander = Expander::default();
    let mut events = Vec::new();
    for event in &trial.events {
        if let Some(typed) = typed(event)
            && let Ok(expanded) = expander.expand(&typed)
            && let [ended @ .., last] = &*expanded
            && **last == typed
        {
            let same = |end: &Event| {
                (end.message_id(), end.tool_call_id()) == (typed.message_id(), typed.tool_call_id())
            };
            let elsewhere =
                ended.iter().find(|end| end.subagent_run_id() != typed.subagent_run_id() && same(end));
            if let Some(end) = elsewhere {
                let mut ends = CustomEvent::new("ends the lane", json!(null));
                ends.subagent_run_id = end.subagent_run_id().cloned();
                events.push(json!(Event::from(ends)));
            }
        }
        events.push(event.clone());
    }
    without_effect(trial, events, "CHK-11")
}

fn second_message(trial: &Trial) -> Option<Trial> {
    let last = trial.ours.rejection.as_ref().map_or(trial.events.len(), |rejection| rejection.index());
    let first = (0..last).find(|at| {
        let event = &trial.events[*at];
        let stated = [&event["messages"], &event["input"]["messages"]];
        let twice = |messages: &Value| {
            let mut ids = HashSet::new();
            !messages.as_array().into_iter().flatten().all(|message| ids.insert(&message["id"]))
        };
        stated.into_iter().any(twice) || twice(&Ours::of(&trial.events[..=*at]).made["messages"])
    })?;
    let mut events = trial.events.clone();
    events.remove(first);
    Some(trial.changed(events, "EVT-9"))
}

/// With other events that have to come out the same here.
fn without_effect(trial: &Trial, events: Vec<Value>, rule: &'static str) -> Option<Trial> {
    if events == trial.events {
        return None;
    }
    let changed = trial.changed(events, rule);
    let why = |ours: &Ours| {
        ours.rejection.as_ref().map(|rejection| (rejection.rule(), rejection.pointer().to_owned()))
    };
    (changed.ours.made == trial.ours.made && why(&changed.ours) == why(&trial.ours)).then_some(changed)
}

fn typed(event: &Value) -> Option<Event> {
    decode_lenient::<Event>(event.to_string().as_bytes()).ok()?.value
}
