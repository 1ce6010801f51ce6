//! Threads that are changed between their turns.

use super::support::*;
use agui::client::{Answerable, Replay, Thread, TurnError, Unsent};
use agui::{Context, Message, Result, Tool, ToolContext, agui_tool, tools};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What was sent for a run.
fn sent(thread: &Thread<Replay>, request: usize) -> Value {
    serde_json::to_value(&thread.transport().requests()[request].input).unwrap()
}

/// Roles and contents of the messages that were sent.
fn said(thread: &Thread<Replay>, request: usize) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = sent(thread, request)["messages"].as_array().unwrap().clone();
    messages.iter().map(|message| (text(&message["role"]), text(&message["content"]))).collect()
}

fn pair(role: &str, content: &str) -> (String, String) {
    (role.to_owned(), content.to_owned())
}

fn answers(texts: &[&str]) -> Replay {
    let answer = |replay: Replay, text_: &&str| replay.then(run_of(text(&format!("m-{text_}"), text_)));
    texts.iter().fold(Replay::default(), answer)
}

fn asking(call_: [Value; 3], interrupts: Value) -> Vec<u8> {
    let asks = finished_with(json!({ "type": "interrupt", "interrupts": interrupts }));
    sse(&[&[started()][..], &call_, &[asks]].concat())
}

#[tokio::test]
async fn the_last_answer_can_be_had_anew_and_a_question_put_differently() {
    let mut thread = Thread::new(answers(&["One.", "Two.", "Three."]));
    thread.send("Count!").await.unwrap();
    thread.set_messages(thread.messages()[..1].to_vec());
    let report = thread.proceed().await.unwrap();
    assert_eq!((report.text(), report.messages.len()), ("Two.".to_owned(), 1));
    assert_eq!(said(&thread, 1), [pair("user", "Count!")]);

    let mut messages = thread.messages()[..1].to_vec();
    let Message::User(question) = &mut messages[0] else { panic!() };
    question.content = "Count on!".into();
    messages.insert(0, Message::System(agui::SystemMessage::new("s1", "Be brief.")));
    messages.push(Message::Assistant(agui::AssistantMessage::new("a1").content("Well,")));
    thread.set_messages(messages);
    thread.proceed().await.unwrap();
    let expected = [pair("system", "Be brief."), pair("user", "Count on!"), pair("assistant", "Well,")];
    assert_eq!(said(&thread, 2), expected);
    assert_eq!(thread.messages().len(), 4);
    assert_eq!(thread.conversation().message("a1").unwrap().id(), "a1", "what is set is found");
}

#[tokio::test]
async fn state_13_state_is_set_as_a_type_and_kept_when_messages_are() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct List {
        items: Vec<String>,
    }
    let mut thread = Thread::new(answers(&["One.", "Two."]));
    thread.set_state(&List { items: vec!["tea".into()] }).unwrap();
    thread.send("Hi").await.unwrap();
    assert_eq!(sent(&thread, 0)["state"], json!({ "items": ["tea"] }));

    let mut list: List = thread.state().unwrap();
    list.items.push("milk".into());
    thread.set_state(&list).unwrap();
    thread.set_messages(vec![]);
    // What has no JSON form is not set, and what is nothing is an empty state (STATE-2).
    thread.set_state(&HashMap::from([(vec![1], 1)])).unwrap_err();
    thread.send("Hi").await.unwrap();
    assert_eq!(sent(&thread, 1)["state"], json!({ "items": ["tea", "milk"] }));
    thread.set_state(&()).unwrap();
    assert_eq!(thread.state::<Value>().unwrap(), json!({}));
}

/// Counts.
#[agui_tool]
fn count(context: &ToolContext) -> Result<usize> {
    Ok(context.require::<Arc<AtomicUsize>>()?.fetch_add(1, Ordering::SeqCst))
}

#[tokio::test]
async fn context_props_and_tools_are_those_that_were_set_last() {
    let mut thread = Thread::new(answers(&["One.", "Two."]))
        .context("Time zone", "Europe/Lisbon")
        .forwarded_props(json!({ "seed": 1 }))
        .advertise([Tool::new("show", "Shows")]);
    thread.send("Hi").await.unwrap();
    thread.set_context(vec![Context::new("Time zone", "Europe/Kyiv")]);
    thread.set_forwarded_props(json!({ "seed": 2 }));
    thread.set_advertised(vec![Tool::new("hide", "Hides")]);
    thread.set_tools(tools![Count].unwrap());
    thread.send("Hi").await.unwrap();
    let seen = |request: usize| {
        let input = sent(&thread, request);
        let tools: Vec<_> =
            input["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
        json!([
            input["context"][0]["value"],
            input["context"].as_array().unwrap().len(),
            input["forwardedProps"],
            tools
        ])
    };
    assert_eq!(seen(0), json!(["Europe/Lisbon", 1, { "seed": 1 }, ["show"]]));
    assert_eq!(seen(1), json!(["Europe/Kyiv", 1, { "seed": 2 }, ["count", "hide"]]));
    assert_eq!(thread.current_context(), [Context::new("Time zone", "Europe/Kyiv")]);
    assert_eq!(thread.current_forwarded_props(), Some(&json!({ "seed": 2 })));
    assert_eq!(thread.advertised(), [Tool::new("hide", "Hides")]);
}

#[tokio::test]
async fn tool_26_a_call_waits_no_more_when_its_message_or_its_tool_is_gone() {
    for gone in ["message", "tool"] {
        let replay = Replay::new(run_of(call("c1", "show", "{}"))).then(run_of(text("m1", "Well then.")));
        let mut thread = Thread::new(replay).advertise([Tool::new("show", "Shows")]);
        thread.send("Go.").await.unwrap();
        let error = thread.send("Never mind.").await.unwrap_err();
        assert!(matches!(&error, TurnError::Unsent(Unsent::UnansweredCalls(_))), "{error}");
        match gone {
            "message" => thread.set_messages(thread.messages()[..1].to_vec()),
            _ => thread.set_advertised(vec![]),
        }
        assert_eq!(thread.pending_calls().len(), 0);
        assert_eq!(thread.send("Never mind.").await.unwrap().text(), "Well then.");
        let messages = sent(&thread, 1)["messages"].as_array().unwrap().clone();
        let answers: Vec<_> = messages.iter().filter(|message| message["role"] == "tool").collect();
        assert_eq!(answers.len(), usize::from(gone == "tool"), "what is left is answered ({gone})");
        assert!(answers.iter().all(|answer| answer["toolCallId"] == "c1" && answer["error"].is_string()));
    }
}

#[tokio::test]
async fn tool_26_a_call_waits_again_when_its_tool_is_back_and_others_stay_the_agents() {
    let calls = [call("c1", "count", "{}"), call("c2", "theirs", "{}")].concat();
    let replay = Replay::new(run_of(calls)).then(run_of(text("m1", "Well then.")));
    let count = Arc::new(AtomicUsize::new(0));
    let mut thread =
        Thread::new(replay).tools(tools![Count].unwrap()).provide(Arc::clone(&count)).most_runs(1);
    assert!(thread.send("Go.").await.unwrap().limited);
    thread.set_tools(tools![].unwrap());
    thread.set_tools(tools![].unwrap());
    assert_eq!(thread.pending_calls().len(), 0);
    thread.set_tools(tools![Count].unwrap());
    assert_eq!(thread.pending_calls().len(), 1);
    thread.set_tools(tools![].unwrap());
    thread.proceed().await.unwrap();
    let answered: Vec<_> = said(&thread, 1).into_iter().filter(|(role, _)| role == "tool").collect();
    assert_eq!(answered, [pair("tool", "The call was not executed: there is no such tool now.")]);
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_call_whose_answer_is_left_out_waits_again() {
    let replay = Replay::new(run_of(call("c1", "count", "{}")))
        .then(run_of(text("m1", "Zero.")))
        .then(run_of(text("m2", "One.")));
    let mut thread = Thread::new(replay).tools(tools![Count].unwrap()).provide(Arc::new(AtomicUsize::new(0)));
    assert_eq!(thread.send("Go.").await.unwrap().text(), "Zero.");
    // The user, and the call.
    thread.set_messages(thread.messages()[..2].to_vec());
    assert_eq!(thread.pending_calls().len(), 1);
    assert_eq!(thread.proceed().await.unwrap().text(), "One.");
    assert_eq!(said(&thread, 2)[2], pair("tool", "1"), "it ran again");
}

#[tokio::test]
async fn tool_4_a_call_that_was_cut_off_stays_so_when_messages_are_set() {
    let cut = sse(&[&[started()][..], &call("c1", "count", "{}")[..2]].concat());
    let count = Arc::new(AtomicUsize::new(0));
    let mut thread = Thread::new(Replay::new(cut).then(run_of([])).then(run_of([])))
        .tools(tools![Count].unwrap())
        .provide(Arc::clone(&count));
    thread.send("Go.").await.unwrap_err();
    thread.set_messages(thread.messages().to_vec());
    assert_eq!(thread.pending_calls().len(), 0);
    thread.proceed().await.unwrap();
    assert!(said(&thread, 1)[2].1.contains("not executed"));
    // Also when what it was answered with is left out.
    thread.set_messages(thread.messages()[..2].to_vec());
    assert_eq!(thread.pending_calls().len(), 0);
    thread.proceed().await.unwrap();
    assert!(said(&thread, 2)[2].1.contains("not executed"));
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn int_6_a_question_goes_with_its_call_and_the_agent_is_told() {
    let interrupts = json!([
        { "id": "i1", "reason": "approval", "toolCallId": "c1" },
        { "id": "i2", "reason": "input" },
        { "id": "i3", "reason": "approval", "toolCallId": "elsewhere" },
    ]);
    let fails = sse(&[event("RUN_ERROR", json!({ "message": "no" }))]);
    let replay = Replay::new(asking(call("c1", "delete", "{}"), interrupts))
        .then(fails)
        .then(run_of(text("m1", "Well then.")))
        .then(run_of([]));
    let mut thread = Thread::new(replay);
    thread.send("Delete it.").await.unwrap();
    thread.set_messages(thread.messages()[..1].to_vec());
    // What is about no message, or about a call that never was in one, stays.
    let open: Vec<_> = thread.interrupts().iter().map(|interrupt| &*interrupt.id).collect();
    assert_eq!(open, ["i2", "i3"]);
    assert_eq!(thread.given_up().iter().map(|interrupt| &*interrupt.id).collect::<Vec<_>>(), ["i1"]);
    let error = thread.send("Keep it.").await.unwrap_err();
    assert!(
        matches!(&error, TurnError::Unsent(Unsent::UnansweredInterrupts(ids)) if *ids == ["i2", "i3"]),
        "{error}"
    );

    let expected = json!([
        { "interruptId": "i2", "status": "resolved", "payload": 2 },
        { "interruptId": "i3", "status": "cancelled" },
        { "interruptId": "i1", "status": "cancelled" },
    ]);
    // Until a run has heard it.
    for request in [1, 2] {
        let [second, third] = thread.interrupts() else { panic!() };
        let answers = [second.resolve(&2).unwrap(), third.cancel()];
        let ended = thread.resume(answers).await;
        assert_eq!(ended.is_ok(), request == 2);
        assert_eq!(sent(&thread, request)["resume"], expected);
    }
    thread.send("Thanks.").await.unwrap();
    assert_eq!(sent(&thread, 3).get("resume"), None);
}

#[tokio::test]
async fn sec_2_a_question_comes_back_with_its_call_until_the_agent_was_told() {
    let interrupts = json!([{ "id": "i1", "reason": "approval", "toolCallId": "c1" }]);
    let fails = sse(&[event("RUN_ERROR", json!({ "message": "no" }))]);
    let replay = Replay::new(asking(call("c1", "count", "{}"), interrupts)).then(fails).then(run_of([]));
    let count = Arc::new(AtomicUsize::new(0));
    let mut thread = Thread::new(replay).tools(tools![Count].unwrap()).provide(Arc::clone(&count));
    thread.send("Go.").await.unwrap();
    let messages = thread.messages().to_vec();
    thread.set_messages(messages[..1].to_vec());
    assert_eq!((thread.interrupts().len(), thread.given_up().len()), (0, 1));
    thread.set_messages(messages.clone());
    assert_eq!((thread.interrupts().len(), thread.given_up().len()), (1, 0));
    let error = thread.proceed().await.unwrap_err();
    assert!(
        matches!(&error, TurnError::Unsent(Unsent::UnansweredInterrupts(ids)) if *ids == ["i1"]),
        "{error}"
    );

    // A run that failed may have heard it.
    thread.set_messages(messages[..1].to_vec());
    thread.proceed().await.unwrap_err();
    thread.set_messages(messages);
    assert_eq!((thread.interrupts().len(), thread.given_up().len()), (0, 0));
    thread.proceed().await.unwrap();
    for request in [1, 2] {
        let resume = sent(&thread, request)["resume"].clone();
        assert_eq!(resume, json!([{ "interruptId": "i1", "status": "cancelled" }]));
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_thread_that_is_restored_has_given_up_nothing() {
    let interrupts = json!([{ "id": "i1", "reason": "approval", "toolCallId": "c1" }]);
    let replay = Replay::new(asking(call("c1", "count", "{}"), interrupts)).then(run_of([]));
    let mut thread = Thread::new(replay);
    thread.send("Go.").await.unwrap();
    thread.set_messages(vec![]);
    let mut thread = thread.restored(agui::reduce::Conversation::default(), vec![]);
    thread.send("Hi").await.unwrap();
    assert_eq!(sent(&thread, 1).get("resume"), None);
}

/// INT-17: nor does it run when everybody has gone on.
#[tokio::test]
async fn sec_2_a_call_that_was_asked_about_does_not_run_when_it_comes_back_later() {
    let interrupts = json!([{ "id": "i1", "reason": "approval", "toolCallId": "c1" }]);
    let replay = Replay::new(asking(call("c1", "count", "{}"), interrupts)).then(run_of([])).then(run_of([]));
    let count = Arc::new(AtomicUsize::new(0));
    let mut thread = Thread::new(replay).tools(tools![Count].unwrap()).provide(Arc::clone(&count));
    thread.send("Go.").await.unwrap();
    let messages = thread.messages().to_vec();
    thread.set_messages(messages[..1].to_vec());
    thread.send("Something else.").await.unwrap();
    thread.set_messages(messages);
    thread.proceed().await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 0);
    let answer = sent(&thread, 2)["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&answer["role"], &answer["toolCallId"]), (&json!("tool"), &json!("c1")));
}
