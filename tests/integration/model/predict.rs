//! State that grows while a model writes a call.

use super::types;
use agui::model::{LlmAgent, ModelErrorKind, Reply, ScriptedModel};
use agui::testing::{Recording, ask, record};
use agui::{
    Agent, Event, Hooks, Result, RunContext, RunFinishedOutcome, RunRequest, ToolContext, ToolError, Tools,
    agui_tool, tools,
};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Writes the document anew.
#[agui_tool]
async fn write_document(document: String, context: ToolContext) -> Result<&'static str, ToolError> {
    match document.as_str() {
        "bad" => Err(ToolError::retry("No.")),
        "shout" => {
            context.set_state(&json!({ "document": "SHOUT" })).await?;
            Ok("Louder.")
        }
        _ => Ok("Written."),
    }
}

/// Writes the document in the page.
#[agui_tool]
fn write_in_page(document: String);

/// Publishes.
#[agui_tool(requires_approval)]
fn publish(document: String) {
    unreachable!("nobody agreed to publish {document}")
}

/// Replaces the list.
#[agui_tool]
fn set_items(items: Vec<String>) {
    drop(items);
}

fn agent(replies: impl IntoIterator<Item = Reply>) -> LlmAgent<ScriptedModel> {
    let tools: Tools = tools![WriteDocument, WriteInPage, Publish, SetItems].unwrap();
    ["write_document", "write_in_page", "publish"]
        .into_iter()
        .fold(LlmAgent::new(ScriptedModel::new(replies)).tools(tools), |agent, tool| {
            agent.predict(tool, "document", "document")
        })
        .predict("set_items", "items", "the/items")
}

fn drafted(state: Value) -> RunRequest {
    let mut request = ask("Write.");
    request.input_mut().state = Some(state);
    request
}

/// The states that a client goes through.
fn states(recording: &Recording, first: Value) -> Vec<Value> {
    let mut state = first;
    let mut states = Vec::new();
    for event in recording.events() {
        match event {
            Event::StateDelta(delta) => {
                let patch = serde_json::to_value(&delta.delta).unwrap();
                let patch: json_patch::Patch = serde_json::from_value(patch).unwrap();
                json_patch::patch(&mut state, &patch).unwrap();
                states.push(state.clone());
            }
            Event::StateSnapshot(snapshot) => {
                state = snapshot.snapshot.clone();
                states.push(state.clone());
            }
            _ => {}
        }
    }
    states
}

fn documents(recording: &Recording, first: Value) -> Vec<Value> {
    states(recording, first).into_iter().map(|mut state| state["document"].take()).collect()
}

/// STATE-3, STATE-4: each delta applies to what was there, and the page is told what to expect.
/// PASS-5: the custom event that some front ends look for comes beside the deltas, not in their place.
#[tokio::test]
async fn the_state_grows_with_the_argument_and_is_what_the_tool_was_given() {
    let pieces =
        [r#"{"doc"#, r#"ument": "Once \u"#, r#"00fcpon"#, r#" a \"#, r#"n time"#, r#"","x":"document"}"#];
    let replies = [Reply::default().and_raw_call("write_document", pieces), Reply::text("There.")];
    let recording = record(agent(replies), drafted(json!({ "title": "T" }))).await;
    assert!(recording.is_success(), "{recording:?}");
    assert_eq!(
        documents(&recording, json!({ "title": "T" })),
        ["Once ", "Once üpon", "Once üpon a ", "Once üpon a \n time"]
    );
    assert_eq!(recording.state::<Value>(), json!({ "title": "T", "document": "Once üpon a \n time" }));
    let predicted: Vec<_> = recording
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::Custom(custom) => Some((&*custom.name, &custom.value)),
            _ => None,
        })
        .collect();
    let entry = json!([{ "state_key": "document", "tool": "write_document", "tool_argument": "document" }]);
    assert_eq!(predicted, [("PredictState", &entry)]);
    // Before the call, so that the page can follow it.
    let position = |name| types(&recording).iter().position(|one| *one == name).unwrap();
    assert!(position("CUSTOM") < position("TOOL_CALL_START"));
    assert!(position("STATE_DELTA") < position("TOOL_CALL_RESULT"));
}

#[tokio::test]
async fn a_call_that_fails_leaves_the_state_as_it_was() {
    let broken = Reply::default().and_raw_call("write_document", [r#"{"document":"half"#, r#"""#]);
    let bad = Reply::call(&WriteDocument { document: "bad".into() });
    for (reply, before) in [(broken, json!({ "document": "old" })), (bad, json!({}))] {
        let recording = record(agent([reply, Reply::text("Sorry.")]), drafted(before.clone())).await;
        assert!(recording.is_success(), "{recording:?}");
        assert_eq!(documents(&recording, before.clone()).len(), 2, "{recording:?}");
        assert_eq!(recording.state::<Value>(), before);
    }
}

/// RUN-27: a document of which half was written is not what stays.
#[tokio::test]
async fn a_run_that_fails_or_is_stopped_leaves_the_state_as_it_was() {
    let half = || Reply::default().and_raw_call("write_document", [r#"{"document":"half"#]);
    let before = json!({ "document": "old" });
    let failing = half().and_error(ModelErrorKind::Unavailable { retry_after: None });
    let recording = record(agent([failing]), drafted(before.clone())).await;
    assert!(recording.error().is_some());
    assert_eq!(documents(&recording, before.clone()), ["half", "old"]);

    let waiting = half().and_wait(Duration::from_secs(3600));
    let limited = agent([waiting]).max_time(Duration::from_millis(20));
    let recording = record(limited, drafted(before.clone())).await;
    assert_eq!(documents(&recording, before), ["half", "old"]);
}

/// As well while a hook takes its time with what was predicted last.
#[tokio::test(start_paused = true)]
async fn what_is_on_its_way_to_the_client_is_taken_back_as_well() {
    struct Slow;
    impl Hooks for Slow {
        async fn event(&self, _: &RunContext, event: Event) -> Result<Vec<Event>> {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(vec![event])
        }
    }
    let before = json!({ "document": "old" });
    // Before the prediction is told, while it is, and behind it.
    for (seconds, expected) in [(1, vec![]), (2, vec!["new", "old"]), (3, vec!["new", "old"])] {
        let whole = Reply::call(&WriteDocument { document: "new".into() });
        let limited = agent([whole]).max_time(Duration::from_millis(1000 * seconds + 500));
        let recording = record(limited.with_hooks(Slow), drafted(before.clone())).await;
        assert_eq!(documents(&recording, before.clone()), expected, "{seconds}: {recording:?}");
    }
}

#[tokio::test]
async fn what_a_tool_makes_of_the_state_counts() {
    let replies = [Reply::call(&WriteDocument { document: "shout".into() }), Reply::text("ok")];
    let recording = record(agent(replies), drafted(json!({ "document": "old" }))).await;
    assert_eq!(documents(&recording, json!({ "document": "old" })), ["shout", "SHOUT"]);
}

/// The page's own tool, or one that somebody has to agree to: what was predicted is what they see.
#[tokio::test]
async fn predictions_of_calls_that_wait_stay() {
    let in_page = agent([Reply::call(&WriteInPage { document: "new".into() })]);
    let recording = record(in_page, drafted(json!({ "document": "old" }))).await;
    assert_eq!(recording.pending::<WriteInPage>().len(), 1);
    assert_eq!(recording.state::<Value>()["document"], "new");
    let asked = agent([Reply::call(&Publish { document: "new".into() })]);
    let recording = record(asked, drafted(json!({ "document": "old" }))).await;
    assert!(matches!(recording.outcome(), Some(RunFinishedOutcome::Interrupt(_))));
    assert_eq!(recording.state::<Value>()["document"], "new");
}

/// Whatever is no text is shown when it is complete; keys are keys, with whatever characters.
#[tokio::test]
async fn arguments_of_other_types_are_shown_at_once() {
    let call = Reply::default().and_raw_call("set_items", [r#"{"items":["a","#, r#""b"]}"#]);
    let recording = record(agent([call, Reply::text("ok")]), drafted(json!({}))).await;
    assert_eq!(states(&recording, json!({})), [json!({ "the/items": ["a", "b"] })]);
}

/// A state that is no object cannot have members; the call runs all the same.
#[tokio::test]
async fn a_state_that_is_no_object_is_left_alone() {
    let replies = || [Reply::call(&WriteDocument { document: "new".into() }), Reply::text("ok")];
    let recording = record(agent(replies()), drafted(json!(["list"]))).await;
    assert_eq!(recording.tool_calls()[0].result_text(), "Written.");
    assert_eq!(recording.state::<Value>(), json!(["list"]));
    // Without any state, `{}` is what both sides begin with (STATE-2).
    let recording = record(agent(replies()), ask("?")).await;
    assert_eq!(recording.state::<Value>(), json!({ "document": "new" }));
}

/// A long document costs a few times its length, not its square.
#[tokio::test]
async fn a_long_argument_is_shown_in_steps() {
    let words = std::iter::repeat_n("word ".to_owned(), 20_000);
    let pieces = std::iter::once(r#"{"document":""#.to_owned()).chain(words).chain([r#""}"#.to_owned()]);
    let replies = [Reply::default().and_raw_call("write_document", pieces), Reply::text("ok")];
    let recording = Arc::new(record(agent(replies), ask("?")).await);
    assert_eq!(recording.state::<Value>()["document"].as_str().unwrap().len(), 100_000);
    let deltas = recording.events().iter().filter_map(|event| match event {
        Event::StateDelta(delta) => Some(serde_json::to_string(delta).unwrap().len()),
        _ => None,
    });
    let bytes: usize = deltas.sum();
    assert!(bytes < 40 * 100_000, "{bytes} bytes");
}
