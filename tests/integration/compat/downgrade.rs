//! What front ends get that declare no version, before and after.

use crate::support::agents::input;
use crate::support::catalogue;
use crate::support::frames::{self, types};
use crate::support::log::Log;
use agui::codec::decode_strict;
use agui::compat::Downgrader;
use agui::reduce::Conversation;
use agui::verify::Verifier;
use agui::{Downgrade, Event, Result, RunContext, RunRequest};
use serde_json::{Value, json};

/// What becomes of a stream, and what was lost.
fn downgraded(events: &[Event]) -> (Vec<Event>, Vec<String>) {
    let mut downgrader = Downgrader::new();
    let (mut after, mut lost) = (Vec::new(), Vec::new());
    for event in events {
        match downgrader.downgrade(event) {
            None => after.push(event.clone()),
            Some(downgraded) => {
                after.extend(downgraded.events);
                lost.extend(downgraded.conversions.iter().map(ToString::to_string));
            }
        }
    }
    (after, lost)
}

fn typed(events: &Value) -> Vec<Event> {
    let events = events.as_array().unwrap().iter();
    events.map(|event| decode_strict(event.to_string().as_bytes()).unwrap()).collect()
}

#[track_caller]
fn becomes(before: Value, after: Value, lost: &[&str]) {
    let (events, told) = downgraded(&typed(&before));
    assert_eq!(json!(events), after);
    assert_eq!(told, lost);
}

#[test]
fn run_30_a_cancelled_run_is_an_error_with_a_code_of_its_own() {
    becomes(
        json!([{"type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": {"type": "cancelled"}, "timestamp": 7,
                "usage": [{"inputTokens": 1}], "metadata": {"a": null}, "rawEvent": 1}]),
        json!([{"type": "RUN_ERROR", "message": "The run was cancelled.", "code": "cancelled", "timestamp": 7,
                "usage": [{"inputTokens": 1}], "metadata": {"a": null}, "rawEvent": 1}]),
        &["/outcome: the outcome `cancelled` sent as RUN_ERROR; lost: that nothing failed (RUN-30)"],
    );
}

#[test]
fn tool_25_pending_calls_follow_from_the_stream() {
    let finished =
        |outcome: Value| json!([{"type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": outcome}]);
    becomes(
        finished(json!({"type": "success", "pendingToolCallIds": ["c"]})),
        finished(json!({"type": "success"})),
        &[],
    );
    let asking = |tag: Value| {
        let mut interrupt =
            json!({"id": "i", "reason": "why", "metadata": {"a": 1}, "responseSchema": {"type": "object"}});
        interrupt.as_object_mut().unwrap().extend(tag.as_object().unwrap().clone());
        finished(json!({"type": "interrupt", "interrupts": [interrupt]}))
    };
    becomes(asking(json!({"subagentRunId": "s"})), asking(json!({})), &[]);
}

#[test]
fn tool_14_results_are_text() {
    let result = |content: Value| json!([{"type": "TOOL_CALL_RESULT", "messageId": "m", "toolCallId": "c", "content": content}]);
    let text = |text: &str| json!({"type": "text", "text": text, "metadata": 1});
    let image = json!({"type": "image", "source": {"type": "url", "value": "x"}});
    becomes(result(json!([text("a"), text(" b")])), result(json!("a b")), &[]);
    becomes(
        result(json!([text("a"), image, text("b"), image])),
        result(json!("ab")),
        &["/content: content of a tool as text; lost: its parts of the kinds image (TOOL-14)"],
    );
    becomes(
        result(json!([image])),
        result(json!("")),
        &["/content: content of a tool as text; lost: its parts of the kinds image (TOOL-14)"],
    );
    becomes(result(json!("as it is")), result(json!("as it is")), &[]);
}

#[test]
fn messages_of_snapshots_and_inputs_are_older_too() {
    let image = json!({"type": "image", "source": {"type": "url", "value": "x"}, "metadata": 1});
    let file = json!({"type": "document", "source": {"type": "file", "value": "x"}});
    let before = json!([
        {"id": "u", "role": "user", "content": [{"type": "text", "text": "a"}, image, file]},
        {"id": "a", "role": "assistant", "content": "b", "subagentRunId": "s", "metadata": {"k": 1}},
        {"id": "t", "role": "tool", "toolCallId": "c", "content": [{"type": "text", "text": "c"}, image]},
    ]);
    let after = json!([
        {"id": "u", "role": "user", "content": [{"type": "text", "text": "a"}, image]},
        {"id": "a", "role": "assistant", "content": "b", "metadata": {"k": 1}},
        {"id": "t", "role": "tool", "toolCallId": "c", "content": "c"},
    ]);
    let lost = |at: &str| {
        [
            format!(
                "{at}/0/content: parts of a user's message dropped; lost: what was uploaded as a file (VER-19)"
            ),
            format!(
                "{at}/2/content: content of a tool as text; lost: its parts of the kinds image (TOOL-14)"
            ),
        ]
    };
    let [first, second] = lost("/messages");
    becomes(
        json!([{"type": "MESSAGES_SNAPSHOT", "messages": before}]),
        json!([{"type": "MESSAGES_SNAPSHOT", "messages": after}]),
        &[&first, &second],
    );
    let [first, second] = lost("/input/messages");
    let started =
        |input: Value| json!([{"type": "RUN_STARTED", "threadId": "t", "runId": "r", "input": input}]);
    becomes(
        started(json!({"threadId": "t", "runId": "r", "messages": before})),
        // VER-15: an empty value for what was required.
        started(json!({"threadId": "t", "runId": "r", "messages": after, "tools": [], "context": []})),
        &[&first, &second],
    );
}

#[test]
fn ver_18_of_subagents_their_work_remains() {
    becomes(
        json!([
            {"type": "SUBAGENT_STARTED", "subagentRunId": "s", "name": "n"},
            {"type": "TEXT_MESSAGE_START", "messageId": "m", "subagentRunId": "s"},
            {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "x"},
            {"type": "TEXT_MESSAGE_END", "messageId": "m", "subagentRunId": "s"},
            {"type": "SUBAGENT_ERROR", "subagentRunId": "s", "message": "m"},
            {"type": "SUBAGENT_FINISHED", "subagentRunId": "t"},
        ]),
        json!([
            {"type": "TEXT_MESSAGE_START", "messageId": "m"},
            {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "x"},
            {"type": "TEXT_MESSAGE_END", "messageId": "m"},
        ]),
        &[
            "SUBAGENT_STARTED dropped; lost: when which subagent is at work (VER-19)",
            "SUBAGENT_ERROR dropped; lost: when which subagent is at work (VER-19)",
            "SUBAGENT_FINISHED dropped; lost: when which subagent is at work (VER-19)",
        ],
    );
}

#[test]
fn step_4_steps_of_one_name_are_one_where_nobody_owns_them() {
    let step = |kind: &str, owner: Option<&str>| {
        let mut step = json!({"type": format!("STEP_{kind}"), "stepName": "search"});
        if let Some(owner) = owner {
            step["subagentRunId"] = owner.into();
        }
        step
    };
    becomes(
        json!([
            step("STARTED", Some("s")),
            step("STARTED", None),
            step("FINISHED", Some("s")),
            step("FINISHED", None),
            step("STARTED", Some("t")),
            step("FINISHED", Some("t")),
        ]),
        json!([step("STARTED", None), step("FINISHED", None), step("STARTED", None), step("FINISHED", None)]),
        &["steps of one name sent as one; lost: whose each is (VER-19)"],
    );
}

#[test]
fn run_23_what_is_open_when_a_run_fails_is_not_in_the_next() {
    let step = |kind: &str| json!({"type": format!("STEP_{kind}"), "stepName": "search"});
    let started = |run: &str| json!({"type": "RUN_STARTED", "threadId": "t", "runId": run});
    let error = json!({"type": "RUN_ERROR", "message": "x"});
    let runs =
        json!([started("r1"), step("STARTED"), error, started("r2"), step("STARTED"), step("FINISHED")]);
    becomes(runs.clone(), runs, &[]);
}

#[test]
fn chk_28_chunks_of_subagents_do_not_run_together() {
    let before = typed(&json!([
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "p", "delta": "parent ", "timestamp": 3},
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "a", "delta": "one ", "subagentRunId": "s"},
        {"type": "TOOL_CALL_CHUNK", "toolCallId": "c", "toolCallName": "f", "delta": "{", "subagentRunId": "t"},
        {"type": "TEXT_MESSAGE_CHUNK", "delta": "speaks"},
        {"type": "TEXT_MESSAGE_CHUNK", "delta": "two", "subagentRunId": "s"},
        {"type": "TOOL_CALL_CHUNK", "delta": "}", "subagentRunId": "t"},
        {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"},
    ]));
    let (after, lost) = downgraded(&before);
    assert_eq!(lost, [""; 0], "nothing");
    assert!(after.iter().all(|event| event.subagent_run_id().is_none() && !event.tag().ends_with("CHUNK")));
    // All that a chunk stands for has its time.
    let timed = after.iter().filter(|event| event.timestamp() == Some(3)).map(Event::tag);
    assert_eq!(timed.collect::<Vec<_>>(), ["TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT"]);
    assert_eq!(messages(&after), untagged(messages(&before)));
}

fn messages(events: &[Event]) -> Value {
    let mut conversation = Conversation::default();
    for event in events {
        // What the catalogue has no target for.
        let _ = conversation.apply(event);
    }
    json!(conversation.messages())
}

fn untagged(mut messages: Value) -> Value {
    for message in messages.as_array_mut().unwrap() {
        message.as_object_mut().unwrap().remove("subagentRunId");
    }
    messages
}

/// VER-16: what is malformed is refused, not made to fit.
#[tokio::test]
async fn ver_16_what_breaks_its_schema_is_no_older_shape_either() {
    let agent = async |run: RunContext| -> Result {
        let malformed = agui::SubagentStartedEvent::new("", "helper").timestamp(i64::MAX);
        let refused = run.emit(malformed).await.unwrap_err();
        assert!(refused.is_invalid_event(), "{refused}");
        run.text("Never mind.").await
    };
    let request = RunRequest::new(input()).downgrade(Downgrade::Always);
    assert_eq!(frames::text(&frames::all(agui::run(agent, request)).await), "Never mind.");
}

/// VER-17: what becomes of a stream is the same each time, with the ids and in the order that it had.
#[test]
fn ver_17_the_older_shape_depends_on_the_stream_alone() {
    let stream = catalogue::inner_events();
    let (first, _) = downgraded(&stream);
    assert_eq!(json!(downgraded(&stream).0), json!(first));
    let ids = |events: &[Event]| -> Vec<String> {
        let ids = json!(events);
        let ids = ids.as_array().unwrap().iter();
        let id = |event: &Value| {
            let kind = event["type"].as_str()?;
            // The pieces that chunks become, and those of subagents, which there are none of.
            if kind.ends_with("CHUNK") || kind.starts_with("SUBAGENT") {
                return None;
            }
            let id = event.get("messageId").or(event.get("toolCallId"))?;
            Some(format!("{kind} {id}"))
        };
        ids.filter_map(id).collect()
    };
    let (before, after) = (ids(&stream), ids(&first));
    assert!(before.len() > 10, "{before:?}");
    let mut rest = after.iter();
    for id in &before {
        assert!(rest.any(|one| one == id), "{id} is not where it was: {before:#?} {after:#?}");
    }
}

/// Streams with all there is, in an older shape: in order, without anything that such clients do not know.
#[test]
fn every_event_has_an_older_shape() {
    let all = catalogue::events();
    let (body, ends): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|event| !matches!(event, Event::RunFinished(_) | Event::RunError(_)));
    assert_eq!(ends.len(), 4);
    for end in ends {
        let mut stream = body.clone();
        stream.push(end);
        let (after, lost) = downgraded(&stream);
        assert!(!lost.is_empty());
        let mut verifier = Verifier::producer();
        for event in &after {
            verifier.check(event).unwrap_or_else(|violation| panic!("{violation}: {event:?}"));
        }
        let wire = json!(after);
        for unknown in [
            "subagentRunId",
            "SUBAGENT_",
            "pendingToolCallIds",
            r#""type":"cancelled""#,
            r#""file""#,
            "_CHUNK",
        ] {
            assert!(!wire.to_string().contains(unknown), "{unknown} in {wire:#}");
        }
        for event in wire.as_array().unwrap() {
            assert!(!event["content"].is_array(), "{event}");
        }
    }
}

async fn delegating(run: RunContext) -> Result {
    for _ in 0..3 {
        let subagent = run.start_subagent("helper").await?;
        subagent.text("Done.").await?;
        subagent.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn ver_14_in_process_everybody_is_taken_for_current() {
    let events = frames::all(agui::run(delegating, input())).await;
    assert_eq!(types(&events).iter().filter(|kind| kind.starts_with("SUBAGENT")).count(), 6);
}

#[tokio::test]
async fn ver_13_who_is_older_by_declaration_or_setting_gets_less() {
    let table = [
        (Downgrade::Never, None, false),
        (Downgrade::Never, Some("0.9"), false),
        (Downgrade::Older, None, true),
        (Downgrade::Older, Some("0.9"), true),
        (Downgrade::Older, Some("1.0"), false),
        (Downgrade::Older, Some("1.7"), false),
        (Downgrade::Older, Some("soon"), false),
        (Downgrade::Always, Some("1.0"), true),
    ];
    for (downgrade, version, less) in table {
        let mut input = input();
        input.protocol_version = version.map(str::to_owned);
        let request = RunRequest::new(input).downgrade(downgrade);
        let events = frames::all(agui::run(delegating, request)).await;
        let without = !types(&events).iter().any(|kind| kind.starts_with("SUBAGENT"));
        assert_eq!(without, less, "{downgrade:?} for {version:?}");
        assert_eq!(frames::text(&events), "Done.Done.Done.");
        // VER-2: ours, whatever the client declares.
        assert_eq!(events[0]["protocolVersion"], "1.0");
    }
}

#[tokio::test]
async fn ver_19_what_is_lost_is_told_once_a_run() {
    let (log, _guard) = Log::collect();
    let request = RunRequest::new(input()).downgrade(Downgrade::Older);
    frames::all(agui::run(delegating, request)).await;
    let logged = log.everything();
    for kind in ["SUBAGENT_STARTED dropped", "SUBAGENT_FINISHED dropped"] {
        assert_eq!(logged.matches(kind).count(), 1, "{kind} in {logged}");
    }
    assert!(logged.contains("WARN") && logged.contains("Downgrade::Never"), "{logged}");
}

#[tokio::test]
async fn ver_5_and_6_newer_clients_are_served_with_a_warning() {
    for (version, warns) in [("1.0", false), ("1.1", true), ("2.0", true), ("next", true)] {
        let (log, _guard) = Log::collect();
        let events = frames::all(agui::run(delegating, input().protocol_version(version))).await;
        assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"));
        assert_eq!(events[0]["protocolVersion"], "1.0");
        assert_eq!(
            log.everything().matches("the client declares another version").count(),
            usize::from(warns),
            "{version}"
        );
    }
}

/// Observers, such as sessions, see what the agent said, not what the client can take.
#[tokio::test]
async fn what_is_kept_is_not_the_older_shape() {
    use agui::session::{MemoryStore, Owner, Sessions};
    let sessions = Sessions::new(MemoryStore::new(), delegating);
    let request = RunRequest::new(input()).with(Owner::user("ada"));
    let sent = frames::all(agui::run(sessions.clone(), request.clone().downgrade(Downgrade::Always))).await;
    assert_eq!(types(&sent).last(), Some(&"RUN_FINISHED"));
    assert!(!json!(sent).to_string().contains("subagentRunId"));
    let kept = frames::all(agui::run(sessions.restore(), request)).await;
    let kept = kept.iter().find(|event| event["type"] == "MESSAGES_SNAPSHOT").unwrap();
    assert!(kept.to_string().contains("subagentRunId"), "{kept}");
}
