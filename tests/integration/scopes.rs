//! What opens, streams and closes in a run, and what the runtime does about the wrong order.

use agui::testing::{Recording, ask, record, record_unchecked};
use agui::{
    ActivityDeltaEvent, CustomEvent, Error, Event, Order, Result, RunContext, RunFinishedEvent,
    StepStartedEvent, TextMessageChunkEvent, TextMessageContentEvent, TextMessageStartEvent,
};

fn types(recording: &Recording) -> Vec<&'static str> {
    recording.events().iter().map(|event| event.event_type().as_str()).collect()
}

#[tokio::test]
async fn scopes_open_stream_and_close() {
    let agent = async |run: RunContext| {
        let step = run.start_step("think").await?;
        let mut reasoning = run.start_reasoning().await?;
        reasoning.push("Hm.").await?;
        reasoning.encrypted_value("c2VjcmV0").await?;
        reasoning.finish().await?;
        step.finish().await?;
        run.text("Yes.").await
    };
    let recording = record(agent, ask("?")).await;
    assert_eq!(
        types(&recording),
        [
            "RUN_STARTED",
            "STEP_STARTED",
            "REASONING_START",
            "REASONING_MESSAGE_START",
            "REASONING_MESSAGE_CONTENT",
            "REASONING_ENCRYPTED_VALUE",
            "REASONING_MESSAGE_END",
            "REASONING_END",
            "STEP_FINISHED",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED"
        ]
    );
}

/// RUN-11, SUB-6: also what was opened by hand.
#[tokio::test]
async fn whatever_is_open_is_closed_when_the_agent_returns_fails_or_panics() {
    for how in ["return", "fail", "panic"] {
        let agent = move |run: RunContext| async move {
            run.emit(StepStartedEvent::new("by hand")).await?;
            run.emit(TextMessageStartEvent::new("by-hand")).await?;
            let subagent = run.start_subagent("researcher").await?;
            let mut reasoning = subagent.start_reasoning().await?;
            reasoning.push("Hm.").await?;
            let inner = subagent.start_subagent("reader").await?;
            let _call = inner.start_tool_call("call-1", "read", None).await?;
            std::mem::forget((reasoning, inner, subagent));
            match how {
                "return" => Ok(()),
                "fail" => Err(Error::new("no")),
                _ => panic!("no"),
            }
        };
        // The recording is checked against the protocol's order.
        let recording = record(agent, ask("?")).await;
        let last = recording.events().last().unwrap().event_type().as_str();
        assert_eq!(last, if how == "return" { "RUN_FINISHED" } else { "RUN_ERROR" });
        let ends =
            types(&recording).into_iter().filter(|kind| kind.ends_with("_END") || *kind == "STEP_FINISHED");
        let mut ends: Vec<_> = ends.collect();
        ends.sort_unstable();
        assert_eq!(
            ends,
            ["REASONING_END", "REASONING_MESSAGE_END", "STEP_FINISHED", "TEXT_MESSAGE_END", "TOOL_CALL_END"]
        );
        assert_eq!(types(&recording).iter().filter(|kind| **kind == "SUBAGENT_ERROR").count(), 2);
    }
}

/// SUB-1, SUB-4, SUB-17, SUB-18
#[tokio::test]
async fn what_subagents_emit_is_attributed_to_them() {
    async fn work(run: &RunContext, name: &str) -> Result {
        let subagent = run.start_subagent(name).await?;
        let mut text = subagent.start_text().await?;
        text.push(name).await?;
        tokio::task::yield_now().await;
        text.finish().await?;
        subagent.emit(CustomEvent::new("note", name)).await?;
        let helper = subagent.start_subagent("helper").await?;
        helper.text("I help.").await?;
        helper.finish_with(7).await?;
        subagent.finish().await
    }
    let agent = async |run: RunContext| {
        futures_util::future::try_join(work(&run, "one"), work(&run, "two")).await?;
        run.text("Both are done.").await
    };
    let recording = record(agent, ask("?")).await;
    let mut owners = std::collections::BTreeMap::new();
    for event in recording.events() {
        let owner = event.subagent_run_id().map(|id| id.as_str().to_owned());
        match event {
            Event::SubagentStarted(started) => {
                owners.insert(started.subagent_run_id.to_string(), started.name.clone());
            }
            Event::Custom(custom) => assert_eq!(owners[&owner.unwrap()], custom.value),
            _ => {}
        }
    }
    let parents = recording.events().iter().filter_map(|event| match event {
        Event::SubagentStarted(started) => started.parent_subagent_run_id.as_ref(),
        _ => None,
    });
    assert_eq!(parents.filter(|parent| owners[parent.as_str()] != "helper").count(), 2);
    let starts = recording.events().iter().filter(|event| matches!(event, Event::TextMessageStart(_)));
    let tagged: Vec<_> = starts.map(|start| start.subagent_run_id().is_some()).collect();
    assert_eq!(tagged, [true, true, true, true, false]);
}

/// TXT-7, CHK-1, CHK-2, STATE-5, RUN-16 and others: the error names the rule, at the line that emits.
#[tokio::test]
async fn the_wrong_order_is_refused_where_it_is_emitted() {
    let agent = async |run: RunContext| {
        let error = run.emit(TextMessageContentEvent::new("m1", "for nobody")).await.unwrap_err();
        assert!(error.is_invalid_event());
        assert_eq!(error.violation().unwrap().id(), Some("m1"));
        let delta = ActivityDeltaEvent::new("a1", "plan", vec![]);
        assert!(run.emit(delta).await.unwrap_err().violation().is_some());
        let open = run.start_text().await?;
        let again = TextMessageStartEvent::new(open.id());
        assert!(run.emit(again).await.unwrap_err().violation().is_some());
        open.finish().await?;
        let error = run.emit(RunFinishedEvent::new("thread-1", "run-1")).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "RUN_FINISHED is for the runtime to emit, when the agent begins or ends"
        );
        // The run is as if nothing had been.
        run.emit(TextMessageChunkEvent::new().message_id("m2").delta("Hi.")).await
    };
    let recording = record(agent, ask("?").order(Order::Refuse)).await;
    assert_eq!(
        types(&recording),
        ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_END", "TEXT_MESSAGE_CHUNK", "RUN_FINISHED"]
    );
    assert!(recording.text().ends_with("Hi."));
}

#[tokio::test]
async fn the_wrong_order_is_sent_and_logged_on_request() {
    let agent = async |run: RunContext| run.emit(TextMessageContentEvent::new("m1", "for nobody")).await;
    let recording = record_unchecked(agent, ask("?").order(Order::Warn)).await;
    assert_eq!(types(&recording), ["RUN_STARTED", "TEXT_MESSAGE_CONTENT", "RUN_FINISHED"]);
}

#[tokio::test]
#[should_panic = "TEXT_MESSAGE_CONTENT"]
async fn a_recording_checks_itself() {
    let agent = async |run: RunContext| run.emit(TextMessageContentEvent::new("m1", "for nobody")).await;
    record(agent, ask("?").order(Order::Warn)).await;
}
