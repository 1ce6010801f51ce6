//! What a verifier tells of the run at hand, of the end of a stream, and of the input of a run.

use super::notation::events;
use agui::verify::Verifier;
use agui::{AssistantMessage, FunctionCall, RunAgentInput, Tool, ToolCall, UserMessage};

fn after(mut verifier: Verifier, stream: &str) -> Verifier {
    for event in events(stream) {
        verifier.check(&event).unwrap_or_else(|violation| panic!("{stream}: {violation}"));
    }
    verifier
}

/// TRN-2, TRN-3
#[test]
fn a_stream_without_terminal_event_is_truncated() {
    for verifier in [Verifier::consumer(), Verifier::producer()] {
        let violation = verifier.finish().unwrap_err();
        assert!(violation.is_truncation());
        assert_eq!((violation.rule(), violation.id(), violation.event_type()), ("TRN-2", None, None));
        for stream in ["RUN_STARTED", "RUN_STARTED; RUN_FINISHED; RUN_STARTED runId=r2"] {
            let violation = after(verifier.clone(), stream).finish().unwrap_err();
            assert!(violation.is_truncation(), "{violation}");
        }
        for stream in ["RUN_ERROR", "RUN_STARTED; RUN_FINISHED", "RUN_STARTED; RUN_FINISHED; RUN_ERROR"] {
            after(verifier.clone(), stream).finish().unwrap();
        }
    }
}

/// RUN-6, RUN-7, RUN-20
#[test]
fn the_last_run_is_the_requested_one() {
    let producer = || Verifier::producer_for(&RunAgentInput::new("t", "r", vec![]));
    after(producer(), "RUN_STARTED; RUN_FINISHED").finish().unwrap();
    after(producer(), "RUN_STARTED runId=old; RUN_FINISHED runId=old; RUN_STARTED; RUN_FINISHED")
        .finish()
        .unwrap();
    after(producer(), "RUN_STARTED runId=old; RUN_ERROR").finish().unwrap();
    for stream in [
        "RUN_STARTED runId=other; RUN_FINISHED runId=other",
        "RUN_STARTED; RUN_FINISHED; RUN_STARTED runId=new; RUN_FINISHED runId=new",
    ] {
        let violation = after(producer(), stream).finish().unwrap_err();
        assert_eq!(violation.rule(), "RUN-6", "{violation}");
        assert!(!violation.is_truncation());
        after(Verifier::producer(), stream).finish().unwrap();
        after(Verifier::consumer(), stream).finish().unwrap();
    }
}

#[test]
fn what_is_open_is_told_in_order() {
    let stream =
        "RUN_STARTED; TEXT_MESSAGE_START m=m2; TEXT_MESSAGE_START m=m1 @s; STEP_STARTED @s; STEP_STARTED;
        TOOL_CALL_START c=c1 p=m1; REASONING_START m=s1; REASONING_MESSAGE_CHUNK m=m9 @s; SUBAGENT_STARTED @b;
        SUBAGENT_STARTED @a; TEXT_MESSAGE_CHUNK m=m3; TEXT_MESSAGE_START m=m4 @b; TEXT_MESSAGE_END m=m4 @b";
    let verifier = after(Verifier::consumer(), stream);
    let texts = verifier.open_text_messages();
    let texts: Vec<_> = texts.iter().map(|item| (item.id, item.owner, item.by_chunks)).collect();
    // The untagged TEXT_MESSAGE_START and the events after it left the parent's lane to m3.
    assert_eq!(texts, [("m2", None, false), ("m1", Some("s"), false), ("m3", None, true)]);
    let calls = verifier.open_tool_calls();
    assert_eq!((calls[0].id, calls[0].owner, calls.len()), ("c1", Some("s"), 1));
    let steps = verifier.open_steps();
    let steps: Vec<_> = steps.iter().map(|step| (step.id, step.owner)).collect();
    assert_eq!(steps, [("plan", Some("s")), ("plan", None)]);
    assert_eq!(verifier.open_reasoning_spans()[0].id, "s1");
    assert!(verifier.open_reasoning_messages()[0].by_chunks);
    assert_eq!(verifier.open_subagents(), ["b", "a"]);
    assert_eq!((verifier.is_running(), verifier.run_id()), (true, Some("r")));

    let failed = after(verifier, "RUN_ERROR");
    assert!(failed.has_failed() && !failed.is_running());
    assert_eq!(failed.run_id(), None);
    assert!(failed.open_text_messages().is_empty() && failed.open_tool_calls().is_empty());
    assert!(failed.open_reasoning_messages().is_empty() && failed.open_reasoning_spans().is_empty());
    assert!(failed.open_steps().is_empty() && failed.open_subagents().is_empty());
    assert_eq!(failed.pending_tool_calls(), ["c1"]);
}

/// TOOL-25, TOOL-6
#[test]
fn calls_are_pending_until_they_are_answered_in_their_run() {
    let mut verifier = after(Verifier::consumer(), "RUN_STARTED");
    for (stream, pending) in [
        ("TOOL_CALL_START c=c2; TOOL_CALL_CHUNK c=c1 toolCallName=ask", &["c2", "c1"][..]),
        ("TOOL_CALL_END c=c2; TOOL_CALL_START c=c2", &["c2", "c1"]),
        ("TOOL_CALL_RESULT c=c2", &["c1"]),
        // A result for a call of an earlier run, and one that comes before its call.
        ("TOOL_CALL_RESULT m=m1 c=old; TOOL_CALL_RESULT m=m2 c=c3; TOOL_CALL_START c=c3", &["c1"]),
        ("TOOL_CALL_END c=c2; TOOL_CALL_END c=c3; RUN_FINISHED", &["c1"]),
        ("RUN_STARTED", &[]),
    ] {
        verifier = after(verifier, stream);
        assert_eq!(verifier.pending_tool_calls(), pending, "{stream}");
    }
}

/// EVT-9, TXT-4, TOOL-6, TOOL-20, ACT-8
#[test]
fn a_producer_knows_what_its_input_says() {
    let mut carrier = AssistantMessage::new("m1");
    carrier.tool_calls = Some(vec![
        ToolCall::new("c1", FunctionCall::new("ask", "{}")),
        ToolCall::new("c2", FunctionCall::new("search", "{}")),
    ]);
    let messages = vec![UserMessage::new("u1", "Hi").into(), carrier.into()];
    let mut input = RunAgentInput::new("t", "r", messages);
    input.tools = Some(vec![Tool::new("ask", "Asks.")]);
    let verifier = || after(Verifier::producer_for(&input), "RUN_STARTED");
    // The thread has earlier runs, which may have made the activity.
    after(verifier(), "TEXT_MESSAGE_START m=m1; TOOL_CALL_START c=c2 p=m1; ACTIVITY_DELTA m=a1");
    after(verifier(), "TOOL_CALL_RESULT c=c2");
    for (event, rule) in [
        ("TOOL_CALL_RESULT c=c1", "TOOL-20"),
        ("TOOL_CALL_RESULT c=c2 m=m1", "EVT-9"),
        ("REASONING_MESSAGE_START m=m1", "EVT-9"),
        ("TEXT_MESSAGE_CHUNK m=u1", "TXT-5"),
        ("TOOL_CALL_START c=c2 toolCallName=find", "TOOL-7"),
    ] {
        let violation = verifier().check(&events(event)[0]).unwrap_err();
        assert_eq!(violation.rule(), rule, "{event}: {violation}");
    }
    // The echo of the input tells as much.
    let echo = format!("RUN_STARTED input={}", serde_json::to_string(&input).unwrap().replace(' ', ""));
    let mut verifier = after(Verifier::producer(), &echo);
    assert_eq!(verifier.check(&events("TEXT_MESSAGE_CHUNK m=u1")[0]).unwrap_err().rule(), "TXT-5");
}

/// CHK-11
#[test]
fn for_consumers_a_start_ends_the_chunk_stream_of_its_item() {
    let stream = "RUN_STARTED; TEXT_MESSAGE_CHUNK m=m1 @s; TEXT_MESSAGE_START m=m1";
    let mut verifier = after(Verifier::consumer(), stream);
    assert!(!verifier.open_text_messages()[0].by_chunks);
    assert_eq!(verifier.check(&events("TEXT_MESSAGE_CHUNK @s")[0]).unwrap_err().rule(), "CHK-12");
    after(verifier, "TEXT_MESSAGE_CONTENT m=m1 @s; TEXT_MESSAGE_END m=m1; RUN_FINISHED").finish().unwrap();
}

/// SUB-18, SUB-19, RUN-23
#[test]
fn items_outlive_the_subagent_that_owns_them() {
    let stream = "RUN_STARTED; SUBAGENT_STARTED @s; TEXT_MESSAGE_START m=m1 @s; SUBAGENT_FINISHED @s;
        TEXT_MESSAGE_CONTENT m=m1 @s; TEXT_MESSAGE_END m=m1; RUN_FINISHED";
    for verifier in [Verifier::consumer(), Verifier::producer()] {
        after(verifier, stream).finish().unwrap();
    }
}

#[test]
fn violations_say_what_which_and_why() {
    for (stream, text) in [
        (
            "^RUN_FINISHED",
            "RUN_FINISHED as the first event, which has to be RUN_STARTED or RUN_ERROR (RUN-1)",
        ),
        ("RUN_FINISHED; CUSTOM", "CUSTOM after the RUN_FINISHED of run `r` (RUN-16)"),
        (
            "TOOL_CALL_START c=c1; TOOL_CALL_END c=c1; TOOL_CALL_ARGS c=c1",
            "TOOL_CALL_ARGS for tool call `c1` after its end (TOOL-15)",
        ),
        (
            "STEP_STARTED @s; STEP_FINISHED",
            "STEP_FINISHED of the parent agent for step `plan`, which subagent `s` has open (STEP-3)",
        ),
        (
            "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_END m=m1 @s",
            "TEXT_MESSAGE_END of subagent `s` for text message `m1`, which belongs to the parent agent (SUB-11)",
        ),
        (
            "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CHUNK role=user",
            "TEXT_MESSAGE_CHUNK for text message `m1` gives its role as `user`, but it was opened with `assistant` (CHK-17)",
        ),
        (
            "TEXT_MESSAGE_START m=m1 @s; TOOL_CALL_START c=c1 p=m1 @s2",
            "TOOL_CALL_START for tool call `c1` of subagent `s2`, but message `m1`, which carries it, is of subagent `s` (SUB-15)",
        ),
        (
            "SUBAGENT_STARTED @s parentSubagentRunId=s2",
            "SUBAGENT_STARTED for subagent `s`, whose parent `s2` was not announced in this run (SUB-17)",
        ),
    ] {
        let mut events = match stream.strip_prefix('^') {
            Some(stream) => events(stream),
            None => events(&format!("RUN_STARTED; {stream}")),
        };
        let last = events.pop().unwrap();
        let mut verifier = Verifier::consumer();
        events.iter().for_each(|event| verifier.check(event).unwrap());
        let violation = verifier.check(&last).unwrap_err();
        assert_eq!(violation.to_string(), text);
        assert_eq!(violation.event_type(), Some(last.event_type()));
    }
}
