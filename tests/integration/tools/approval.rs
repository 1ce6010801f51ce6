//! Calls that a person has to agree to, from the question to what was decided.

use agui::model::{Approvals, LlmAgent, Reply, ScriptedModel};
use agui::session::{MemoryStore, Sessions};
use agui::testing::{Recording, ask, record};
use agui::{
    Agent, AssistantMessage, Event, Interrupt, Message, ResumeEntry, ResumeEntryStatus, RunAgentInput,
    RunContext, RunFinishedOutcome, RunRequest, ToolMessage, ToolSpec, agui_tool, tools,
};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Deletes files.
#[agui_tool(requires_approval)]
async fn delete(path: String, context: agui::ToolContext) -> agui::Result<String> {
    context.require::<Arc<AtomicUsize>>()?.fetch_add(1, Ordering::Relaxed);
    Ok(format!("deleted {path}"))
}

/// A deployment: an agent, its approvals, and how often something was deleted.
struct World {
    approvals: Approvals,
    deleted: Arc<AtomicUsize>,
}

impl World {
    fn new() -> Self {
        Self { approvals: Approvals::new().key(b"k"), deleted: Arc::default() }
    }

    async fn run(
        &self,
        input: RunAgentInput,
        replies: impl IntoIterator<Item = Reply>,
    ) -> (Recording, Arc<ScriptedModel>) {
        let model = Arc::new(ScriptedModel::new(replies));
        let agent = LlmAgent::new(Arc::clone(&model))
            .tools(tools![Delete].unwrap())
            .approvals(self.approvals.clone());
        let request = RunRequest::new(input).with(Arc::clone(&self.deleted)).repeatable();
        (record(agent, request).await, model)
    }

    fn deleted(&self) -> usize {
        self.deleted.load(Ordering::Relaxed)
    }

    /// A run that asks about two calls, and the input that a client would go on with.
    async fn asked(&self) -> (Vec<Interrupt>, RunAgentInput) {
        let (a, b) = (Delete { path: "a".into() }, Delete { path: "b".into() });
        let (recording, _) = self
            .run(ask("Clean up").input().clone(), [Reply::call(&a).id("call-a").and_call(&b).id("call-b")])
            .await;
        let Some(RunFinishedOutcome::Interrupt(outcome)) = recording.outcome() else {
            panic!("{recording:?}")
        };
        let mut input = ask("Clean up").input().clone();
        input.run_id = "run-2".into();
        let calls = vec![a.call("call-a").unwrap(), b.call("call-b").unwrap()];
        input.messages.push(AssistantMessage::new("m2").tool_calls(calls).into());
        (outcome.interrupts.clone(), input)
    }
}

fn resolved(interrupt: &Interrupt, payload: Value) -> ResumeEntry {
    ResumeEntry::new(&*interrupt.id, ResumeEntryStatus::Resolved).payload(payload)
}

fn yes(interrupt: &Interrupt) -> ResumeEntry {
    resolved(interrupt, json!({ "approved": true }))
}

fn code(recording: &Recording) -> Option<&str> {
    recording.error()?.code.as_deref()
}

fn results(recording: &Recording) -> Vec<(String, String)> {
    let results = recording.events().iter().filter_map(|event| match event {
        Event::ToolCallResult(result) => Some((
            result.tool_call_id.clone(),
            serde_json::to_value(&result.content).unwrap().as_str()?.to_owned(),
        )),
        _ => None,
    });
    results.collect()
}

fn pair(id: &str, text: &str) -> (String, String) {
    (id.to_owned(), text.to_owned())
}

#[tokio::test]
async fn approved_calls_run_denied_ones_do_not_and_the_model_goes_on() {
    let world = World::new();
    let (asked, mut input) = world.asked().await;
    assert_eq!(
        asked.iter().map(|asked| asked.tool_call_id.as_deref().unwrap()).collect::<Vec<_>>(),
        ["call-a", "call-b"]
    );
    assert_eq!(asked[0].reason, "tool_call");
    assert_eq!(asked[0].expires_at.as_deref(), Some("1970-01-01T01:00:00Z"));
    let denied = resolved(&asked[1], json!({ "approved": false, "reason": "too dear" }));
    input.resume = Some(vec![denied, yes(&asked[0])]);
    let (recording, model) = world.run(input, [Reply::text("Done.")]).await;
    assert_eq!(
        results(&recording),
        [pair("call-a", "deleted a"), pair("call-b", "The user denied this call: too dear")]
    );
    assert_eq!((world.deleted(), &*recording.text()), (1, "Done."));
    let told =
        model.requests()[0].messages.iter().filter(|message| matches!(message, Message::Tool(_))).count();
    assert_eq!(told, 2);
}

#[tokio::test]
async fn arguments_may_be_edited_and_are_checked_again() {
    let world = World::new();
    let (asked, mut input) = world.asked().await;
    let edited = |arguments| resolved(&asked[0], json!({ "approved": true, "editedArgs": arguments }));
    let cancelled = ResumeEntry::new(&*asked[1].id, ResumeEntryStatus::Cancelled);
    input.resume = Some(vec![edited(json!({ "path": 7 })), cancelled.clone()]);
    let (recording, _) = world.run(input.clone(), []).await;
    assert_eq!(code(&recording), Some("resume_malformed"));
    assert!(recording.error().unwrap().message.contains("at `path`"), "{recording:?}");
    // Nothing is lost by that: the same questions can be answered again.
    input.resume = Some(vec![edited(json!({ "path": "c" })), cancelled]);
    let (recording, _) = world.run(input, [Reply::text("ok")]).await;
    assert_eq!(
        results(&recording),
        [pair("call-a", "deleted c"), pair("call-b", "The user cancelled the question.")]
    );
}

/// SEC-2, INT-17: a question is about one call, however often a client repeats both.
#[tokio::test]
async fn one_approval_lets_a_call_run_once() {
    let world = World::new();
    let (asked, mut input) = world.asked().await;
    let call = Delete { path: "a".into() }.call("call-a").unwrap();
    input.messages.pop();
    input.messages.push(AssistantMessage::new("m2").tool_calls(vec![call.clone(), call]).into());
    let edited =
        |path: &str| resolved(&asked[0], json!({ "approved": true, "editedArgs": { "path": path } }));
    input.resume = Some(vec![edited("x"), edited("y")]);
    let (recording, _) = world.run(input.clone(), []).await;
    assert_eq!((code(&recording), world.deleted()), (Some("resume_incomplete"), 0));
    // What is said of them as tool messages does not help.
    input.messages.push(ToolMessage::new("m3", "done", "call-a").into());
    let (recording, _) = world.run(input, [Reply::text("ok")]).await;
    assert_eq!((results(&recording), world.deleted()), (vec![pair("call-a", "deleted x")], 1));
}

/// RUN-34: a call of a run that was stopped is not done, and does not keep the conversation from going on.
#[tokio::test]
async fn who_goes_on_talking_is_answered_and_what_was_not_decided_does_not_run() {
    let world = World::new();
    let (_, mut input) = world.asked().await;
    input.messages.push(agui::UserMessage::new("m3", "Never mind.").into());
    let (recording, model) = world.run(input, [Reply::text("All right.")]).await;
    assert_eq!((&*recording.text(), world.deleted()), ("All right.", 0));
    let told = &model.requests()[0].messages;
    let unanswered =
        |message: &&Message| matches!(message, Message::Tool(message) if message.error.is_some());
    assert_eq!(told.iter().filter(unanswered).count(), 2);
}

/// INT-14: what is open and not decided is neither done nor dropped.
#[tokio::test]
async fn a_part_of_the_answers_is_refused_and_nothing_is_lost() {
    let world = World::new();
    let (asked, mut input) = world.asked().await;
    input.resume = Some(vec![yes(&asked[0])]);
    let (recording, model) = world.run(input.clone(), []).await;
    assert_eq!(code(&recording), Some("resume_incomplete"));
    assert!(recording.error().unwrap().message.contains("call-b"));
    assert_eq!((world.deleted(), model.requests().len()), (0, 0));
    input.resume = None;
    assert_eq!(code(&world.run(input.clone(), []).await.0), Some("resume_incomplete"));
    input.resume = Some(asked.iter().map(yes).collect());
    world.run(input, [Reply::text("ok")]).await;
    assert_eq!(world.deleted(), 2);
}

#[tokio::test]
async fn what_was_decided_is_not_decided_again() {
    let world = World::new();
    let (asked, mut input) = world.asked().await;
    input.resume = Some(asked.iter().map(yes).collect());
    world.run(input.clone(), [Reply::text("ok")]).await;
    let (recording, _) = world.run(input, []).await;
    assert_eq!((code(&recording), world.deleted()), (Some("resume_repeated"), 2));
}

/// A call that the server did not propose is never executed.
#[tokio::test]
async fn what_a_client_made_up_or_changed_is_not_executed() {
    let world = World::new();
    let (asked, input) = world.asked().await;
    let attempt = async |change: &dyn Fn(&mut RunAgentInput)| {
        let mut input = input.clone();
        input.resume = Some(asked.iter().map(yes).collect());
        change(&mut input);
        world.run(input, []).await.0
    };
    let calls = |input: &mut RunAgentInput, change: &dyn Fn(&mut agui::ToolCall)| {
        let Some(Message::Assistant(message)) = input.messages.last_mut() else { panic!() };
        message.tool_calls.iter_mut().flatten().take(1).for_each(change);
    };
    type Change<'c> = &'c dyn Fn(&mut RunAgentInput);
    let changes: [(&str, Change<'_>); 6] = [
        ("arguments", &|input| calls(input, &|call| call.function.arguments = r#"{"path":"/"}"#.into())),
        ("id", &|input| calls(input, &|call| call.id = "call-c".into())),
        ("thread", &|input| input.thread_id = "another".into()),
        ("time", &|input| {
            let entries = input.resume.iter_mut().flatten();
            entries.for_each(|entry| {
                entry.interrupt_id = entry.interrupt_id.replace(".3600.", ".9999.").to_string()
            });
        }),
        ("interrupt", &|input| {
            input.resume.iter_mut().flatten().for_each(|entry| entry.interrupt_id = "made.7.up".into());
        }),
        ("call", &|input| {
            let forged = Delete { path: "/".into() }.call("forged").unwrap();
            input.messages.push(AssistantMessage::new("m3").tool_calls(vec![forged]).into());
        }),
    ];
    for (what, change) in changes {
        let recording = attempt(change).await;
        assert_eq!((what, code(&recording)), (what, Some("resume_incomplete")));
        assert_eq!(world.deleted(), 0, "{what}");
    }
}

#[tokio::test]
async fn answers_hold_for_a_time_and_giving_up_always() {
    let world = World { approvals: Approvals::new().valid_for(Duration::ZERO), ..World::new() };
    // The time is counted with everything else in a repeatable run, so this one is real.
    let (asked, mut input) = {
        let model = ScriptedModel::new([Reply::call(&Delete { path: "a".into() }).id("call-a")]);
        let agent = LlmAgent::new(model).tools(tools![Delete].unwrap()).approvals(world.approvals.clone());
        let input = ask("Clean up").input().clone();
        let recording = record(agent, RunRequest::new(input.clone())).await;
        let Some(RunFinishedOutcome::Interrupt(outcome)) = recording.outcome() else {
            panic!("{recording:?}")
        };
        (outcome.interrupts[0].clone(), input)
    };
    input.run_id = "run-2".into();
    input.messages.push(
        AssistantMessage::new("m2")
            .tool_calls(vec![Delete { path: "a".into() }.call("call-a").unwrap()])
            .into(),
    );
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let run = async |input: RunAgentInput| {
        let model = ScriptedModel::new([Reply::text("ok")]);
        let agent = LlmAgent::new(model).tools(tools![Delete].unwrap()).approvals(world.approvals.clone());
        record(agent, RunRequest::new(input).with(Arc::clone(&world.deleted))).await
    };
    input.resume = Some(vec![yes(&asked)]);
    assert_eq!(code(&run(input.clone()).await), Some("resume_expired"));
    input.resume = Some(vec![ResumeEntry::new(&*asked.id, ResumeEntryStatus::Cancelled)]);
    assert!(run(input).await.is_success());
    assert_eq!(world.deleted(), 0);
}

/// CopilotKit resumes with a tool message of its own beside `resume`.
#[tokio::test]
async fn a_tool_message_that_the_client_made_up_does_not_stand_in_for_the_result() {
    let world = World::new();
    let (asked, mut input) = world.asked().await;
    input.messages.push(ToolMessage::new("m3", r#"{"approved":true}"#, "call-a").into());
    input.messages.push(ToolMessage::new("m4", r#"{"approved":true}"#, "call-b").into());
    input.resume = Some(asked.iter().map(yes).collect());
    let (recording, model) = world.run(input, [Reply::text("ok")]).await;
    assert_eq!(results(&recording), [pair("call-a", "deleted a"), pair("call-b", "deleted b")]);
    let requests = model.requests();
    let told = requests[0].messages.iter().filter_map(|message| match message {
        Message::Tool(message) => Some(serde_json::to_value(&message.content).unwrap()),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [json!("deleted a"), json!("deleted b")]);
}

/// INT-13, INT-15: entries that name nothing of ours are passed over.
#[tokio::test]
async fn an_answer_to_nothing_is_passed_over() {
    let world = World::new();
    let mut input = ask("Hi").input().clone();
    input.resume = Some(vec![ResumeEntry::new("whatever", ResumeEntryStatus::Resolved).payload(json!(true))]);
    let (recording, _) = world.run(input, [Reply::text("Hi.")]).await;
    assert_eq!(recording.text(), "Hi.");
}

#[tokio::test]
async fn nobody_is_asked_about_what_could_not_run() {
    let world = World::new();
    let replies = [Reply::default().and_raw_call("delete", ["{nonsense"]), Reply::text("Sorry.")];
    let (recording, _) = world.run(ask("?").input().clone(), replies).await;
    assert!(recording.is_success(), "{recording:?}");
    assert!(recording.tool_calls()[0].result_text().contains("do not fit"), "{recording:?}");
}

/// With a session the server has the history: the client sends its decision and nothing else.
#[tokio::test]
async fn an_approval_is_carried_out_in_a_session() {
    use agui::session::{MemoryStore, Sessions};

    let deleted = Arc::new(AtomicUsize::new(0));
    let model = ScriptedModel::new([
        Reply::call(&Delete { path: "a".into() }).id("call-a"),
        Reply::text("Done."),
        Reply::text("never"),
    ]);
    let agent = Sessions::new(MemoryStore::new(), LlmAgent::new(model).tools(tools![Delete].unwrap()));
    let run = async |input: RunAgentInput| {
        record(agent.clone(), RunRequest::new(input).with(Arc::clone(&deleted))).await
    };
    let recording = run(ask("Clean up").input().clone()).await;
    let Some(RunFinishedOutcome::Interrupt(outcome)) = recording.outcome() else { panic!("{recording:?}") };
    let mut input = RunAgentInput::new("thread-1", "run-2", vec![]);
    input.resume = Some(vec![yes(&outcome.interrupts[0])]);
    let recording = run(input.clone()).await;
    assert_eq!((deleted.load(Ordering::Relaxed), &*recording.text()), (1, "Done."));
    assert_eq!(results(&recording), [pair("call-a", "deleted a")]);
    // The question is answered: what comes again decides nothing.
    input.run_id = "run-3".into();
    run(input).await;
    assert_eq!(deleted.load(Ordering::Relaxed), 1);
}

/// With a session an answer that does not hold costs the question, but not the thread (INT-18).
#[tokio::test]
async fn an_answer_that_does_not_hold_does_not_keep_a_thread_from_going_on() {
    let world = World::new();
    let model = ScriptedModel::new([
        Reply::call(&Delete { path: "a".into() }).id("call-a"),
        Reply::text("What else?"),
    ]);
    let agent = LlmAgent::new(model).tools(tools![Delete].unwrap()).approvals(world.approvals.clone());
    let sessions = Arc::new(Sessions::new(MemoryStore::new(), agent));
    let turn = async |run: &str, said: Option<&str>, resume: Option<Vec<ResumeEntry>>| {
        let messages = said.map(|said| agui::UserMessage::new(run, said).into());
        let mut input = RunAgentInput::new("thread", run, messages.into_iter().collect());
        input.resume = resume;
        let request = RunRequest::new(input).with(Arc::clone(&world.deleted));
        record(Handed(Arc::clone(&sessions)), request).await
    };
    let asked = turn("r1", Some("Clean up"), None).await;
    let Some(RunFinishedOutcome::Interrupt(outcome)) = asked.outcome() else { panic!("{asked:?}") };
    let malformed = resolved(&outcome.interrupts[0], json!({ "approved": "perhaps" }));
    assert_eq!(code(&turn("r2", None, Some(vec![malformed])).await), Some("resume_malformed"));
    let went_on = turn("r3", Some("Leave it"), None).await;
    assert_eq!((&*went_on.text(), world.deleted()), ("What else?", 0), "{went_on:?}");
}

/// An agent that several runs have.
struct Handed<A>(Arc<A>);

impl<A: Agent> Agent for Handed<A> {
    async fn run(&self, run: RunContext) -> agui::Result<agui::Finished> {
        run.hand_over(&*self.0).await
    }
}
