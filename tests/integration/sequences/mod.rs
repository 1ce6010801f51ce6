//! The events of ordinary runs, written down: where other servers have odd sequences, ours beside them, and past the
//! clients that deployed front ends have.

mod cases;
mod resumed;

use crate::support::http::Serving;
use crate::support::peers::Peer;
use agui::testing::{ask, record};
use agui::{DynAgent, Event, RunFinishedOutcome, Server};
use cases::cases;
use serde_json::{Value, json};

/// A run that other servers have a sequence of their own for.
struct Case {
    name: &'static str,
    agent: DynAgent,
    /// In the [notation](short).
    sequence: &'static str,
}

/// VER-12: what there is to know of a run stands in the events and outcomes that the protocol has for it.
#[tokio::test]
async fn each_run_has_the_sequence_that_is_written_here() {
    let mut wrong = Vec::new();
    for case in cases() {
        let recording = record(case.agent, ask("Go!")).await;
        let found = notation(recording.events());
        if found != case.sequence {
            wrong.push(format!("{}: {found}\n  instead of {}", case.name, case.sequence));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_event_has_a_timestamp_on_every_path() {
    for case in cases() {
        let recording = record(case.agent, ask("Go!")).await;
        let without = recording.events().iter().find(|event| event.timestamp().is_none());
        assert!(without.is_none(), "{}: {without:?}", case.name);
    }
}

#[tokio::test]
async fn the_official_schemas_accept_every_event() {
    let mut events = Vec::new();
    for case in cases() {
        let recording = serde_json::to_value(record(case.agent, ask("Go!")).await).unwrap();
        events.extend(recording.as_array().unwrap().iter().cloned());
    }
    let judge = |peer: &Peer, validator: &str| {
        for (event, problems) in events.iter().zip(peer.problems(validator, &events)) {
            assert!(problems.is_empty(), "{problems:#?} in {event:#}");
        }
    };
    if let Some(node) = Peer::node("events of ordinary runs by @ag-ui/core") {
        judge(node, "validate.mjs");
    }
    if let Some(python) = Peer::python("events of ordinary runs by ag-ui-protocol") {
        judge(python, "validate.py");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_client_and_those_of_deployed_front_ends_take_every_run_without_a_complaint() {
    let Some(node) = Peer::node("ordinary runs and the clients of front ends") else { return };
    // A script is said once, so each client has agents of its own.
    for client in ["@ag-ui/client", "client-0.0.59", "client-0.0.54"] {
        let names: Vec<_> = cases().iter().map(|case| case.name).collect();
        let server = cases()
            .into_iter()
            .fold(Server::new(), |server, case| server.agent(&format!("/{}", case.name), case.agent));
        let serving = Serving::start(server).await;
        let urls = names.iter().map(|name| format!("http://{}/{name}/agui", serving.address));
        let arguments: Vec<_> = std::iter::once(client.to_owned()).chain(urls).collect();
        let results = tokio::task::spawn_blocking(move || {
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            node.run("consume.mjs", &arguments, "")
        });
        let results = results.await.unwrap();
        let results = results.as_array().unwrap();
        assert_eq!(results.len(), names.len());
        for (name, result) in names.iter().zip(results) {
            assert_eq!(result["failure"], Value::Null, "{client}, {name}: {result:#}");
            assert_eq!(result["complaints"], json!([]), "{client}, {name}: {result:#}");
            let last = result["events"].as_array().unwrap().last().unwrap();
            assert!(
                ["RUN_FINISHED", "RUN_ERROR"].contains(&last["type"].as_str().unwrap()),
                "{client}, {name}"
            );
        }
    }
}

/// Events in short, the same ones after each other as one with their number.
fn notation(events: &[Event]) -> String {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for name in events.iter().map(short) {
        match runs.last_mut() {
            Some((last, count)) if *last == name => *count += 1,
            _ => runs.push((name, 1)),
        }
    }
    let shown = runs.into_iter().map(|(name, count)| match count {
        1 => name,
        count => format!("{name}×{count}"),
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// `RS` RUN_STARTED, `RF` RUN_FINISHED, `RE` RUN_ERROR, `TS TC TE` a text message, `CS CA CE CR` a tool call, `SS SD`
/// state, `ZS ZMS ZMC ZME ZX ZE` reasoning, `US UF UE` a subagent.
fn short(event: &Event) -> String {
    let name = match event {
        Event::RunStarted(_) => "RS",
        Event::RunFinished(event) => return format!("RF{}", outcome(event.outcome.as_ref())),
        Event::RunError(event) => {
            return event.code.as_ref().map_or("RE".to_owned(), |code| format!("RE({code})"));
        }
        Event::TextMessageStart(_) => "TS",
        Event::TextMessageContent(_) => "TC",
        Event::TextMessageEnd(_) => "TE",
        Event::ToolCallStart(_) => "CS",
        Event::ToolCallArgs(_) => "CA",
        Event::ToolCallEnd(_) => "CE",
        Event::ToolCallResult(_) => "CR",
        Event::StateSnapshot(_) => "SS",
        Event::StateDelta(_) => "SD",
        Event::ReasoningStart(_) => "ZS",
        Event::ReasoningMessageStart(_) => "ZMS",
        Event::ReasoningMessageContent(_) => "ZMC",
        Event::ReasoningMessageEnd(_) => "ZME",
        Event::ReasoningEncryptedValue(_) => "ZX",
        Event::ReasoningEnd(_) => "ZE",
        Event::SubagentStarted(_) => "US",
        Event::SubagentFinished(_) => "UF",
        Event::SubagentError(_) => "UE",
        other => other.event_type().as_str(),
    };
    name.to_owned()
}

/// An absent outcome is success (RUN-13).
fn outcome(outcome: Option<&RunFinishedOutcome>) -> String {
    match outcome {
        None => String::new(),
        Some(RunFinishedOutcome::Success(success)) if success.pending_tool_call_ids.is_some() => {
            let count = success.pending_tool_call_ids.as_ref().map_or(0, Vec::len);
            format!("({count} pending)")
        }
        Some(outcome) => format!("({})", outcome.tag()),
    }
}
