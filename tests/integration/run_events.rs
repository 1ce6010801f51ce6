//! Runs as streams of events, and what is emitted in one call.

use crate::support::agents::{Counter, DropSignal, input, soon};
use crate::support::catalogue;
use crate::support::frames::{self, types};
use agui::reduce::Conversation;
use agui::{CustomEvent, Downgrade, Event, Message, Order, Result, RunContext, RunRequest, UserMessage};
use futures_util::{FutureExt, StreamExt};
use serde_json::{Value, json};

async fn everything(run: RunContext) -> Result {
    for event in catalogue::inner_events() {
        run.emit(event).await?;
    }
    run.text("and more").await
}

#[tokio::test]
async fn the_events_of_a_run_are_those_of_its_frames() {
    for downgrade in [Downgrade::Never, Downgrade::Always] {
        let request = RunRequest::new(input()).repeatable().downgrade(downgrade);
        let frames = frames::all(agui::run(everything, request.clone())).await;
        let events: Vec<Event> = agui::run(everything, request).events().collect().await;
        assert_eq!(json!(events), json!(frames));
    }
}

#[tokio::test]
async fn events_that_break_their_schema_or_the_order_are_refused_all_the_same() {
    let agent = async |run: RunContext| -> Result {
        let late = agui::TextMessageEndEvent::new("m");
        assert!(run.emit(late.clone()).await.unwrap_err().is_invalid_event());
        let wrong = CustomEvent::new("n", 1).timestamp(i64::MAX);
        assert!(run.emit(wrong).await.unwrap_err().is_invalid_event());
        run.text("fine").await
    };
    let request = RunRequest::new(input()).order(Order::Refuse);
    let events: Vec<Event> = agui::run(agent, request).events().collect().await;
    let tags: Vec<_> = events.iter().map(Event::tag).collect();
    assert_eq!(
        tags,
        ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_FINISHED"]
    );
}

/// What is not read is bounded as frames are, and a reader that stops stops the agent.
#[tokio::test]
async fn a_reader_of_events_that_stops_stops_the_agent() {
    const SIZE: usize = 1000;
    let emitted = Counter::default();
    let (signal, dropped) = DropSignal::new();
    let counter = emitted.clone();
    let held = std::sync::Mutex::new(Some(signal));
    let agent = move |run: RunContext| {
        let (counter, signal) = (counter.clone(), held.lock().unwrap().take());
        async move {
            let _signal = signal;
            loop {
                run.emit(CustomEvent::new("n", "x".repeat(SIZE))).await?;
                counter.increment();
            }
            #[allow(unreachable_code)]
            Ok(())
        }
    };
    let mut events = agui::run(agent, input()).events();
    let mut read = 0;
    for _ in 0..5 {
        assert!(events.next().await.is_some());
        read += 1;
        // 16 KiB, and the event that crosses the mark, beyond those that were handed out together.
        assert!(emitted.get() <= read + 2 * 16 * 1024 / SIZE + 2, "{} of {read}", emitted.get());
    }
    let before = emitted.get();
    tokio::task::yield_now().await;
    assert_eq!(emitted.get(), before);
    drop(events);
    soon("the drop of the agent", dropped).await.unwrap();
}

#[tokio::test]
async fn a_run_read_as_events_is_cancelled_as_any() {
    let patient = async |run: RunContext| -> Result {
        run.text("Wait").await?;
        run.closed().await;
        Ok(())
    };
    let mut events = agui::run(patient, input()).events();
    for _ in 0..4 {
        soon("an event", events.next()).await.unwrap();
    }
    assert!(events.next().now_or_never().is_none());
    events.run().handle().cancel();
    let last = soon("the end", events.next()).await.unwrap();
    assert_eq!(json!(last)["outcome"], json!({"type": "cancelled"}));
    assert!(soon("the end", events.next()).await.is_none());
}

#[tokio::test]
async fn extensions_are_not_among_events_and_take_no_room() {
    let agent = async |run: RunContext| -> Result {
        for _ in 0..100 {
            // Any type that encodes; this is one that happens to be known.
            run.emit_extension(&Event::from(CustomEvent::new("n", "x".repeat(1000)))).await?;
        }
        run.text("after").await
    };
    let events: Vec<Event> = soon("the run", agui::run(agent, input()).events().collect()).await;
    assert_eq!(events.len(), 5);
}

#[tokio::test]
async fn state_20_messages_are_restated_in_one_call() {
    let agent = async |run: RunContext| -> Result {
        let mut messages = run.input().messages.clone();
        messages.push(UserMessage::new("m2", "And?").into());
        run.messages_snapshot(messages).await
    };
    let events = frames::all(agui::run(agent, input())).await;
    assert_eq!(events[1]["type"], "MESSAGES_SNAPSHOT");
    let ids: Vec<_> =
        events[1]["messages"].as_array().unwrap().iter().map(|message| &message["id"]).collect();
    assert_eq!(ids, ["message-1", "m2"]);
}

#[tokio::test]
async fn pass_2_provider_events_are_passed_on_as_they_are() {
    let agent = async |run: RunContext| -> Result {
        run.raw("acme", &json!({"delta": null})).await?;
        let subagent = run.start_subagent("helper").await?;
        subagent.raw("acme", &Value::Null).await?;
        subagent.finish().await
    };
    let events = frames::all(agui::run(agent, input())).await;
    assert_eq!((&events[1]["source"], &events[1]["event"]), (&json!("acme"), &json!({"delta": null})));
    assert_eq!(events[3]["event"], Value::Null);
    assert_eq!(events[3]["subagentRunId"], events[2]["subagentRunId"]);
}

#[tokio::test]
async fn chk_12_chunks_assemble_without_bounds() {
    let agent = async |run: RunContext| -> Result {
        let helper = run.start_subagent("helper").await?;
        for (ours, theirs) in [("Hel", "Gu"), ("lo", "ten Tag")] {
            run.text_chunk("m1", ours).await?;
            helper.text_chunk("m2", theirs).await?;
        }
        run.reasoning_chunk("r", "Hm").await?;
        run.reasoning_chunk("r", ".").await?;
        run.tool_call_chunk("c", "f", "{").await?;
        run.tool_call_chunk("c", "f", "}").await?;
        helper.finish().await
    };
    let request = RunRequest::new(input()).order(Order::Refuse);
    let events: Vec<Event> = agui::run(agent, request).events().collect().await;
    assert!(types(json!(events).as_array().unwrap()).contains(&"RUN_FINISHED"), "{events:?}");
    let mut conversation = Conversation::default();
    for event in &events {
        conversation.apply(event).unwrap();
    }
    let said: Vec<_> = conversation
        .messages()
        .iter()
        .map(|message| match message {
            Message::Assistant(message) => match &message.tool_calls {
                Some(calls) => calls[0].function.arguments.clone(),
                None => message.content.clone().unwrap(),
            },
            Message::Reasoning(message) => message.content.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(said, ["Hello", "Guten Tag", "Hm.", "{}"]);
}
