//! Agents that work for an agent.

use super::{GetWeather, kyiv, types};
use crate::support::log::Log;
use agui::model::{LlmAgent, ModelRequest, Reply, ScriptedModel};
use agui::testing::{Recording, ask, record};
use agui::{Error, Event, Message, Result, RunContext, ToolContext, ToolEntry, Tools, agui_tool, tools};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

fn scripted(replies: impl IntoIterator<Item = Reply>) -> LlmAgent<ScriptedModel> {
    LlmAgent::new(ScriptedModel::new(replies))
}

fn ask_member(name: &str, task: &str) -> Reply {
    Reply::default().and_raw_call(name, [json!({ "task": task }).to_string()])
}

fn leader(
    replies: impl IntoIterator<Item = Reply>,
    members: impl IntoIterator<Item = ToolEntry>,
) -> (Arc<ScriptedModel>, LlmAgent<Arc<ScriptedModel>>) {
    let model = Arc::new(ScriptedModel::new(replies));
    let agent = LlmAgent::new(Arc::clone(&model)).tools(Tools::of(members).unwrap());
    (model, agent)
}

/// Who says what: of each text message its owner and its text.
fn said(recording: &Recording) -> Vec<(Option<String>, String)> {
    let said = recording.messages().into_iter().filter_map(|message| match message {
        Message::Assistant(message) => {
            Some((message.subagent_run_id.map(|id| id.as_str().to_owned()), message.content?))
        }
        _ => None,
    });
    said.collect()
}

/// SUB-3, SUB-4, SUB-6, SUB-7, SUB-12, SUB-15: a member is announced, everything it does is its own, and what it says
/// last is the result of the call.
#[tokio::test]
async fn a_member_works_as_a_subagent() {
    let member = scripted([
        Reply::reasoning("Look.").and_text("Let me see. ").and_call(&kyiv()).id("c"),
        Reply::text("Sunny in Kyiv."),
    ]);
    let member = ToolEntry::agent("weather", "Knows the weather.", member.tools(tools![GetWeather].unwrap()));
    let (model, team) = leader(
        [
            Reply::text("I'll ask. ").and_raw_call("weather", [r#"{"task":"Kyiv?"}"#]).id("c"),
            Reply::text("Sunny!"),
        ],
        [member],
    );
    let recording = record(team, ask("Weather?")).await;
    assert!(recording.is_success(), "{recording:?}");

    let Some(Event::SubagentStarted(started)) =
        recording.events().iter().find(|event| matches!(event, Event::SubagentStarted(_)))
    else {
        panic!("{recording:?}")
    };
    assert_eq!((&*started.name, started.description.as_deref()), ("weather", Some("Knows the weather.")));
    assert_eq!(started.parent_tool_call_id.as_deref(), Some("c"));
    let carries = |message: &Message| match message {
        Message::Assistant(message) => message.tool_calls.iter().flatten().any(|call| call.id == "c"),
        _ => false,
    };
    let parent = recording.messages().into_iter().find(carries).unwrap();
    assert_eq!(started.parent_message_id.as_deref(), Some(parent.id()));
    let own = Some(started.subagent_run_id.as_str().to_owned());
    assert_eq!(
        said(&recording),
        [
            (None, "I'll ask. ".to_owned()),
            (own.clone(), "Let me see. ".to_owned()),
            (own.clone(), "Sunny in Kyiv.".to_owned()),
            (None, "Sunny!".to_owned()),
        ]
    );
    let reasoned = recording.messages().into_iter().find_map(|message| match message {
        Message::Reasoning(message) => message.subagent_run_id,
        _ => None,
    });
    assert_eq!(reasoned.as_ref(), Some(&started.subagent_run_id));
    // Both models call their call `c`; the ids differ (TOOL-6).
    let calls = recording.tool_calls();
    assert_eq!(calls.len(), 2);
    assert_ne!(calls[0].id, calls[1].id);
    assert_eq!(
        (calls[0].result_text(), calls[1].result_text()),
        ("Sunny in Kyiv.".into(), "sunny in Kyiv".into())
    );
    let finished = recording.events().iter().find_map(|event| match event {
        Event::SubagentFinished(finished) => finished.result.clone(),
        _ => None,
    });
    assert_eq!(finished, Some(json!("Sunny in Kyiv.")));
    // What the leader's model is told of it is the result alone.
    assert_eq!(shape(&model.requests()[1]), ["user", "I'll ask. ", "tool"]);
}

fn shape(request: &ModelRequest) -> Vec<String> {
    let shape = |message: &Message| match message {
        Message::Assistant(message) => message.content.clone().unwrap_or_else(|| "calls".to_owned()),
        other => other.tag().to_owned(),
    };
    request.messages.iter().map(shape).collect()
}

/// SUB-11: a member that says nothing is not taken to have said what its own member did.
#[tokio::test]
async fn what_a_members_member_says_is_not_the_members_answer() {
    let writer = ToolEntry::agent("writer", "", scripted([Reply::text("A draft.")]));
    let editor = scripted([ask_member("writer", "Write."), Reply::default()]);
    let editor = ToolEntry::agent("editor", "", editor.tools(Tools::of([writer]).unwrap()));
    let (_, team) = leader([ask_member("editor", "Edit."), Reply::text("Done.")], [editor]);
    let recording = record(team, ask("?")).await;
    assert!(recording.is_success(), "{recording:?}");
    let results: Vec<_> = recording.tool_calls().iter().map(|call| call.result_text()).collect();
    assert_eq!(results, ["", "A draft."]);
}

/// What a member did stands in the client's history; the leader's model is not told that it said so itself.
#[tokio::test]
async fn a_members_work_is_not_the_leaders_in_later_runs() {
    let member = || ToolEntry::agent("weather", "", scripted([Reply::text("Sunny in Kyiv.")]));
    let (model, team) =
        leader([ask_member("weather", "Kyiv?"), Reply::text("Sunny!"), Reply::text("Yes.")], [member()]);
    let recording = record(team.clone(), ask("Weather?")).await;
    record(team, recording.answer("").unwrap()).await;
    assert_eq!(shape(&model.requests()[2]), ["user", "calls", "tool", "Sunny!"]);
}

/// SUB-18, SUB-2: members of one turn work side by side, each under an id of its own, also the same one twice.
#[tokio::test]
async fn members_work_side_by_side() {
    async fn meet(run: RunContext) -> Result {
        let mut text = run.start_text().await?;
        text.push(format!("{}: ", run.last_user_text().unwrap_or_default())).await?;
        run.require::<Arc<tokio::sync::Barrier>>()?.wait().await;
        text.push("met").await?;
        text.finish().await
    }
    let ask_all = ask_member("a", "one")
        .and_raw_call("a", [r#"{"task":"two"}"#])
        .and_raw_call("b", [r#"{"task":"three"}"#]);
    let members = [ToolEntry::agent("a", "", meet), ToolEntry::agent("b", "", meet)];
    let (_, team) = leader([ask_all, Reply::text("done")], members);
    let request = ask("?").with(Arc::new(tokio::sync::Barrier::new(3)));
    let recording = tokio::time::timeout(Duration::from_secs(30), record(team, request)).await.unwrap();
    let results: Vec<_> = recording.tool_calls().iter().map(|call| call.result_text()).collect();
    assert_eq!(results, ["one: met", "two: met", "three: met"]);
    let owners: std::collections::BTreeSet<_> =
        said(&recording).into_iter().map(|(owner, _)| owner).collect();
    assert_eq!(owners.len(), 4, "three members and the leader");
}

/// SUB-17: a member's member names who started it; the state is the run's (SUB-20).
#[tokio::test]
async fn teams_nest_and_share_the_state() {
    /// Counts up.
    #[agui_tool]
    async fn count(context: ToolContext) -> Result {
        context
            .modify_state(|count: &mut std::collections::BTreeMap<String, u64>| {
                *count.entry("count".into()).or_default() += 1;
            })
            .await
    }
    let count = || tools![Count].unwrap();
    let inner = scripted([Reply::call(&Count {}), Reply::text("inner")]).tools(count());
    let middle = scripted([ask_member("inner", "?"), Reply::call(&Count {}), Reply::text("middle")])
        .tools(count().with(ToolEntry::agent("inner", "", inner)).unwrap());
    let outer = scripted([ask_member("middle", "?"), Reply::call(&Count {}), Reply::text("outer")])
        .tools(count().with(ToolEntry::agent("middle", "", middle)).unwrap());
    let mut request = ask("?");
    request.input_mut().state = Some(json!({ "count": 10 }));
    let recording = record(outer, request).await;
    assert_eq!(recording.state::<Value>(), json!({ "count": 13 }));
    assert_eq!(
        said(&recording).into_iter().map(|(_, text)| text).collect::<Vec<_>>(),
        ["inner", "middle", "outer"]
    );
    let started: Vec<_> = recording
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::SubagentStarted(started) => Some(started),
            _ => None,
        })
        .collect();
    assert_eq!(started.iter().map(|started| &*started.name).collect::<Vec<_>>(), ["middle", "inner"]);
    assert_eq!(started[0].parent_subagent_run_id, None);
    assert_eq!(started[1].parent_subagent_run_id.as_ref(), Some(&started[0].subagent_run_id));
}

#[tokio::test]
async fn a_member_that_fails_is_the_calls_failure() {
    async fn broken(_: RunContext) -> Result {
        Err(Error::new("sk-123"))
    }
    async fn frank(run: RunContext) -> Result {
        run.text("I tried").await?;
        Err(Error::public("The archive is closed."))
    }
    async fn panics(run: RunContext) -> Result {
        let _text = run.start_text().await?;
        panic!("oh")
    }
    let names = ["broken", "frank", "panics", "limited"];
    let all =
        names.iter().fold(Reply::default(), |reply, name| reply.and_raw_call(*name, [r#"{"task":"?"}"#]));
    let all = all.and_raw_call("frank", [r#"{"tusk":"?"}"#]);
    let endless = LlmAgent::new(ScriptedModel::answering(|_| Reply::call(&kyiv())));
    let members = [
        ToolEntry::agent(names[0], "", broken),
        ToolEntry::agent(names[1], "", frank),
        ToolEntry::agent(names[2], "", panics),
        ToolEntry::agent(names[3], "", endless.tools(tools![GetWeather].unwrap()).max_turns(2)),
    ];
    let (model, team) = leader([all, Reply::text("Sorry.")], members);
    let recording = record(team, ask("?")).await;
    assert!(recording.is_success(), "{recording:?}");
    let calls = recording.tool_calls();
    let by_leader = |name: &str| calls.iter().find(|call| call.name == name).unwrap().result_text();
    assert_eq!(by_leader("broken"), "The tool failed.");
    assert_eq!(by_leader("frank"), "The archive is closed.");
    assert_eq!(by_leader("panics"), "The tool failed.");
    assert_eq!(by_leader("limited"), "The agent stopped before it was done.");
    assert!(calls[4].result_text().contains("missing field `task`"), "{recording:?}");
    // SUB-8: each is told to have failed, and nothing internal.
    let errors: Vec<_> = recording
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::SubagentError(error) => Some(&*error.message),
            _ => None,
        })
        .collect();
    assert_eq!(errors.len(), 4, "{recording:?}");
    assert!(!format!("{recording:?}").contains("sk-123"));
    let failed = model.requests()[1]
        .messages
        .iter()
        .filter(|message| match message {
            Message::Tool(message) => message.error.is_some(),
            _ => false,
        })
        .count();
    assert_eq!(failed, 5);
}

/// A call is answered in its run: a member cannot wait for the application, be it for a tool (TOOL-20) or for a decision
/// (INT-17, SEC-2). Nothing is done that nobody agreed to, whoever set the team up is told, and clients see everything
/// closed (SUB-6).
#[tokio::test]
async fn a_member_that_would_wait_for_the_application_ends_the_run() {
    /// Shows a map.
    #[agui_tool]
    fn show_map(place: String);
    /// Sells everything.
    #[agui_tool(requires_approval)]
    fn sell() {
        unreachable!("nobody agreed to that")
    }
    for (call, what) in [
        (Reply::call(&ShowMap { place: "Kyiv".into() }), "waits for a tool of the application"),
        (Reply::call(&Sell {}), "waits for a decision of the application"),
    ] {
        let member = scripted([call]).tools(tools![ShowMap, Sell].unwrap());
        let (model, team) =
            leader([ask_member("clerk", "?"), Reply::text("never")], [ToolEntry::agent("clerk", "", member)]);
        let (log, _guard) = Log::collect();
        let recording = record(team, ask("?")).await;
        let error = recording.error().unwrap();
        assert_eq!((error.code.as_deref(), &*error.message), (Some("internal_error"), "The agent failed."));
        assert!(
            log.everything().contains(what) && log.everything().contains("clerk"),
            "{}",
            log.everything()
        );
        assert_eq!(model.requests().len(), 1);
        let calls = recording.tool_calls();
        assert_eq!((calls[0].result_text().as_str(), &calls[1].result), ("The tool failed.", &None));
        assert!(types(&recording).contains(&"SUBAGENT_ERROR"), "{recording:?}");
    }
}

/// A member is given its task alone, and the client's tools are the leader's.
#[tokio::test]
async fn a_member_sees_its_task() {
    let model = Arc::new(ScriptedModel::new([Reply::text(r#"{"n":1}"#)]));
    #[derive(serde::Deserialize, schemars::JsonSchema)]
    #[allow(dead_code, reason = "read by serde alone")]
    struct Number {
        n: u8,
    }
    let member = LlmAgent::new(Arc::clone(&model)).output::<Number>().unwrap();
    let (_, team) = leader(
        [ask_member("number", "Any number."), Reply::text("1")],
        [ToolEntry::agent("number", "", member)],
    );
    let mut request = ask("A number, please.");
    request.input_mut().tools = Some(vec![agui::Tool::new("play_sound", "Plays.")]);
    request.input_mut().context = Some(vec![agui::Context::new("Page", "1")]);
    let recording = record(team, request).await;
    let requests = model.requests();
    let [Message::User(task)] = &requests[0].messages[..] else { panic!("{requests:?}") };
    assert_eq!(serde_json::to_value(&task.content).unwrap(), json!("Any number."));
    assert_eq!((requests[0].tools.len(), requests[0].context.len()), (0, 1));
    // An answer of a type is what comes of the task.
    assert_eq!(recording.tool_calls()[0].result_text(), r#"{"n":1}"#);
    assert_eq!(types(&recording).last(), Some(&"RUN_FINISHED"));
    assert_eq!(recording.result(), None);
}
