//! The runs that go on where others ended: with answers, results, or nothing new.

use super::cases::{DeleteFile, agent, haiku};
use super::notation;
use crate::support::peers::Peer;
use agui::model::Reply;
use agui::session::{MemoryStore, Sessions};
use agui::testing::{Recording, ask, record};
use agui::{Agent, DynAgent, Result, ResumeEntry, ResumeEntryStatus, RunRequest};
use serde_json::{Value, json};

/// The next request, as a client makes it of the run before.
type Next = fn(&Recording) -> Result<RunRequest>;

/// A run and the one after it.
struct Case {
    name: &'static str,
    agent: DynAgent,
    next: Next,
    /// Of the second run.
    sequence: &'static str,
}

fn case(name: &'static str, agent: impl Agent, next: Next, sequence: &'static str) -> Case {
    Case { name, agent: DynAgent::new(agent), next, sequence }
}

fn asked(name: &'static str, next: Next, sequence: &'static str) -> Case {
    let asks = Reply::call(&DeleteFile { path: "a".into() });
    case(name, agent([asks, Reply::text("Done.")]), next, sequence)
}

fn cases() -> Vec<Case> {
    vec![
        case(
            "frontend_tool",
            agent([Reply::text("A haiku!").and_call(&haiku()), Reply::text("There it is.")]),
            |before| before.answer("Rain on the window"),
            "RS TS TC TE RF",
        ),
        // Nothing of the call is said again: clients have it.
        asked("approved", |before| before.resume(json!({ "approved": true })), "RS CR TS TC TE RF"),
        asked("denied", |before| before.resume(json!({ "approved": false })), "RS CR TS TC TE RF"),
        asked("cancelled", cancelled, "RS CR TS TC TE RF"),
        asked("bad_payload", |before| before.resume(json!({ "aproved": true })), "RS RE(resume_malformed)"),
        asked("bad_id", unknown, "RS RE(resume_incomplete)"),
        case(
            "reloaded",
            Sessions::new(MemoryStore::new(), agent([Reply::text("Done.")])),
            |before| {
                let mut next = before.answer("")?;
                next.input_mut().messages.clear();
                Ok(next)
            },
            "RS MESSAGES_SNAPSHOT SS RF",
        ),
    ]
}

fn cancelled(before: &Recording) -> Result<RunRequest> {
    let mut next = before.resume(())?;
    for entry in next.input_mut().resume.iter_mut().flatten() {
        *entry = ResumeEntry::new(&*entry.interrupt_id, ResumeEntryStatus::Cancelled);
    }
    Ok(next)
}

fn unknown(before: &Recording) -> Result<RunRequest> {
    let mut next = before.resume(json!({ "approved": true }))?;
    next.input_mut().resume.iter_mut().flatten().for_each(|entry| entry.interrupt_id = "unknown".into());
    Ok(next)
}

/// Both runs of each case.
async fn runs(case: &Case) -> [Recording; 2] {
    let before = record(case.agent.clone(), ask("Go!")).await;
    let next = (case.next)(&before).unwrap();
    let after = record(case.agent.clone(), next).await;
    [before, after]
}

#[tokio::test]
async fn each_run_that_goes_on_has_the_sequence_that_is_written_here() {
    let mut wrong = Vec::new();
    for case in cases() {
        let [_, after] = runs(&case).await;
        let found = notation(after.events());
        if found != case.sequence {
            wrong.push(format!("{}: {found}\n  instead of {}", case.name, case.sequence));
        }
        assert!(after.events().iter().all(|event| event.timestamp().is_some()), "{}: {after:?}", case.name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_official_schemas_accept_every_event() {
    let Some(node) = Peer::node("events of resumed runs by @ag-ui/core") else { return };
    let mut events = Vec::new();
    for case in cases() {
        for recording in runs(&case).await {
            let recording: Value = serde_json::to_value(recording).unwrap();
            events.extend(recording.as_array().unwrap().iter().cloned());
        }
    }
    for (event, problems) in events.iter().zip(node.problems("validate.mjs", &events)) {
        assert!(problems.is_empty(), "{problems:#?} in {event:#}");
    }
}
