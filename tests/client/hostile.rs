//! Streams that are made to take long: four times as much of them takes about four times as long, not sixteen times.

use super::support::*;
use agui::client::{Answerable, Exchange, Outcome, Playback, Replay, Thread};
use agui::reduce::{Conversation, Expander};
use agui::{
    ActivitySnapshotEvent, AssistantMessage, Content, Event, FunctionCall, Interrupt, Message,
    MessagesSnapshotEvent, ReasoningMessageEndEvent, ResumeEntry, SubagentRunId, TextMessageChunkEvent,
    TextMessageContentEvent, TextMessageStartEvent, Tool, ToolCall, ToolCallArgsEvent, ToolCallResultEvent,
    ToolCallStartEvent,
};
use cpu_time::ThreadTime;
use futures_util::FutureExt;
use serde_json::json;
use std::fmt::Write;
use std::time::Duration;

/// Has some work done on so many items and on four times as many. What grows with their square would take sixteen times
/// as long, minutes in each of these tests.
fn in_proportion(items: usize, work: impl Fn(usize)) {
    let took = |items| {
        let start = ThreadTime::now();
        work(items);
        start.elapsed()
    };
    let (few, many) = (took(items), took(4 * items));
    assert!(many < 8 * few + Duration::from_secs(10), "{few:?} for {items}, {many:?} for four times as many");
}

fn apply(conversation: &mut Conversation, event: impl Into<Event>) {
    conversation.apply(&event.into()).unwrap();
}

#[test]
fn messages_of_which_each_event_continues_another() {
    in_proportion(60_000, |messages| {
        let mut conversation = Conversation::default();
        for n in 0..messages {
            apply(&mut conversation, TextMessageStartEvent::new(format!("m{n}")));
        }
        for n in (0..messages).rev() {
            let id = format!("m{n}");
            apply(&mut conversation, TextMessageContentEvent::new(&*id, "x"));
            assert!(conversation.message(&id).is_some());
        }
    });
}

#[test]
fn calls_of_which_each_event_continues_another() {
    for parent in [None, Some("m")] {
        in_proportion(60_000, |calls| {
            let mut conversation = Conversation::default();
            for n in 0..calls {
                let mut start = ToolCallStartEvent::new(format!("c{n}"), "tool");
                start.parent_message_id = parent.map(str::to_owned);
                apply(&mut conversation, start);
            }
            for n in (0..calls).rev() {
                let id = format!("c{n}");
                apply(&mut conversation, ToolCallArgsEvent::new(&*id, "x"));
                assert_eq!(conversation.tool_call(&id).unwrap().function.arguments, "x");
            }
        });
    }
}

#[test]
fn answers_to_many_calls_of_a_message() {
    in_proportion(60_000, |calls| {
        let mut conversation = Conversation::default();
        for n in 0..calls {
            let start = ToolCallStartEvent::new(format!("c{n}"), "tool").parent_message_id("m");
            apply(&mut conversation, start);
        }
        for n in 0..calls {
            apply(&mut conversation, ToolCallResultEvent::new(format!("r{n}"), format!("c{n}"), "x"));
        }
        assert_eq!(conversation.messages().len(), calls + 1);
    });
}

/// Answers to the calls of two messages, in turns.
#[test]
fn answers_to_many_calls_of_two_messages() {
    in_proportion(40_000, |calls| {
        let mut conversation = Conversation::default();
        for message in ["a", "b"] {
            for n in 0..calls {
                let call = format!("{message}{n}");
                apply(&mut conversation, ToolCallStartEvent::new(call, "tool").parent_message_id(message));
            }
        }
        for n in 0..calls {
            for message in ["a", "b"] {
                let id = format!("r-{message}{n}");
                apply(&mut conversation, ToolCallResultEvent::new(id, format!("{message}{n}"), "x"));
            }
        }
        assert_eq!(conversation.messages().len(), 2 * calls + 2);
    });
}

/// Each answer stands behind its call, so that it comes before all other calls.
#[test]
fn answers_to_calls_of_many_messages() {
    in_proportion(40_000, |calls| {
        let mut conversation = Conversation::default();
        for n in 0..calls {
            apply(&mut conversation, ToolCallStartEvent::new(format!("c{n}"), "tool"));
        }
        for n in 0..calls {
            let id = format!("r{n}");
            apply(&mut conversation, ToolCallResultEvent::new(&*id, format!("c{n}"), "x"));
            assert!(conversation.message(&id).is_some());
        }
        let ids: Vec<_> = conversation.messages().iter().take(3).map(|message| message.id()).collect();
        assert_eq!(ids, ["c0", "r0", "c1"]);
    });
}

/// What was an answer ends the answers behind a call, so that the next one comes before it.
#[test]
fn answers_of_which_each_becomes_an_activity() {
    let answer = |n: usize, call: &str| ToolCallResultEvent::new(format!("r{n}"), call, "x");
    let activity = |n: usize| ActivitySnapshotEvent::new(format!("r{n}"), "a", Default::default());
    in_proportion(40_000, |calls| {
        let mut conversation = Conversation::default();
        for n in 0..calls {
            apply(&mut conversation, ToolCallStartEvent::new(format!("c{n}"), "tool"));
        }
        for n in 0..calls {
            apply(&mut conversation, answer(n, &format!("c{n}")));
            apply(&mut conversation, activity(n));
        }
        assert_eq!(ids(&conversation)[..5], ["c0", "r0", "c1", "r1", "c2"]);
    });
    in_proportion(40_000, |answers| {
        let mut conversation = Conversation::default();
        for n in 0..100 {
            apply(&mut conversation, ToolCallStartEvent::new(format!("c{n}"), "tool"));
        }
        for n in 0..answers {
            apply(&mut conversation, answer(n, "c0"));
            apply(&mut conversation, activity(n));
        }
        let last = format!("r{}", answers - 1);
        assert_eq!(ids(&conversation)[..2], ["c0", &last]);
    });
    // All are in the list when they become activities, the last one first.
    in_proportion(40_000, |answers| {
        let mut conversation = Conversation::default();
        apply(&mut conversation, ToolCallStartEvent::new("c", "tool"));
        for n in 0..answers {
            apply(&mut conversation, answer(n, "c"));
        }
        for n in (1..answers).rev() {
            apply(&mut conversation, activity(n));
            apply(&mut conversation, answer(answers + n, "c"));
            apply(&mut conversation, activity(answers + n));
        }
        let first_new = format!("r{}", answers + 1);
        assert_eq!(ids(&conversation)[..4], ["c", "r0", &first_new, "r1"]);
    });
}

/// Two messages hold a call where a list says so; when one of them becomes something else, the other has it.
#[test]
fn messages_with_the_same_calls_of_which_each_becomes_an_activity() {
    in_proportion(20_000, |messages| {
        let call = |id: String| ToolCall::new(id, FunctionCall::new("tool", ""));
        let held = (0..messages).map(|n| {
            let mut message = AssistantMessage::new(format!("m{n}"));
            message.tool_calls = Some(vec![call("c".to_owned()), call(format!("c{}", n % (messages / 2)))]);
            message.into()
        });
        let mut conversation = Conversation::new(held.collect(), json!({}));
        for n in 0..messages {
            apply(&mut conversation, ToolCallArgsEvent::new("c", "x"));
            let Message::Assistant(first) = &conversation.messages()[n] else { panic!("{n} is no call") };
            assert_eq!(first.tool_calls.as_ref().unwrap()[0].function.arguments, "x");
            let id = format!("m{n}");
            apply(&mut conversation, ActivitySnapshotEvent::new(&*id, "a", Default::default()));
            let other = conversation.tool_call(&format!("c{}", n % (messages / 2)));
            assert_eq!(other.is_some(), n < messages / 2);
        }
        assert_eq!(conversation.tool_call("c"), None);
    });
}

fn ids(conversation: &Conversation) -> Vec<&str> {
    conversation.messages().iter().map(Message::id).collect()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Call,
    Answer,
    Activity,
}

/// Wherever messages are kept, they are in order for whoever looks, and found by their ids.
#[test]
fn answers_stand_behind_their_calls_however_long_ago_those_were() {
    fastrand::seed(7);
    for _ in 0..60 {
        let mut conversation = Conversation::default();
        // Of each message the id, the text, and what it is.
        let mut expected: Vec<(String, String, Kind)> = Vec::new();
        // Many calls with few answers, or the other way round.
        let calls = fastrand::u32(5..40);
        for n in 0..400 {
            let id = format!("m{n}");
            let known = fastrand::usize(..expected.len().clamp(1, if calls < 15 { 40 } else { 400 }));
            match (fastrand::u32(..100), expected.get_mut(known)) {
                (kind, known) if kind < calls || known.is_none() => {
                    apply(&mut conversation, ToolCallStartEvent::new(&*id, "tool"));
                    expected.push((id, String::new(), Kind::Call));
                }
                (..75, Some((call, ..))) => {
                    apply(&mut conversation, ToolCallResultEvent::new(&*id, &**call, "x"));
                    let call = call.clone();
                    let is_answer = |(_, _, kind): &&(String, String, Kind)| *kind == Kind::Answer;
                    let holder = expected.iter().position(|(id, _, kind)| *id == call && *kind == Kind::Call);
                    let place = holder.map_or(expected.len(), |holder| {
                        holder + 1 + expected[holder + 1..].iter().take_while(is_answer).count()
                    });
                    expected.insert(place, (id, "x".to_owned(), Kind::Answer));
                }
                (75..85, Some((id, text, kind))) if *kind != Kind::Activity => {
                    apply(&mut conversation, TextMessageContentEvent::new(&**id, "y"));
                    text.push('y');
                }
                (85..95, Some((id, text, kind))) => {
                    apply(&mut conversation, ActivitySnapshotEvent::new(&**id, "a", Default::default()));
                    text.clear();
                    *kind = Kind::Activity;
                }
                // What a snapshot leaves out goes, but for activities.
                (95..96, Some((_, _, kind))) if *kind != Kind::Activity => {
                    expected.remove(known);
                    let mut messages = conversation.messages().to_vec();
                    messages.remove(known);
                    apply(&mut conversation, MessagesSnapshotEvent::new(messages));
                }
                (_, Some((id, ..))) => assert_eq!(conversation.message(id).unwrap().id(), id),
                (_, None) => {}
            }
            if fastrand::u8(..40) == 0 {
                check(&conversation, &expected);
            }
        }
        check(&conversation.clone(), &expected);
        let (messages, state) = conversation.into_parts();
        check(&Conversation::new(messages, state), &expected);
    }
}

fn check(conversation: &Conversation, expected: &[(String, String, Kind)]) {
    let found = conversation.messages().iter().map(|message| match message {
        Message::Tool(answer) => (answer.id.clone(), text_of(&answer.content), Kind::Answer),
        Message::Assistant(call) => (call.id.clone(), call.content.clone().unwrap_or_default(), Kind::Call),
        Message::Activity(activity) => (activity.id.clone(), String::new(), Kind::Activity),
        other => panic!("{other:?}"),
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);
    for (id, _, kind) in expected {
        assert_eq!(conversation.message(id).unwrap().id(), id);
        assert_eq!(conversation.tool_call(id).is_some(), *kind == Kind::Call);
    }
}

fn text_of(content: &Content) -> String {
    match content {
        Content::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

/// The extension of the reference client names the types of which a snapshot is complete.
#[test]
fn snapshots_that_are_complete_for_many_types_of_activities() {
    in_proportion(40_000, |types| {
        let mut conversation = Conversation::default();
        let kind = |n: usize| format!("type-{n}");
        for n in 0..types {
            let id = format!("a{n}");
            apply(&mut conversation, ActivitySnapshotEvent::new(&*id, kind(n), Default::default()));
        }
        let complete: Vec<_> = (0..types).rev().map(kind).collect();
        let mut snapshot = MessagesSnapshotEvent::new(vec![]);
        let client = json!({ "authoritativeActivityTypes": complete });
        snapshot.metadata = Some([("@ag-ui/client".to_owned(), client)].into_iter().collect());
        apply(&mut conversation, snapshot);
        assert_eq!(conversation.messages(), []);
    });
}

/// CHK-18: each subagent has a lane of its own.
#[test]
fn lanes_of_many_subagents() {
    in_proportion(40_000, |lanes| {
        let mut expander = Expander::default();
        let mut events = 0;
        let mut take = |event: Event| events += expander.expand(&event).unwrap().len();
        let tag = |n: usize| Some(SubagentRunId::from(format!("s{n}")));
        for n in 0..lanes {
            let mut chunk = TextMessageChunkEvent::new().message_id(format!("m{n}")).delta("x");
            chunk.subagent_run_id = tag(n);
            take(chunk.into());
        }
        for n in (0..lanes).rev() {
            let mut chunk = TextMessageChunkEvent::new().delta("y");
            chunk.subagent_run_id = tag(n);
            take(chunk.into());
        }
        for n in (0..lanes).rev() {
            let mut end = ReasoningMessageEndEvent::new("r");
            end.subagent_run_id = tag(n);
            take(end.into());
        }
        assert_eq!(events, lanes * (2 + 1 + 2));
    });
}

#[tokio::test]
async fn many_questions_and_calls_of_one_run() {
    let asking = async |items: usize| {
        let calls = (0..items).flat_map(|n| {
            let id = format!("c{n}");
            let start = json!({ "toolCallId": id, "toolCallName": "show", "parentMessageId": "m" });
            [event("TOOL_CALL_START", start), event("TOOL_CALL_END", json!({ "toolCallId": id }))]
        });
        let interrupts: Vec<_> =
            (0..items).map(|n| json!({ "id": format!("i{n}"), "reason": "r" })).collect();
        let end = finished_with(json!({ "type": "interrupt", "interrupts": interrupts }));
        let stream = sse(&[started()].into_iter().chain(calls).chain([end]).collect::<Vec<_>>());
        let mut thread = Thread::new(Replay::new(stream)).advertise([Tool::new("show", "Shows")]);
        thread.send("Go.").await.unwrap();
        thread
    };
    let threads = [asking(10_000).await, asking(40_000).await];
    in_proportion(10_000, |items| {
        let thread = threads.iter().find(|thread| thread.interrupts().len() == items).unwrap();
        assert_eq!(thread.pending_calls().len(), items);
        let answers: Vec<ResumeEntry> = thread.interrupts().iter().rev().map(Interrupt::cancel).collect();
        let mut thread = Thread::new(Replay::default())
            .restored(thread.conversation().clone(), thread.interrupts().to_vec())
            .restored_calls([""; 0]);
        let mut turn = thread.resume(answers);
        // Nothing is wrong with the answers, so the run is asked for.
        assert!(turn.next().now_or_never().unwrap().is_none());
        let error = turn.now_or_never().unwrap().unwrap_err();
        assert!(matches!(error.outcome(), Some(Outcome::Truncated(_))), "{error}");
    });
}

#[test]
fn recordings_of_many_runs() {
    in_proportion(4_000, |runs| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.ndjson");
        let mut lines = String::new();
        for run in 0..runs {
            writeln!(lines, r#"{{"run":{run},"at":0,"request":{{}}}}"#).unwrap();
            for event in [started(), finished()] {
                writeln!(lines, r#"{{"run":{run},"at":1,"event":{event}}}"#).unwrap();
            }
            writeln!(lines, r#"{{"run":{run},"at":1,"end":true}}"#).unwrap();
        }
        std::fs::write(&path, lines).unwrap();
        let playback = Playback::open(&path).unwrap();
        for _ in 0..runs {
            let exchange = Exchange::new(&playback, input()).unwrap();
            let (events, finished) = exchange.record().now_or_never().unwrap();
            assert_eq!(events.len(), 2);
            assert!(finished.outcome.is_success());
        }
    });
}
