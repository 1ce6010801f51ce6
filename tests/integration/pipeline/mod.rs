//! Random streams, right ones and broken ones, make of a conversation what the reference client makes of it.
//!
//! Where the rules make it come out another way here, the stream is changed so that they do not, in that point alone, and
//! compared again: everything else has to be the same. What a rule decides is in [`excuses`].

mod compared;
mod excuses;
mod streams;

use crate::support::peers::Peer;
use crate::verify::random::Random;
use agui::Event;
use agui::reduce::Conversation;
use compared::Trial;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Multiplied by `AGUI_CASES`.
const STREAMS: f64 = 2000.0;

/// So often a stream may be changed for a rule. More cannot be wrong with one.
const ROUNDS: usize = 12;

#[test]
fn random_streams_come_through_as_through_the_reference_client() {
    let Some(node) = Peer::node("random_streams_come_through_as_through_the_reference_client") else {
        return;
    };
    let mut random = Random::new();
    let count = random.cases(STREAMS);
    let mut trials: Vec<_> = (0..count).map(|_| Trial::of(streams::stream(&mut random))).collect();
    let rejected = trials.iter().filter(|trial| trial.is_rejected()).count();
    let mut excused = 0;
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differences = Vec::new();
    for round in 0..ROUNDS {
        let mut again = Vec::new();
        for (trial, theirs) in compared::ask(node, trials) {
            if trial.agrees_with(&theirs) {
                excused += usize::from(!trial.rules.is_empty());
                trial.rules.iter().for_each(|rule| *known.entry(rule).or_default() += 1);
            } else if let Some(changed) = excuses::changed(&trial) {
                again.push(changed);
            } else {
                differences.push(trial.shown(&theirs));
            }
        }
        trials = again;
        assert!(round + 1 < ROUNDS || trials.is_empty(), "{} streams are changed on and on", trials.len());
    }
    random.expect_none(&differences, count);
    assert!((count / 10..=count * 9 / 10).contains(&rejected), "{rejected} of {count} streams were rejected");
    println!("{rejected} of {count} streams were rejected, in {excused} rules decided otherwise: {known:?}");
    assert!(excused < count / 5, "rules decide too often: {known:?}");
}

/// A conversation alone makes of events what a whole client makes of their bytes.
#[test]
fn a_conversation_makes_of_random_events_what_a_pipeline_makes_of_them() {
    let mut random = Random::new();
    for _ in 0..random.cases(STREAMS / 4.0) {
        let events = streams::in_order(&mut random);
        let mut conversation = Conversation::default();
        for event in &events {
            if let Err(error) = conversation.apply(event) {
                assert!(!error.is_fatal(), "{error}, {}", random.seed());
            }
        }
        let trial = Trial::of(events.iter().map(|event: &Event| json!(event)).collect());
        let alone: Value = json!({ "messages": conversation.messages(), "state": conversation.state() });
        assert_eq!(trial.ours.made, alone, "{}: {}", random.seed(), json!(events));
    }
}
