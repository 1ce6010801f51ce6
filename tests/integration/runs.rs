//! The runtime in process: what a run consists of, how it ends, and who waits for whom.

use crate::support::agents::{Counter, DropSignal, input, soon};
use crate::support::frames::{all, events, text, timeless, types};
use agui::{
    Agent, AssistantMessage, Content, CustomEvent, Error, Finished, ImagePart, Interrupt, Result, Run,
    RunAgentInput, RunContext, RunFinishedCancelledOutcome, RunFinishedInterruptOutcome, RunFinishedOutcome,
    RunFinishedSuccessOutcome, TextMessageEndEvent, TextMessageStartEvent, TextPart, TokenUsage, UrlSource,
    UserMessage,
};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::{Notify, oneshot};

// The boundaries of a run.

#[tokio::test]
async fn a_run_is_opened_and_closed_with_the_ids_of_its_input() {
    // RUN-1, RUN-4, RUN-5, RUN-6.
    let events = all(agui::run(hello, input())).await;

    assert_eq!(
        timeless(&events[0]),
        json!({ "type": "RUN_STARTED", "threadId": "thread-1", "runId": "run-1", "protocolVersion": "1.0" })
    );
    assert_eq!(
        timeless(&events[4]),
        json!({ "type": "RUN_FINISHED", "threadId": "thread-1", "runId": "run-1" })
    );
    assert_eq!(types(&events[1..4]), ["TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END"]);
    assert_eq!(events.len(), 5);
}

#[tokio::test]
async fn a_run_declares_the_version_it_speaks_and_not_that_of_its_input() {
    // RUN-9, VER-2; a newer or odd declaration is no reason to reject (VER-5, VER-6).
    for declared in ["1.0", "1.7", "0.9", "2024-11", ""] {
        let events = all(agui::run(hello, input().protocol_version(declared))).await;
        assert_eq!(events[0]["protocolVersion"], agui::PROTOCOL_VERSION, "{declared}");
    }
}

#[tokio::test]
async fn a_run_names_the_run_that_spawned_it() {
    // RUN-10.
    let events = all(agui::run(hello, input().parent_run_id("run-0"))).await;
    assert_eq!(events[0]["parentRunId"], "run-0");
}

#[tokio::test]
async fn every_event_carries_the_time_of_its_emission() {
    let agent = async |run: RunContext| {
        run.text("Now").await?;
        run.emit(CustomEvent::new("test.dated", json!(0)).timestamp(-5)).await
    };
    let before = now();
    let events = all(agui::run(agent, input())).await;
    let after = now();

    let (dated, others): (Vec<_>, Vec<_>) = events.iter().partition(|event| event["type"] == "CUSTOM");
    assert_eq!(dated[0]["timestamp"], -5);
    let mut last = before;
    for event in others {
        let timestamp = event["timestamp"].as_i64().expect("a timestamp");
        assert!((last..=after).contains(&timestamp), "{timestamp} is not within {last} and {after}");
        last = timestamp;
    }
}

#[tokio::test]
async fn an_agent_sees_its_input() {
    let agent = async |run: RunContext| {
        assert_eq!((run.thread_id(), run.run_id()), ("thread-1", "run-1"));
        assert_eq!(run.input(), &input());
        run.text(run.last_user_text().unwrap()).await
    };
    assert_eq!(text(&all(agui::run(agent, input())).await), "Hello!");
}

#[tokio::test]
async fn the_last_user_text_is_that_of_the_newest_user_message() {
    let say = async |run: RunContext| run.text(format!("{:?}", run.last_user_text())).await;
    let image = ImagePart::new(UrlSource::new("https://example.org/cat.png"));
    let parts = vec![TextPart::new("Look:").into(), image.into(), TextPart::new("A cat.").into()];
    let user = |content: Content| UserMessage::new("m", content).into();
    for (messages, expected) in [
        (vec![], "None"),
        (vec![AssistantMessage::new("m").content("Hi.").into()], "None"),
        (vec![user("one".into()), user("two".into()), AssistantMessage::new("m").into()], "Some(\"two\")"),
        (vec![user("one".into()), user(parts.into())], "Some(\"Look:\\nA cat.\")"),
    ] {
        let events = all(agui::run(say, RunAgentInput::new("thread-1", "run-1", messages))).await;
        assert_eq!(text(&events), expected);
    }
}

// What an agent returns.

#[tokio::test]
async fn an_outcome_is_sent_as_the_agent_returned_it() {
    let outcomes: [(RunFinishedOutcome, Value); 3] = [
        (
            RunFinishedSuccessOutcome::new().pending_tool_call_ids(vec!["call-1".into()]).into(),
            json!({ "type": "success", "pendingToolCallIds": ["call-1"] }),
        ),
        (
            RunFinishedInterruptOutcome::new(vec![Interrupt::new("interrupt-1", "approval")]).into(),
            json!({ "type": "interrupt", "interrupts": [{ "id": "interrupt-1", "reason": "approval" }] }),
        ),
        (RunFinishedCancelledOutcome::new().into(), json!({ "type": "cancelled" })),
    ];
    for (outcome, sent) in outcomes {
        let pending = sent.get("pendingToolCallIds").is_some();
        let agent = move |run: RunContext| {
            let outcome = outcome.clone();
            async move {
                if pending {
                    run.start_tool_call("call-1", "show_map", None).await?.finish().await?;
                }
                Ok(outcome)
            }
        };
        let events = all(agui::run(agent, input())).await;
        assert_eq!(events.last().unwrap()["outcome"], sent);
    }
}

#[tokio::test]
async fn result_and_usage_are_sent_as_the_agent_returned_them() {
    let agent = async |_| {
        let usage = TokenUsage::new().provider("acme").input_tokens(3).output_tokens(4).total_tokens(7);
        Ok(Finished::from(RunFinishedOutcome::from(RunFinishedSuccessOutcome::new()))
            .result(json!({ "answer": 42 }))
            .usage(vec![usage]))
    };
    let events = all(agui::run(agent, input())).await;
    let expected = json!({
        "type": "RUN_FINISHED", "threadId": "thread-1", "runId": "run-1",
        "outcome": { "type": "success" }, "result": { "answer": 42 },
        "usage": [{ "provider": "acme", "inputTokens": 3, "outputTokens": 4, "totalTokens": 7 }],
    });
    assert_eq!(timeless(&events[1]), expected);
}

#[tokio::test]
async fn an_end_that_breaks_its_schema_becomes_an_error() {
    // RUN-14: an interrupt outcome has at least one interrupt, and counts are integers that all can hold. RUN-32: so it is
    // with a run that was stopped.
    let empty = async |_| Ok(RunFinishedOutcome::from(RunFinishedInterruptOutcome::new(vec![])));
    const HUGE: fn() -> Vec<TokenUsage> = || vec![TokenUsage::new().input_tokens(u64::MAX)];
    let done = async |_| Ok(Finished::default().usage(HUGE()));
    let stopped = async |_| Ok(Finished::cancelled().usage(HUGE()));
    for events in [
        all(agui::run(empty, input())).await,
        all(agui::run(done, input())).await,
        all(agui::run(stopped, input())).await,
    ] {
        assert_eq!(types(&events), ["RUN_STARTED", "RUN_ERROR"]);
    }
}

#[tokio::test]
async fn a_public_error_reaches_the_client_with_its_code() {
    // RUN-28, SSE-11.
    let coded = async |_| Err::<(), _>(Error::public("Too many questions").code("rate_limited"));
    let plain = async |_| Err::<(), _>(Error::public("Too many questions"));

    let events = all(agui::run(coded, input())).await;
    assert_eq!(
        timeless(&events[1]),
        json!({ "type": "RUN_ERROR", "message": "Too many questions", "code": "rate_limited" })
    );
    let events = all(agui::run(plain, input())).await;
    assert_eq!(timeless(&events[1]), json!({ "type": "RUN_ERROR", "message": "Too many questions" }));
}

#[tokio::test]
async fn nothing_of_a_private_error_reaches_the_client() {
    let new = async |_| Err::<(), _>(Error::new("secret").code("secret"));
    let io = async |_| Err::<(), Error>(std::io::Error::other("secret").into());
    let question_mark = async |_| {
        "secret".parse::<u8>()?;
        Ok(())
    };
    assert_fails_in_private(new).await;
    assert_fails_in_private(io).await;
    assert_fails_in_private(question_mark).await;
}

// Panics.

#[tokio::test]
async fn a_panic_before_the_future_exists_ends_the_run_with_an_error() {
    assert_fails_in_private(|_| -> std::future::Ready<Result> { panic!("secret") }).await;
}

#[tokio::test]
async fn a_panic_before_the_first_await_ends_the_run_with_an_error() {
    assert_fails_in_private(async |_| -> Result { panic!("secret") }).await;
}

#[tokio::test]
async fn a_panic_after_an_await_ends_the_run_with_an_error_behind_what_was_emitted() {
    let agent = async |run: RunContext| -> Result {
        run.emit(CustomEvent::new("test.before", json!(0))).await?;
        tokio::task::yield_now().await;
        panic!("{}", "secret".to_owned())
    };
    let events = assert_fails_in_private(agent).await;
    assert_eq!(types(&events), ["RUN_STARTED", "CUSTOM", "RUN_ERROR"]);
}

#[tokio::test]
async fn a_panic_with_a_payload_that_is_no_text_ends_the_run_with_an_error() {
    assert_fails_in_private(async |_| -> Result { std::panic::panic_any(7) }).await;
}

#[tokio::test]
async fn a_panic_while_the_agent_drops_its_locals_ends_the_run_with_an_error() {
    let agent = async |run: RunContext| {
        let _bomb = Bomb;
        run.emit(CustomEvent::new("test.before", json!(0))).await
    };
    let events = assert_fails_in_private(agent).await;
    assert_eq!(types(&events), ["RUN_STARTED", "CUSTOM", "RUN_ERROR"]);
}

// Events that are refused.

#[tokio::test]
async fn an_event_that_breaks_its_schema_is_refused_and_the_run_goes_on() {
    // EVT-1, PROC-19: nothing of it is in the stream, not even a part of the frame.
    let agent = async |run: RunContext| {
        let invalid = CustomEvent::new("test.invalid", json!("x".repeat(1000))).timestamp(i64::MAX);
        let refused = run.emit(invalid).await.unwrap_err();
        assert!(refused.is_invalid_event() && !refused.is_closed(), "{refused}");
        assert!(refused.to_string().contains("timestamp"), "{refused}");
        run.text("Never mind").await
    };
    let events = all(agui::run(agent, input())).await;
    let expected =
        ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_FINISHED"];
    assert_eq!(types(&events), expected);
}

#[tokio::test]
async fn a_refused_event_that_the_agent_does_not_handle_ends_the_run_with_an_error() {
    let agent =
        async |run: RunContext| run.emit(CustomEvent::new("secret", json!(0)).timestamp(i64::MIN)).await;
    assert_fails_in_private(agent).await;
}

#[tokio::test]
async fn emitting_after_the_end_is_refused() {
    let (sender, kept) = oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let agent = move |run: RunContext| {
        let _ = sender.lock().unwrap().take().unwrap().send(run);
        std::future::ready(Ok(()))
    };
    let events = all(agui::run(agent, input())).await;
    assert_eq!(types(&events), ["RUN_STARTED", "RUN_FINISHED"]);

    let run: RunContext = kept.await.unwrap();
    let late = tokio::spawn(async move { run.text("Too late").await });
    let refused = soon("the late event", late).await.unwrap().unwrap_err();
    assert!(refused.is_closed() && !refused.is_invalid_event(), "{refused}");
}

#[tokio::test]
async fn emitting_after_the_reader_has_gone_is_refused() {
    let (sender, kept) = oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let agent = move |run: RunContext| {
        let _ = sender.lock().unwrap().take().unwrap().send(run);
        std::future::pending::<Result>()
    };
    let mut stream = agui::run(agent, input());
    stream.next().await.unwrap();
    drop(stream);
    assert!(kept.await.unwrap().text("Too late").await.unwrap_err().is_closed());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_follows_the_terminal_event_even_if_tasks_go_on_emitting() {
    // RUN-16, RUN-17, SSE-9: a consumer would reject the whole stream. This is a race, hence the repetition,
    // and the agent holds its thread while it waits, to return when its tasks are busy.
    let agent = async |run: RunContext| {
        let emitted = Counter::default();
        for _ in 0..2 {
            let (run, emitted) = (run.clone(), emitted.clone());
            tokio::spawn(async move {
                while run.emit(CustomEvent::new("test.tick", json!(0))).await.is_ok() {
                    emitted.increment();
                }
            });
        }
        while emitted.get() == 0 {
            std::thread::yield_now();
        }
        Ok(())
    };
    for _ in 0..1000 {
        let frames = agui::run(agent, input()).collect::<Vec<_>>().await.concat();
        let last = frames.split_inclusive(|byte| *byte == b'\n').nth_back(1).unwrap();
        let last = String::from_utf8_lossy(last);
        assert!(last.starts_with(r#"data: {"type":"RUN_FINISHED""#), "the stream ends with {last}");
    }
}

// Text messages are closed, however the agent ends (RUN-11, CHK-3).

#[tokio::test]
async fn a_text_message_is_closed_when_the_agent_returns_early() {
    let agent = async |run: RunContext| {
        let mut message = run.start_text().await?;
        message.push("Never mi").await
    };
    let events = all(agui::run(agent, input())).await;
    let expected =
        ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_FINISHED"];
    assert_eq!(types(&events), expected);
    assert_eq!(events[1]["messageId"], events[3]["messageId"]);
}

#[tokio::test]
async fn a_text_message_is_closed_when_the_agent_fails() {
    let agent = async |run: RunContext| {
        let mut message = run.start_text().await?;
        message.push("Never mi").await?;
        "secret".parse::<u8>()?;
        message.finish().await
    };
    let events = assert_fails_in_private(agent).await;
    let expected =
        ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_ERROR"];
    assert_eq!(types(&events), expected);
}

#[tokio::test]
async fn a_text_message_is_closed_when_the_agent_panics() {
    let agent = async |run: RunContext| -> Result {
        let _message = run.start_text().await?;
        panic!("secret")
    };
    let events = assert_fails_in_private(agent).await;
    assert_eq!(types(&events), ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_END", "RUN_ERROR"]);
}

#[tokio::test]
async fn a_text_message_is_closed_once() {
    let agent = async |run: RunContext| {
        let first = run.start_text().await?;
        let second = run.start_text().await?;
        first.finish().await?;
        drop(second);
        run.text("third").await
    };
    let events = all(agui::run(agent, input())).await;
    let ids = |event_type: &str| -> Vec<Value> {
        events
            .iter()
            .filter(|event| event["type"] == event_type)
            .map(|event| event["messageId"].clone())
            .collect()
    };
    assert_eq!(ids("TEXT_MESSAGE_START"), ids("TEXT_MESSAGE_END"));
    // EVT-9.
    assert_eq!(
        ids("TEXT_MESSAGE_START")
            .iter()
            .map(Value::to_string)
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        3
    );
}

#[tokio::test]
async fn a_text_message_is_closed_even_if_finishing_it_is_given_up() {
    let agent = async |run: RunContext| {
        let message = run.start_text().await?;
        fill_buffer(&run).await;
        // There is no room, so finishing waits, and the agent loses its patience.
        let mut finish = Box::pin(message.finish());
        assert!(poll_once(finish.as_mut()).is_pending());
        drop(finish);
        Ok(())
    };
    let events = all(agui::run(agent, input())).await;
    let ends = types(&events).into_iter().filter(|event_type| *event_type == "TEXT_MESSAGE_END").count();
    assert_eq!(ends, 1);
    assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"));
}

#[tokio::test]
async fn a_text_message_is_closed_even_if_a_task_holds_it_beyond_the_end() {
    let agent = async |run: RunContext| {
        let message = run.start_text().await?;
        tokio::spawn(async move {
            std::future::pending::<()>().await;
            drop(message);
        });
        Ok(())
    };
    let events = all(agui::run(agent, input())).await;
    assert_eq!(types(&events), ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_END", "RUN_FINISHED"]);
}

// Who waits for whom.

#[test]
fn nothing_runs_before_the_first_poll() {
    let called = Counter::default();
    let counter = called.clone();
    let mut run = agui::run(
        move |_| {
            counter.increment();
            std::future::ready(Ok(()))
        },
        input(),
    );
    assert_eq!(called.get(), 0);
    assert_eq!(types(&events(chunk(&mut run))), ["RUN_STARTED", "RUN_FINISHED"]);
    assert_eq!(called.get(), 1);
}

#[test]
fn the_start_is_readable_while_the_agent_still_thinks() {
    let mut run = agui::run(async |_| std::future::pending::<Result>().await, input());
    assert_eq!(types(&events(chunk(&mut run))), ["RUN_STARTED"]);
    assert!(poll(&mut run).is_pending());
}

#[test]
fn a_run_that_is_over_stays_over() {
    let mut run = agui::run(hello, input());
    chunk(&mut run);
    assert_eq!(poll(&mut run), Poll::Ready(None));
    assert_eq!(poll(&mut run), Poll::Ready(None));
}

#[test]
fn an_agent_waits_for_a_reader_who_does_not_read() {
    const EVENTS: usize = 10_000;
    let emitted = Counter::default();
    let mut run = agui::run(flood(EVENTS, &emitted), input());

    let first = chunk(&mut run);
    let ahead = emitted.get();
    assert!(first.len() <= MOST, "{} bytes", first.len());
    assert!(ahead <= MOST / 1024, "{ahead} events of 1 KiB were emitted for nobody");
    assert_eq!(emitted.get(), ahead, "nobody polls, so nothing happens");

    let mut received = events(first);
    while let Poll::Ready(Some(chunk)) = poll(&mut run) {
        assert!(chunk.len() <= MOST, "{} bytes", chunk.len());
        received.extend(events(chunk));
        assert!(emitted.get() <= received.len() + MOST / 1024, "the agent is too far ahead");
    }
    assert_eq!(emitted.get(), EVENTS);
    assert_flood(&received, EVENTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_of_the_agent_waits_for_a_reader_who_does_not_read() {
    const EVENTS: usize = 2000;
    let emitted = Counter::default();
    let flood = Arc::new(flood(EVENTS, &emitted));
    let agent = move |run: RunContext| {
        let flood = Arc::clone(&flood);
        async move { tokio::spawn(async move { flood(run).await }).await? }
    };
    let mut run = agui::run(agent, input());

    let mut received = events(run.next().await.unwrap());
    // The task runs on its own until there is no room.
    soon("a full buffer", async {
        while emitted.get() < 10 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(emitted.get() <= MOST / 512, "{} events of 1 KiB were emitted for nobody", emitted.get());

    soon("the rest", async {
        while let Some(chunk) = run.next().await {
            received.extend(events(chunk));
        }
    })
    .await;
    assert_flood(&received, EVENTS);
}

#[test]
fn a_waiting_emitter_is_remembered_once_however_often_it_is_polled() {
    let (sender, mut kept) = oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let agent = move |run: RunContext| {
        let sender = sender.lock().unwrap().take();
        async move {
            fill_buffer(&run).await;
            let _ = sender.unwrap().send(run);
            std::future::pending::<Result>().await
        }
    };
    let mut stream = agui::run(agent, input());
    chunk(&mut stream);
    let run: RunContext = kept.try_recv().unwrap();
    assert!(poll_once(pin!(fill_buffer(&run))).is_ready());

    // Such as a task that emits and looks at a clock at the same time.
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut emit = pin!(run.emit(CustomEvent::new("test.tick", json!(0))));
    for _ in 0..1000 {
        assert!(emit.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    assert!(Arc::strong_count(&woken) < 10, "{} wakers are kept", Arc::strong_count(&woken));

    chunk(&mut stream);
    assert!(woken.0.get() > 0, "the emitter is woken when there is room");
    assert!(emit.as_mut().poll(&mut Context::from_waker(&waker)).is_ready());
}

/// A run whose agent gives its context away and then waits, with what counts its polls and what would wake it. The first
/// chunk is read.
fn waiting() -> (Run, RunContext, Counter, Arc<Mutex<Option<Waker>>>) {
    let (sender, mut kept) = oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let (polls, waker) = (Counter::default(), Arc::new(Mutex::new(None)));
    let (polled, told) = (polls.clone(), Arc::clone(&waker));
    let agent = move |run: RunContext| {
        let _ = sender.lock().unwrap().take().unwrap().send(run);
        let (polled, told) = (polled.clone(), Arc::clone(&told));
        std::future::poll_fn(move |cx| -> Poll<Result> {
            polled.increment();
            *told.lock().unwrap() = Some(cx.waker().clone());
            Poll::Pending
        })
    };
    let mut stream = agui::run(agent, input());
    chunk(&mut stream);
    let run = kept.try_recv().unwrap();
    (stream, run, polls, waker)
}

#[test]
fn an_agent_makes_progress_even_if_its_task_keeps_the_buffer_full() {
    // Such as an agent that waits for a timeout, or for a button, to stop its task.
    let (mut stream, run, polls, waker) = waiting();
    for woken in 1..=100 {
        assert!(poll_once(pin!(fill_buffer(&run))).is_ready());
        let waker = waker.lock().unwrap().take();
        waker.unwrap().wake();
        chunk(&mut stream);
        assert_eq!(polls.get(), 1 + woken, "it was woken, and there is something to read all the same");
    }
}

#[test]
fn an_agent_is_polled_when_something_woke_it() {
    let (mut stream, run, polls, _) = waiting();
    for _ in 0..10 {
        assert!(poll_once(pin!(stream.next())).is_pending(), "a reader that asks again");
        assert!(poll_once(pin!(run.text("from a task"))).is_ready());
        chunk(&mut stream);
    }
    assert_eq!(polls.get(), 1);
}

#[tokio::test]
async fn txt_7_a_piece_is_judged_anew_when_something_came_in_between() {
    let agent = async |run: RunContext| -> Result {
        let mut message = run.start_text().await?;
        for piece in ["one", " two", " three"] {
            message.push(piece).await?;
        }
        run.emit(CustomEvent::new("between", json!(1))).await?;
        message.push(" four").await?;
        run.emit(TextMessageEndEvent::new(message.id())).await?;
        for _ in 0..2 {
            let refused = message.push(" five").await.unwrap_err();
            assert!(refused.to_string().contains("TXT-7"), "{refused}");
        }
        run.emit(TextMessageStartEvent::new(message.id())).await?;
        message.push(" six").await?;
        message.finish().await
    };
    assert_eq!(text(&all(agui::run(agent, input())).await), "one two three four six");
}

#[tokio::test]
async fn parts_of_an_agent_that_run_side_by_side_may_all_emit() {
    let agent = async |run: RunContext| {
        let (left, right) = tokio::join!(count(&run, "left", 1000), count(&run, "right", 1000));
        left.and(right)
    };
    let events = all(agui::run(agent, input())).await;
    assert_counted(&events, &["left", "right"], 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_of_an_agent_may_all_emit() {
    const NAMES: [&str; 4] = ["north", "east", "south", "west"];
    let agent = async |run: RunContext| {
        let tasks = NAMES.map(|name| {
            let run = run.clone();
            tokio::spawn(async move { count(&run, name, 1000).await })
        });
        for task in tasks {
            task.await??;
        }
        Ok(())
    };
    let events = soon("the end of all tasks", all(agui::run(agent, input()))).await;
    assert_counted(&events, &NAMES, 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_emits_wakes_a_reader_who_waits() {
    let waits = Arc::new(Notify::new());
    let wait = Arc::clone(&waits);
    let agent = move |run: RunContext| {
        let waits = Arc::clone(&wait);
        async move {
            tokio::spawn(async move {
                waits.notified().await;
                run.text("Wake up!").await
            });
            std::future::pending::<Result>().await
        }
    };
    let mut run = agui::run(agent, input());
    assert_eq!(types(&events(run.next().await.unwrap())), ["RUN_STARTED"]);

    let reader = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&reader));
    assert!(run.poll_next_unpin(&mut Context::from_waker(&waker)).is_pending());
    waits.notify_one();

    soon("the reader is woken", async {
        while reader.0.get() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(types(&events(chunk(&mut run)))[0], "TEXT_MESSAGE_START");
}

#[tokio::test]
async fn dropping_the_stream_drops_the_agent() {
    let (guard, mut dropped) = DropSignal::new();
    let guard = Mutex::new(Some(guard));
    let agent = move |run: RunContext| {
        let guard = guard.lock().unwrap().take();
        async move {
            run.text("Stay a while").await?;
            std::future::pending::<()>().await;
            drop(guard);
            Ok(())
        }
    };
    let mut run = agui::run(agent, input());
    chunk(&mut run);
    assert!(dropped.try_recv().is_err());

    drop(run);

    assert!(dropped.try_recv().is_ok());
}

#[tokio::test]
async fn an_agent_is_dropped_when_it_has_returned_and_not_only_with_the_stream() {
    let (guard, mut dropped) = DropSignal::new();
    let agent = Counted { _guard: guard };
    let mut run = agui::run(agent, input());
    chunk(&mut run);
    assert!(dropped.try_recv().is_ok());
    drop(run);
}

/// An agent that is a type.
struct Counted {
    _guard: DropSignal,
}

impl Agent for Counted {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        run.text("Hello!").await?;
        Ok(Finished::default())
    }
}

/// The most that is handed out or held at once: a buffer of 16 KiB and the event that crosses its mark.
const MOST: usize = 16 * 1024 + 1280;

/// An agent that emits so many events of 1 KiB, one after the other.
fn flood(
    events: usize,
    emitted: &Counter,
) -> impl Fn(RunContext) -> futures_util::future::BoxFuture<'static, Result> + use<> {
    let emitted = emitted.clone();
    move |run| {
        let emitted = emitted.clone();
        Box::pin(async move {
            for index in 0..events {
                run.emit(CustomEvent::new(index.to_string(), "x".repeat(1024))).await?;
                emitted.increment();
            }
            Ok(())
        })
    }
}

#[track_caller]
fn assert_flood(received: &[Value], events: usize) {
    assert_eq!(received.len(), events + 2);
    for (index, event) in received[1..=events].iter().enumerate() {
        assert_eq!(event["name"], index.to_string());
        assert_eq!(event["value"].as_str().unwrap().len(), 1024);
    }
    assert_eq!(received[events + 1]["type"], "RUN_FINISHED");
}

async fn count(run: &RunContext, name: &str, to: usize) -> Result {
    for number in 0..to {
        run.emit(CustomEvent::new(name, number)).await?;
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Each counter is complete and in order, whatever came in between.
#[track_caller]
fn assert_counted(events: &[Value], names: &[&str], to: usize) {
    assert_eq!(events.len(), names.len() * to + 2);
    for name in names {
        let numbers = events.iter().filter(|event| event["name"] == *name).map(|event| &event["value"]);
        assert!(numbers.eq((0..to).map(Value::from).collect::<Vec<_>>().iter()), "{name}");
    }
    assert_eq!(events[events.len() - 1]["type"], "RUN_FINISHED");
}

/// Emits until there is no room left, without waiting for any.
async fn fill_buffer(run: &RunContext) {
    let kibibyte = "x".repeat(1024);
    while poll_once(pin!(run.emit(CustomEvent::new("test.filler", kibibyte.as_str())))).is_ready() {}
}

/// Runs an agent that fails in a way which is none of the client's business.
async fn assert_fails_in_private(agent: impl Agent) -> Vec<Value> {
    let events = all(agui::run(agent, input())).await;
    let (error, others) = events.split_last().unwrap();
    assert_eq!(
        timeless(error),
        json!({ "type": "RUN_ERROR", "message": "The agent failed.", "code": "internal_error" })
    );
    assert_eq!(others[0]["type"], "RUN_STARTED");
    assert!(!format!("{events:?}").contains("secret"), "{events:?}");
    events
}

async fn hello(run: RunContext) -> Result {
    run.text("Hello!").await
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("secret")
    }
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(Counter);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.increment();
    }
}

fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn poll(run: &mut Run) -> Poll<Option<Bytes>> {
    run.poll_next_unpin(&mut Context::from_waker(Waker::noop()))
}

/// Polls a run that has something to say.
#[track_caller]
fn chunk(run: &mut Run) -> Bytes {
    match poll(run) {
        Poll::Ready(Some(chunk)) => chunk,
        other => panic!("no chunk: {other:?}"),
    }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}
