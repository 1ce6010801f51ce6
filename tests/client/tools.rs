//! Tools of the application that are Rust functions.

use super::support::*;
use agui::client::{Answerable, Approval, Change, Outcome, Replay, Thread, Turn, TurnError, Unsent};
use agui::reduce::Conversation;
use agui::{Message, Result, ToolContext, ToolError, ToolMessage, ToolOutput, agui_tool, tools};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Barrier, Notify};

/// Adds.
#[agui_tool]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// Fails.
#[agui_tool]
fn fails() -> Result<String, ToolError> {
    Err(ToolError::retry("The printer is on fire."))
}

/// Deletes.
#[agui_tool(requires_approval)]
fn delete(path: String) -> String {
    format!("deleted {path}")
}

/// Waits for the other.
#[agui_tool]
async fn meet(context: &ToolContext) -> Result<String> {
    context.require::<Arc<Barrier>>()?.wait().await;
    Ok("met".to_owned())
}

/// Knows the state.
#[agui_tool]
fn count(context: &ToolContext) -> Result<ToolOutput> {
    let state: Value = context.state()?;
    Ok(ToolOutput::text(state["n"].to_string()).metadata("acme.seen", true))
}

/// Asks the user.
#[agui_tool]
fn ask(question: String) -> String;

fn answers(thread: &Thread<Replay>, request: usize) -> Vec<ToolMessage> {
    let messages = thread.transport().requests()[request].input.messages.clone();
    let answers = messages.into_iter().filter_map(|message| match message {
        Message::Tool(answer) => Some(answer),
        _ => None,
    });
    answers.collect()
}

#[tokio::test]
async fn tool_26_tools_run_when_they_are_called_and_their_results_are_sent() {
    let calls = call("c1", "add", r#"{"a":1,"b":2}"#).into_iter().chain(call("c2", "fails", "{}"));
    let replay = Replay::new(run_of(calls)).then(run_of(text("m1", "It is 3.")));
    let mut thread = Thread::new(replay).tools(tools![Add, Fails].unwrap());
    let mut turn = thread.send("1 + 2?");
    let mut results = Vec::new();
    while let Some(update) = turn.next().await {
        if let (None, Change::ToolResult(answer)) = (update.event, update.change) {
            results.push((answer.tool_call_id.clone(), answer.error.clone()));
        }
    }
    assert_eq!(results, [("c1".into(), None), ("c2".into(), Some("The printer is on fire.".into()))]);
    let report = turn.await.unwrap();
    assert_eq!((report.runs.len(), report.text()), (2, "It is 3.".to_owned()));
    assert!(matches!(report.runs[0].outcome, Outcome::Pending { .. }));
    assert_eq!(thread.transport().requests()[0].input.tools.as_ref().unwrap().len(), 2);
    let answers = answers(&thread, 1);
    assert_eq!(answers[0].content, "3".into());
    assert_eq!(answers[1].error.as_deref(), Some("The printer is on fire."));
    // Results stand behind the calls, before what the agent says then.
    let Message::Assistant(last) = thread.messages().last().unwrap() else { panic!() };
    assert_eq!(last.content.as_deref(), Some("It is 3."));
}

#[tokio::test]
async fn calls_of_one_run_run_side_by_side() {
    let calls = call("c1", "meet", "{}").into_iter().chain(call("c2", "meet", "{}"));
    let replay = Replay::new(run_of(calls)).then(run_of([]));
    let mut thread = Thread::new(replay).tools(tools![Meet].unwrap()).provide(Arc::new(Barrier::new(2)));
    let report = tokio::time::timeout(Duration::from_secs(10), thread.send("Go.")).await;
    assert!(report.expect("each waits for the other").unwrap().outcome.is_success());
}

#[tokio::test]
async fn a_tool_sees_the_conversation_as_it_is() {
    let state = event("STATE_SNAPSHOT", json!({ "snapshot": { "n": 7 } }));
    let calls = [state].into_iter().chain(call("c1", "count", "{}"));
    let replay = Replay::new(run_of(calls)).then(run_of([]));
    let mut thread = Thread::new(replay).tools(tools![Count].unwrap());
    thread.send("Go.").await.unwrap();
    let answers = answers(&thread, 1);
    assert_eq!(answers[0].content, "7".into());
    assert_eq!(answers[0].metadata.as_ref().unwrap()["acme.seen"], true);
}

#[tokio::test]
async fn sec_2_what_needs_approval_runs_with_it_alone() {
    let replay = || {
        let calls =
            call("c1", "delete", r#"{"path":"/a"}"#).into_iter().chain(call("c2", "add", r#"{"a":1,"b":1}"#));
        Replay::new(run_of(calls)).then(run_of([]))
    };
    let tools = || tools![Add, Delete].unwrap();
    let said = async |mut thread: Thread<Replay>| {
        thread.send("Go.").await.unwrap();
        let answers = answers(&thread, 1);
        assert_eq!(
            (answers[1].content.clone(), answers[1].error.clone()),
            ("2".into(), None),
            "nobody is asked"
        );
        (serde_json::to_string(&answers[0]).unwrap(), answers[0].error.clone())
    };
    let (_, error) = said(Thread::new(replay()).tools(tools())).await;
    assert_eq!(error.as_deref(), Some("The call was refused: there is nobody to approve it."));

    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let thread = Thread::new(replay()).tools(tools()).approve(move |call| {
        count.fetch_add(1, Ordering::SeqCst);
        async move {
            assert_eq!(call.function.name, "delete");
            Approval::Granted
        }
    });
    assert_eq!(said(thread).await.1, None);
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    let edit = Approval::Edited(r#"{"path":"/b"}"#.into());
    let thread = Thread::new(replay()).tools(tools()).approve(move |_| std::future::ready(edit.clone()));
    assert!(said(thread).await.0.contains("deleted /b"));

    let deny = Approval::Denied("Not that one.".into());
    let thread = Thread::new(replay()).tools(tools()).approve(move |_| std::future::ready(deny.clone()));
    assert_eq!(said(thread).await.1.as_deref(), Some("Not that one."));
}

#[tokio::test]
async fn there_is_a_limit_to_how_often_tools_are_called() {
    let again = |n: usize| run_of(call(&format!("c{n}"), "add", r#"{"a":1,"b":1}"#));
    let replay = (0..6).fold(Replay::default(), |replay, n| replay.then(again(n)));
    let mut thread = Thread::new(replay).tools(tools![Add].unwrap()).most_runs(3);
    let report = thread.send("Go.").await.unwrap();
    assert!(report.limited);
    assert_eq!(report.outcome, Outcome::Pending { calls: vec!["c2".into()], result: None });
    assert_eq!(thread.transport().requests().len(), 3);
    // Whoever wants it to go on says so.
    let report = thread.proceed().await.unwrap();
    assert!(report.limited);
    assert_eq!(report.outcome, Outcome::Pending { calls: vec!["c5".into()], result: None });
    assert_eq!(thread.transport().requests().len(), 6);
}

#[tokio::test]
async fn what_waits_for_others_than_tools_is_not_at_the_limit() {
    // A call to be answered by hand: no run is missing.
    let replay = Replay::new(run_of(call("c1", "ask", "{}")));
    let mut thread = Thread::new(replay).tools(tools![Ask].unwrap()).most_runs(1);
    let report = thread.send("Go.").await.unwrap();
    assert!(!report.limited);
    assert_eq!(report.outcome, Outcome::Pending { calls: vec!["c1".into()], result: None });

    // One of each: what can run runs, and then it is the other that is missing.
    let calls = [call("c1", "ask", "{}"), call("c2", "add", r#"{"a":1,"b":2}"#)].concat();
    let mut thread = Thread::new(Replay::new(run_of(calls))).tools(tools![Ask, Add].unwrap()).most_runs(1);
    let report = thread.send("Go.").await.unwrap();
    assert!(!report.limited);
    assert_eq!(report.outcome, Outcome::Pending { calls: vec!["c1".into()], result: None });
    assert_eq!(report.tool_results().collect::<Vec<_>>(), [("c2", "3".to_owned())]);

    // A question: the tools beside it run, since that takes no other run before the answer.
    let interrupts = json!([{ "id": "i1", "reason": "input" }]);
    let asks = finished_with(json!({ "type": "interrupt", "interrupts": interrupts }));
    let stream = sse(&[&[started()][..], &call("c1", "add", r#"{"a":1,"b":2}"#), &[asks]].concat());
    let mut thread = Thread::new(Replay::new(stream)).tools(tools![Add].unwrap()).most_runs(1);
    let report = thread.send("Go.").await.unwrap();
    assert!(matches!(&report.outcome, Outcome::Interrupted { calls, .. } if calls.is_empty()));
    assert_eq!(report.tool_results().collect::<Vec<_>>(), [("c1", "3".to_owned())]);
}

#[tokio::test]
async fn signatures_and_definitions_are_answered_by_hand() {
    let calls = call("c1", "ask", r#"{"question":"?"}"#)
        .into_iter()
        .chain(call("c2", "show", "{}"))
        .chain(call("c3", "add", r#"{"a":1,"b":1}"#));
    let replay = Replay::new(run_of(calls)).then(run_of(text("m1", "Thanks.")));
    let mut thread =
        Thread::new(replay).tools(tools![Ask, Add].unwrap()).advertise([agui::Tool::new("show", "Shows")]);
    let report = thread.send("Go.").await.unwrap();
    // What can run has run; the rest waits.
    assert_eq!(report.outcome, Outcome::Pending { calls: vec!["c1".into(), "c2".into()], result: None });
    assert_eq!(thread.pending_calls().len(), 2);
    let error = thread.send("Well?").await.unwrap_err();
    assert!(
        matches!(&error, TurnError::Unsent(Unsent::UnansweredCalls(ids)) if *ids == ["c1", "c2"]),
        "{error}"
    );
    thread.answer("c1", "42");
    thread.answer("c1", "43");
    thread.fail("c2", "There is no screen.");
    thread.answer("c9", "Nobody asked.");
    assert_eq!(thread.proceed().await.unwrap().text(), "Thanks.");
    let answers = answers(&thread, 1);
    assert_eq!(answers.len(), 3);
    assert!(answers.iter().any(|answer| answer.tool_call_id == "c1" && answer.content == "42".into()));
    assert!(answers.iter().any(|answer| answer.tool_call_id == "c2" && answer.error.is_some()));
}

#[tokio::test]
async fn tool_28_calls_of_tools_that_were_not_offered_are_left_alone() {
    let replay = Replay::new(run_of(call("c1", "theirs", "{}"))).then(run_of([]));
    let mut thread = Thread::new(replay).tools(tools![Add].unwrap());
    let report = thread.send("Go.").await.unwrap();
    assert!(matches!(report.outcome, Outcome::Pending { .. }));
    assert_eq!(thread.pending_calls(), Vec::<&agui::ToolCall>::new());
    thread.send("And?").await.unwrap();
    assert!(answers(&thread, 1).is_empty());
}

#[tokio::test]
async fn a_call_whose_run_broke_off_is_answered_as_not_executed() {
    let cut = sse(&[&[started()][..], &call("c1", "add", r#"{"a":1"#)[..2]].concat());
    let mut thread = Thread::new(Replay::new(cut).then(run_of([]))).tools(tools![Add].unwrap());
    thread.send("Go.").await.unwrap_err();
    thread.send("Again.").await.unwrap();
    let answers = answers(&thread, 1);
    assert_eq!(answers[0].tool_call_id, "c1");
    assert!(answers[0].error.as_ref().unwrap().contains("not executed"));
}

#[tokio::test]
async fn int_17_sec_2_a_call_that_the_agent_asks_about_does_not_run() {
    let calls = [&call("c1", "add", r#"{"a":1,"b":2}"#)[..], &call("c2", "add", r#"{"a":1,"b":1}"#)].concat();
    let asks = |id: &str| {
        let interrupts = json!([{ "id": "i1", "reason": "approval", "toolCallId": id }]);
        finished_with(json!({ "type": "interrupt", "interrupts": interrupts }))
    };
    let stream = sse(&[&[started()][..], &calls, &[asks("c1")]].concat());
    let replay = Replay::new(stream).then(run_of(text("m1", "Well then.")));
    let mut thread = Thread::new(replay).tools(tools![Add].unwrap());
    let mut turn = thread.send("Go.");
    let mut ran = Vec::new();
    while let Some(update) = turn.next().await {
        if let (None, Change::ToolResult(answer)) = (update.event, update.change) {
            ran.push(answer.tool_call_id.clone());
        }
    }
    assert_eq!(ran, ["c2"], "what is asked about waits for the answer");
    assert!(matches!(turn.await.unwrap().outcome, Outcome::Interrupted { .. }));
    assert_eq!(thread.pending_calls(), Vec::<&agui::ToolCall>::new());
    // The refusal is the answer; nothing is made up beside it.
    let no = thread.interrupts()[0].cancel();
    assert_eq!(thread.resume([no]).await.unwrap().text(), "Well then.");
    assert_eq!(answers(&thread, 1).len(), 1);
}

/// Is quick, and counts.
#[agui_tool]
fn quick(context: &ToolContext) -> Result<String> {
    context.require::<Arc<AtomicUsize>>()?.fetch_add(1, Ordering::SeqCst);
    Ok("done".to_owned())
}

/// Waits until it may go on.
#[agui_tool]
async fn slow(context: &ToolContext) -> Result<String> {
    context.require::<Arc<Notify>>()?.notified().await;
    Ok("done at last".to_owned())
}

/// A thread whose agent calls a slow tool and a quick one, and what the tools know.
fn slow_and_quick() -> (Thread<Replay>, Arc<AtomicUsize>, Arc<Notify>) {
    let calls = call("c1", "slow", "{}").into_iter().chain(call("c2", "quick", "{}"));
    let replay = Replay::new(run_of(calls)).then(run_of(text("m1", "Thanks.")));
    let (count, notify) = (Arc::default(), Arc::default());
    let thread = Thread::new(replay).tools(tools![Slow, Quick].unwrap());
    (thread.provide(Arc::clone(&count)).provide(Arc::clone(&notify)), count, notify)
}

/// Reads a turn up to the first result of a tool, and gives the call.
async fn first_result(turn: &mut Turn<'_, Replay>) -> String {
    let result = async {
        while let Some(update) = turn.next().await {
            if let (None, Change::ToolResult(answer)) = (update.event, update.change) {
                return answer.tool_call_id.clone();
            }
        }
        panic!("no tool answered");
    };
    tokio::time::timeout(Duration::from_secs(10), result).await.expect("it is shown while others run")
}

#[tokio::test]
async fn tool_26_what_a_tool_gave_is_kept_when_the_turn_is_dropped_while_others_run() {
    let (mut thread, count, notify) = slow_and_quick();
    let mut turn = thread.send("Go.");
    assert_eq!(first_result(&mut turn).await, "c2");
    drop(turn);
    let known = |message: &Message| matches!(message, Message::Tool(answer) if answer.tool_call_id == "c2");
    assert!(thread.messages().iter().any(known));
    assert_eq!(thread.pending_calls().iter().map(|call| &*call.id).collect::<Vec<_>>(), ["c1"]);

    // What has run does not run again.
    notify.notify_one();
    assert_eq!(thread.proceed().await.unwrap().text(), "Thanks.");
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let answers = answers(&thread, 1);
    assert_eq!(answers.len(), 2);
    assert!(answers.iter().all(|answer| answer.error.is_none()));
}

#[tokio::test]
async fn a_turn_that_is_given_up_while_tools_run_says_what_waits() {
    let (mut thread, ..) = slow_and_quick();
    let mut turn = thread.send("Go.");
    first_result(&mut turn).await;
    turn.abort_handle().abort();
    assert!(turn.next().await.is_none());
    let report = turn.await.unwrap();
    assert_eq!(report.outcome, Outcome::Pending { calls: vec!["c1".into()], result: None });
    assert_eq!(report.tool_results().collect::<Vec<_>>(), [("c2", "done".to_owned())]);
}

#[tokio::test]
async fn a_turn_that_is_given_up_when_all_tools_have_run_asks_for_no_run() {
    let replay = Replay::new(run_of(call("c1", "add", r#"{"a":1,"b":2}"#)));
    let mut thread = Thread::new(replay).tools(tools![Add].unwrap());
    let mut turn = thread.send("Go.");
    first_result(&mut turn).await;
    turn.abort_handle().abort();
    let error = turn.await.unwrap_err();
    assert!(matches!(error.outcome(), Some(Outcome::Truncated(end)) if end.aborted), "{error}");
    assert_eq!(thread.transport().requests().len(), 1);
    assert!(thread.pending_calls().is_empty());
}

/// What an application keeps of a thread, as JSON, and the thread that it makes of that.
fn kept(thread: &Thread<Replay>, later: Replay) -> Thread<Replay> {
    let messages = serde_json::to_string(thread.messages()).unwrap();
    let conversation =
        Conversation::new(serde_json::from_str(&messages).unwrap(), thread.conversation().state().clone());
    Thread::new(later).advertise([agui::Tool::new("show", "Shows")]).restored(conversation, vec![])
}

#[tokio::test]
async fn tool_26_a_restored_thread_knows_which_calls_wait() {
    let calls = call("c1", "show", "{}")
        .into_iter()
        .chain(call("c2", "show", "{}"))
        .chain(call("c3", "theirs", "{}"));
    let mut thread = Thread::new(Replay::new(run_of(calls))).advertise([agui::Tool::new("show", "Shows")]);
    thread.send("Go.").await.unwrap();
    thread.answer("c1", "shown");

    let mut restored = kept(&thread, Replay::new(run_of(text("m1", "Thanks."))));
    assert_eq!(restored.pending_calls(), thread.pending_calls());
    assert_eq!(restored.pending_calls().len(), 1, "one is answered, and one is the agent's");
    let error = restored.send("Well?").await.unwrap_err();
    assert!(matches!(&error, TurnError::Unsent(Unsent::UnansweredCalls(ids)) if *ids == ["c2"]), "{error}");
    restored.answer("c2", "shown, too");
    assert_eq!(restored.proceed().await.unwrap().text(), "Thanks.");
    let answers = answers(&restored, 0);
    assert_eq!(answers.len(), 2);
    assert!(answers.iter().all(|answer| answer.error.is_none()), "{answers:?}");
}

#[tokio::test]
async fn tool_4_a_restored_thread_may_be_told_that_no_call_waits() {
    let cut = sse(&[&[started()][..], &call("c1", "show", "{}")[..2]].concat());
    let mut thread = Thread::new(Replay::new(cut));
    thread.send("Go.").await.unwrap_err();
    let ids = thread.pending_calls().into_iter().map(|call| call.id.clone());
    let mut restored = kept(&thread, Replay::new(run_of([]))).restored_calls(ids);
    assert_eq!(restored.pending_calls().len(), 0);
    restored.send("Again.").await.unwrap();
    assert!(answers(&restored, 0)[0].error.as_ref().unwrap().contains("not executed"));
}

/// Calls that were passed over by what was said since are of no run that waits.
#[tokio::test]
async fn calls_of_earlier_turns_do_not_wait_in_a_restored_thread() {
    let calls = || call("c1", "show", "{}");
    let mut thread = Thread::new(Replay::new(run_of(calls())).then(run_of(text("m1", "Yes."))));
    // It offers no tools, so that nobody minds.
    thread.send("Go.").await.unwrap();
    thread.send("And?").await.unwrap();
    let mut restored = kept(&thread, Replay::new(run_of([])));
    assert_eq!(restored.pending_calls().len(), 0);
    restored.send("Well?").await.unwrap();
    assert_eq!(answers(&restored, 0).len(), 1);
}
