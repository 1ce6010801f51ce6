//! The stages, without any connection.

use super::support::*;
use agui::Message;
use agui::client::{Outcome, Pipeline, RejectionKind, TransportError, TransportErrorKind, WarningKind};
use serde_json::{Value, json};

#[test]
fn a_run_in_order_is_a_success_without_warnings() {
    let mut finished = finished();
    finished["result"] = json!(7);
    finished["usage"] = json!([{ "inputTokens": 3 }]);
    let events = [&[started()][..], &text("m1", "Hello"), &[finished]].concat();
    let (delivered, end) = read_events(&events);
    assert_eq!(delivered.len(), events.len());
    assert_eq!(end.outcome, Outcome::Success { result: Some(json!(7)) });
    assert_eq!(end.warnings.total(), 0);
    assert_eq!(end.runs[0].usage[0].input_tokens, Some(3));
    let Message::Assistant(message) = &end.conversation.messages()[0] else { panic!() };
    assert_eq!(message.content.as_deref(), Some("Hello"));
}

/// PROC-21: what comes is not held against the closed schema.
#[test]
fn proc_1_and_2_unknown_material_is_removed_with_a_warning() {
    let mut strange = text("m1", "Hello");
    strange[1]["future"] = json!({ "x": 1 });
    let events = [&[started()][..], &strange, &[event("FUTURE", json!({})), finished()]].concat();
    let (delivered, end) = read_events(&events);
    assert_eq!(delivered.len(), events.len() - 1);
    assert!(end.outcome.is_success());
    let said: Vec<_> = end.warnings.all().iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "TEXT_MESSAGE_CONTENT /future: unknown member, removed (PROC-2)",
            "FUTURE: an event of the unknown type `FUTURE`, dropped (PROC-1)",
        ]
    );
    assert_eq!(end.warnings.count(WarningKind::UnknownEvent), 1);
}

#[test]
fn proc_4_malformed_members_reject_the_stream_and_name_the_place() {
    let broken = event("TEXT_MESSAGE_CONTENT", json!({ "messageId": "m1", "delta": 42 }));
    let (delivered, end) = read_events(&[started(), broken, finished()]);
    assert_eq!(types(&delivered), ["RUN_STARTED"]);
    let Outcome::Rejected(rejection) = end.outcome else { panic!("{}", end.outcome) };
    assert_eq!(rejection.kind(), RejectionKind::Malformed);
    assert_eq!((rejection.rule(), rejection.index(), rejection.pointer()), ("PROC-4", 1, "/delta"));
    assert_eq!(rejection.event_type(), Some("TEXT_MESSAGE_CONTENT"));
    // The run that was open shares the fate.
    assert!(matches!(end.runs[0].outcome, Outcome::Rejected(_)));
}

#[test]
fn proc_10_what_is_no_json_is_rejected() {
    for data in ["{", "nonsense", "[1", "{} {}"] {
        let (_, end) = read([format!("data: {data}\n\n").as_bytes()]);
        let Outcome::Rejected(rejection) = end.outcome else { panic!("{data}: {}", end.outcome) };
        assert_eq!((rejection.kind(), rejection.rule()), (RejectionKind::Frame, "PROC-10"), "{data}");
    }
    for data in ["[]", "7", "null", "{}", "{\"type\":7}"] {
        let (_, end) = read([format!("data: {data}\n\n").as_bytes()]);
        let Outcome::Rejected(rejection) = end.outcome else { panic!("{data}: {}", end.outcome) };
        assert_eq!(rejection.kind(), RejectionKind::Malformed, "{data}");
    }
}

#[test]
fn reas_14_an_unknown_subtype_removes_the_event_and_an_unknown_role_rejects_the_stream() {
    let value = json!({ "subtype": "future", "entityId": "m1", "encryptedValue": "v" });
    let (_, end) = read_events(&[started(), event("REASONING_ENCRYPTED_VALUE", value), finished()]);
    assert!(end.outcome.is_success());
    assert_eq!(end.warnings.count(WarningKind::Removed), 1);

    let narrator = event("TEXT_MESSAGE_START", json!({ "messageId": "m1", "role": "narrator" }));
    let (_, end) = read_events(&[started(), narrator]);
    let Outcome::Rejected(rejection) = end.outcome else { panic!("{}", end.outcome) };
    assert_eq!((rejection.pointer(), rejection.rule()), ("/role", "PROC-4"));
}

#[test]
fn ver_20_retired_shapes_are_translated_before_anything_else() {
    let events = [
        started(),
        event("THINKING_START", json!({ "title": "Hm" })),
        event("THINKING_TEXT_MESSAGE_START", json!({})),
        event("THINKING_TEXT_MESSAGE_CONTENT", json!({ "delta": "Let me see." })),
        event("THINKING_TEXT_MESSAGE_END", json!({})),
        event("THINKING_END", json!({})),
        event("RUN_FINISHED", json!({ "threadId": "thread-1", "runId": "run-1", "result": null })),
    ];
    let (delivered, end) = read_events(&events);
    assert!(end.outcome.is_success());
    assert_eq!(types(&delivered)[1..3], ["REASONING_START", "REASONING_MESSAGE_START"]);
    assert_eq!(end.warnings.count(WarningKind::Translated), 6);
    assert_eq!(end.warnings.all()[0].event.as_deref(), Some("THINKING_START"));
}

#[test]
fn chk_8_chunks_are_expanded_before_the_application() {
    let chunk = |members| event("TEXT_MESSAGE_CHUNK", members);
    let events = [
        started(),
        chunk(json!({ "messageId": "m1", "delta": "Hel" })),
        chunk(json!({ "delta": "lo" })),
        finished(),
    ];
    let (delivered, end) = read_events(&events);
    let expected = [
        "RUN_STARTED",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "RUN_FINISHED",
    ];
    assert_eq!(types(&delivered), expected);
    assert!(end.outcome.is_success());
}

#[test]
fn chk_13_and_17_broken_chunks_reject_the_stream() {
    let chunk = |members| event("TEXT_MESSAGE_CHUNK", members);
    let (_, end) = read_events(&[started(), chunk(json!({ "delta": "x" }))]);
    let Outcome::Rejected(rejection) = end.outcome else { panic!("{}", end.outcome) };
    assert_eq!((rejection.kind(), rejection.rule()), (RejectionKind::Chunk, "CHK-13"));

    let first = chunk(json!({ "messageId": "m1", "delta": "x" }));
    let (delivered, end) =
        read_events(&[started(), first, chunk(json!({ "messageId": "m1", "role": "user" })), finished()]);
    assert_eq!(delivered.len(), 3, "what came before was delivered (RUN-27)");
    let Outcome::Rejected(rejection) = end.outcome else { panic!("{}", end.outcome) };
    assert_eq!((rejection.rule(), rejection.id(), rejection.index()), ("CHK-17", Some("m1"), 2));
}

#[test]
fn run_18_and_txt_7_events_that_may_not_come_here_reject_the_stream() {
    let orphan = event("TEXT_MESSAGE_CONTENT", json!({ "messageId": "m1", "delta": "x" }));
    let (_, end) = read_events(&[started(), orphan]);
    let Outcome::Rejected(rejection) = end.outcome else { panic!("{}", end.outcome) };
    assert_eq!(
        (rejection.kind(), rejection.rule(), rejection.id()),
        (RejectionKind::Order, "TXT-7", Some("m1"))
    );
    assert_eq!(
        rejection.to_string(),
        "event 1, TEXT_MESSAGE_CONTENT: TEXT_MESSAGE_CONTENT for text message `m1`, which was not opened (TXT-7)"
    );

    let (_, end) = read_events(&[started(), finished(), finished()]);
    assert!(matches!(&end.outcome, Outcome::Rejected(rejection) if rejection.rule() == "RUN-16"));
    assert!(end.runs[0].outcome.is_success(), "the run had ended before");
}

#[test]
fn run_25_26_a_run_that_failed_is_no_rejection() {
    let error = event("RUN_ERROR", json!({ "message": "no more tokens", "code": "quota" }));
    for events in [vec![error.clone()], vec![started(), error.clone()]] {
        let (_, end) = read_events(&events);
        let Outcome::Failed(failure) = &end.outcome else { panic!("{}", end.outcome) };
        assert_eq!((&*failure.message, failure.code.as_deref()), ("no more tokens", Some("quota")));
        assert_eq!(end.outcome.to_string(), "the agent failed: no more tokens (quota)");
    }
}

#[test]
fn run_19_a_late_error_makes_a_finished_run_a_failed_one() {
    let error = event("RUN_ERROR", json!({ "message": "the answer was wrong" }));
    let (_, end) = read_events(&[started(), finished(), error]);
    assert!(matches!(end.outcome, Outcome::Failed(_)), "{}", end.outcome);
    assert_eq!(end.runs.len(), 1);
    assert!(matches!(end.runs[0].outcome, Outcome::Failed(_)));
}

#[test]
fn run_20_several_runs_on_one_stream_have_an_outcome_each() {
    let run = |id: &str| json!({ "threadId": "thread-1", "runId": id });
    let events = [
        event("RUN_STARTED", run("run-0")),
        event("RUN_FINISHED", {
            let mut finished = run("run-0");
            finished["outcome"] = json!({ "type": "cancelled" });
            finished
        }),
        started(),
        finished(),
    ];
    let (_, end) = read_events(&events);
    assert!(end.outcome.is_success());
    let outcomes: Vec<_> = end.runs.iter().map(|run| (&*run.run_id, run.outcome.clone())).collect();
    assert_eq!(outcomes[0], ("run-0", Outcome::Cancelled));
    assert_eq!(outcomes[1], ("run-1", Outcome::Success { result: None }));
    assert_eq!(end.warnings.total(), 0);
}

#[test]
fn run_35_a_cancelled_run_is_neither_success_nor_failure() {
    let (_, end) = read_events(&[started(), finished_with(json!({ "type": "cancelled" }))]);
    assert_eq!(end.outcome, Outcome::Cancelled);
    assert!(!end.outcome.is_success() && !end.outcome.is_failure());
}

#[test]
fn tool_25_pending_calls_are_derived_from_the_stream() {
    let answered = event("TOOL_CALL_RESULT", json!({ "messageId": "t", "toolCallId": "c1", "content": "" }));
    let calls = [&[started()][..], &call("c1", "a", "{}"), &call("c2", "b", "{}"), &[answered]].concat();
    let empty = json!({ "type": "success", "pendingToolCallIds": [] });
    let listed = json!({ "type": "success", "pendingToolCallIds": ["c2"] });
    for end in
        [finished(), finished_with(json!({ "type": "success" })), finished_with(empty), finished_with(listed)]
    {
        let (_, end) = read_events(&[&calls[..], &[end]].concat());
        assert_eq!(end.outcome, Outcome::Pending { calls: vec!["c2".into()], result: None });
        assert_eq!(end.warnings.total(), 0);
    }
    let interrupt = json!({ "type": "interrupt", "interrupts": [{ "id": "i", "reason": "r" }] });
    let (_, end) = read_events(&[&calls[..], &[finished_with(interrupt)]].concat());
    let Outcome::Interrupted { calls: waiting, interrupts } = end.outcome else { panic!("{}", end.outcome) };
    assert_eq!((waiting, interrupts.len()), (vec!["c2".to_owned()], 1));

    let wrong = json!({ "type": "success", "pendingToolCallIds": ["c1", "c2"] });
    let (_, end) = read_events(&[&calls[..], &[finished_with(wrong)]].concat());
    assert!(matches!(&end.outcome, Outcome::Pending { calls, .. } if calls.len() == 2));
    assert_eq!(end.warnings.all()[0].rule, "TOOL-24");
}

#[test]
fn trn_2_3_a_stream_that_was_cut_has_no_outcome() {
    let whole = [&[started()][..], &text("m1", "Hello"), &[finished()]].concat();
    for length in 0..whole.len() {
        let (delivered, end) = read_events(&whole[..length]);
        let Outcome::Truncated(truncation) = &end.outcome else { panic!("{length}: {}", end.outcome) };
        assert_eq!(truncation.run_id.as_deref(), (length > 0).then_some("run-1"));
        assert!(!truncation.aborted && end.outcome.is_failure());
        assert_eq!(delivered.len(), length, "what came stays (RUN-27)");
    }
}

#[test]
fn a_stream_that_breaks_off_inside_an_event_is_cut_and_not_malformed() {
    let bytes = run_of(text("m1", "Grüße"));
    let last = bytes.len() - finished().to_string().len() - 2;
    for cut in 0..last {
        let (_, end) = read([&bytes[..cut]]);
        assert!(matches!(end.outcome, Outcome::Truncated(_)), "cut at {cut}: {}", end.outcome);
    }
    // What came after the end may have been a failure.
    let torn = [&bytes[..], b"data: {\"type\":\"RUN_ER"].concat();
    let (_, end) = read([&*torn]);
    assert!(matches!(end.outcome, Outcome::Truncated(_)), "{}", end.outcome);
    // The last event needs no empty line.
    let (_, end) = read([&bytes[..bytes.len() - 2]]);
    assert!(end.outcome.is_success());
}

#[test]
fn ver_5_8_newer_and_unreadable_versions_are_warned_of() {
    for (version, rule) in
        [("1.1", "VER-8"), ("2.0", "VER-8"), ("1.10", "VER-8"), ("one", "VER-5"), ("1", "VER-5")]
    {
        let mut started = started();
        started["protocolVersion"] = json!(version);
        let (_, end) = read_events(&[started, finished()]);
        assert!(end.outcome.is_success());
        let warning = &end.warnings.all()[0];
        assert_eq!((warning.kind, warning.rule), (WarningKind::Version, rule), "{version}");
        assert!(warning.text.contains(version));
        assert_eq!(end.runs[0].protocol_version.as_deref(), Some(version));
    }
    for version in [json!("1.0"), json!("0.9")] {
        let mut started = started();
        started["protocolVersion"] = version;
        assert_eq!(read_events(&[started, finished()]).1.warnings.total(), 0);
    }
    let mut number = started();
    number["protocolVersion"] = json!(1.0);
    assert!(matches!(read_events(&[number]).1.outcome, Outcome::Rejected(_)), "no text is malformed");
}

#[test]
fn state_9_patches_that_do_not_apply_are_warned_of() {
    let patch = json!({ "delta": [{ "op": "replace", "path": "/missing", "value": 1 }] });
    let (_, end) = read_events(&[started(), event("STATE_DELTA", patch), finished()]);
    assert!(end.outcome.is_success());
    assert_eq!(end.conversation.state(), &json!({}));
    let warning = &end.warnings.all()[0];
    assert_eq!((warning.kind, warning.rule), (WarningKind::NotApplied, "STATE-9"));
}

#[test]
fn run_4_5_6_other_runs_and_threads_than_were_asked_for_are_warned_of() {
    let run = |thread: &str, run: &str| json!({ "threadId": thread, "runId": run });
    let rules = |start: Value, end: Value| {
        let (_, end) = read_events(&[event("RUN_STARTED", start), event("RUN_FINISHED", end)]);
        assert!(end.outcome.is_success());
        end.warnings.all().iter().map(|warning| warning.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(run("thread-1", "run-1"), run("thread-1", "run-2")), ["RUN-4"]);
    assert_eq!(rules(run("thread-2", "run-1"), run("thread-2", "run-1")), ["RUN-5"]);
    assert_eq!(rules(run("thread-1", "run-1"), run("thread-2", "run-1")), ["RUN-5"]);
    assert_eq!(rules(run("thread-1", "run-2"), run("thread-1", "run-2")), ["RUN-6"]);
}

#[test]
fn warnings_can_be_silenced_and_are_counted_all_the_same() {
    let mut pipeline = Pipeline::new(&input());
    pipeline.warnings_mut().silence(WarningKind::UnknownEvent);
    pipeline.push(&run_of([event("FUTURE", json!({})), event("FUTURE", json!({}))]));
    pipeline.end();
    while pipeline.next_event().is_some() {}
    assert_eq!(pipeline.warnings().all(), []);
    assert_eq!(pipeline.warnings().count(WarningKind::UnknownEvent), 2);
}

#[test]
fn events_may_come_in_frames_of_another_carrier() {
    let mut pipeline = Pipeline::new(&input());
    let mut delivered = 0;
    for event in [&[started()][..], &text("m1", "Hello"), &[finished()]].concat() {
        pipeline.push_json(event.to_string().as_bytes());
        delivered += std::iter::from_fn(|| pipeline.next_event()).count();
    }
    pipeline.end();
    assert_eq!(delivered, 5);
    assert!(pipeline.finish().outcome.is_success());
}

/// What is left is not looked at.
#[test]
fn run_36_frames_that_come_after_a_run_was_given_up_are_not_taken() {
    let mut pipeline = Pipeline::new(&input());
    pipeline.push_json(started().to_string().as_bytes());
    assert!(pipeline.next_event().is_some());
    pipeline.abort();
    pipeline.push_json(finished().to_string().as_bytes());
    assert_eq!(pipeline.next_event(), None);
    assert!(matches!(pipeline.finish().outcome, Outcome::Truncated(end) if end.aborted));
}

fn restated() -> [Value; 2] {
    let run = || json!({ "threadId": "thread-1", "runId": "run-0" });
    [event("RUN_STARTED", run()), event("RUN_FINISHED", run())]
}

/// The success of a run that was restated is not that of the one that was asked for.
#[test]
fn trn_3_run_7_what_is_cut_behind_a_restated_run_has_no_outcome() {
    let after = |events: &[Value], end: fn(&mut Pipeline)| {
        let mut pipeline = Pipeline::new(&input());
        pipeline.push(&sse(events));
        while pipeline.next_event().is_some() {}
        end(&mut pipeline);
        assert_eq!(pipeline.next_event(), None);
        pipeline.finish().outcome
    };
    let broken: fn(&mut Pipeline) =
        |pipeline| pipeline.fail(TransportError::new(TransportErrorKind::Broken, "gone"));
    let outcome = after(&restated(), broken);
    assert!(matches!(outcome, Outcome::Transport(_)), "{outcome}");
    let outcome = after(&restated(), Pipeline::abort);
    assert!(matches!(&outcome, Outcome::Truncated(truncation) if truncation.aborted), "{outcome}");
    assert_eq!(outcome.to_string(), "the stream was given up after run `run-0`, with more to come (TRN-2)");
    // It had ended, or failed: nothing was to come.
    let whole = [&restated()[..], &[started(), finished()]].concat();
    let failed = [&restated()[..], &[event("RUN_ERROR", json!({ "message": "no" }))]].concat();
    for end in [broken, Pipeline::abort] {
        assert!(after(&whole, end).is_success());
        assert!(matches!(after(&failed, end), Outcome::Failed(_)));
    }
    let torn = [&sse(&whole)[..], b"data: {\"type\":"].concat();
    let said = read([&*torn]).1.outcome.to_string();
    assert_eq!(said, "the stream ended after run `run-1`, with more to come (TRN-2)");
}

#[test]
fn int_2_of_two_interrupts_of_one_id_the_first_counts() {
    let interrupts = json!([
        { "id": "i1", "reason": "first" },
        { "id": "i1", "reason": "second" },
        { "id": "i2", "reason": "third" },
    ]);
    let asks = finished_with(json!({ "type": "interrupt", "interrupts": interrupts }));
    let (_, end) = read_events(&[started(), asks]);
    let Outcome::Interrupted { interrupts, .. } = end.outcome else { panic!("{}", end.outcome) };
    let reasons: Vec<_> = interrupts.iter().map(|interrupt| &*interrupt.reason).collect();
    assert_eq!(reasons, ["first", "third"]);
    assert_eq!(end.warnings.all()[0].rule, "INT-2");
}

#[test]
fn what_a_peer_puts_into_a_warning_is_cut() {
    let mut strange = started();
    strange["ü".repeat(5_000)] = json!(1);
    let (_, end) = read_events(&[strange, event(&"X".repeat(5_000), json!({})), finished()]);
    assert_eq!(end.warnings.total(), 2);
    for warning in end.warnings.all() {
        let longest =
            warning.text.len().max(warning.pointer.len()).max(warning.event.as_ref().unwrap().len());
        assert!((200..450).contains(&longest), "{longest}");
    }
}
