//! Shared state with a type: read before the run, and told to clients.

use crate::support::agents::input;
use crate::support::frames::{all, text, types};
use crate::support::http::{KeptAlive, Serving};
use crate::support::log::Log;
use agui::session::{MemoryStore, Sessions};
use agui::{
    Agent, DynAgent, Order, Refusal, Result, RunAgentInput, RunContext, RunRequest, Server, StateDeltaEvent,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Recipe {
    title: String,
    servings: u32,
    #[serde(default)]
    style: Style,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default)]
    amounts: BTreeMap<String, u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Style {
    spicy: bool,
    country: String,
}

/// What the server begins with.
fn soup() -> Recipe {
    Recipe {
        title: "Soup".into(),
        servings: 2,
        style: Style { spicy: true, country: "Peru".into() },
        note: Some("Stir.".into()),
        amounts: BTreeMap::from([("salt".into(), 1)]),
    }
}

async fn says_its_state(run: RunContext) -> Result {
    run.text(serde_json::to_string(&run.state::<Recipe>()?)?).await
}

/// The events of a run, and the state that the agent saw.
async fn run_with(state: Option<Value>) -> (Vec<Value>, Recipe) {
    let mut input = input();
    input.state = state;
    let events = all(agui::run(says_its_state.with_state(soup()), input)).await;
    let seen = serde_json::from_str(&text(&events)).unwrap_or_else(|_| panic!("{events:?}"));
    (events, seen)
}

#[tokio::test]
async fn without_a_state_the_servers_counts_and_the_client_is_told() {
    // STATE-10; INPUT-11: absent means `{}`; VER-35: old clients send null.
    for state in [None, Some(json!({})), Some(json!(null))] {
        let (events, seen) = run_with(state.clone()).await;
        assert_eq!(seen, soup(), "{state:?}");
        assert_eq!(types(&events)[..2], ["RUN_STARTED", "STATE_SNAPSHOT"], "{state:?}");
        assert_eq!(events[1]["snapshot"], json!(soup()), "{state:?}");
    }
}

#[tokio::test]
async fn a_whole_state_is_the_clients_and_nothing_is_told() {
    let mut recipe = soup();
    recipe.servings = 5;
    let mut state = json!(recipe);
    state["theirs"] = json!([1]);
    let (events, seen) = run_with(Some(state)).await;
    assert_eq!((types(&events)[1], seen), ("TEXT_MESSAGE_START", recipe));
}

#[tokio::test]
async fn what_a_type_would_make_up_comes_from_the_servers_state() {
    let sent = json!({ "title": "Stew", "servings": 4, "style": { "spicy": false }, "theirs": 1 });
    let (events, seen) = run_with(Some(sent)).await;
    let style = Style { spicy: false, country: "Peru".into() };
    // A note that is not there was taken away, since it would be there if there were one.
    let expected = Recipe { title: "Stew".into(), servings: 4, style, note: None, amounts: soup().amounts };
    assert_eq!(seen, expected);
    assert_eq!(events[1]["snapshot"]["theirs"], 1);

    // What a map does not have was taken out of it.
    let sent = json!({ "title": "Stew", "servings": 4, "style": Style::default(), "amounts": {} });
    let (events, seen) = run_with(Some(sent)).await;
    assert_eq!((types(&events)[1], seen.amounts), ("TEXT_MESSAGE_START", BTreeMap::new()));
}

#[tokio::test]
async fn a_name_that_is_read_but_not_written_is_left_alone() {
    #[derive(Default, Serialize, Deserialize)]
    struct Renamed {
        #[serde(default, alias = "old")]
        new: u8,
    }
    let agent = async |run: RunContext| run.text(run.state::<Renamed>()?.new.to_string()).await;
    let mut input = input();
    input.state = Some(json!({ "old": 7 }));
    let events = all(agui::run(agent.with_state(Renamed { new: 1 }), input)).await;
    assert_eq!((types(&events)[1], &*text(&events)), ("TEXT_MESSAGE_START", "7"));
}

#[tokio::test]
async fn a_state_that_does_not_fit_ends_a_run_in_process_before_it_starts() {
    // RUN-1, INPUT-13.
    let mut input = input();
    input.state = Some(json!({ "title": "Stew" }));
    let events = all(agui::run(says_its_state.with_state(soup()), input.clone())).await;
    assert_eq!(types(&events), ["RUN_ERROR"]);
    assert_eq!(events[0]["code"], "invalid_input");
    assert!(events[0]["message"].as_str().unwrap().contains("`servings`"), "{events:?}");

    let refused = agui::run(says_its_state.with_state(soup()), input).admitted().await.unwrap_err();
    assert_eq!((refused.status().as_u16(), refused.code()), (422, "invalid_input"));
}

#[tokio::test]
async fn agents_around_the_agent_pass_on_what_it_refuses() {
    let typed = || says_its_state.with_state(soup());
    let agents = [
        DynAgent::new(typed()),
        DynAgent::new(typed().with_capabilities(agui::AgentCapabilities::new())),
        DynAgent::new(DynAgent::new(typed())),
        DynAgent::new(typed().with_state(json!(null))),
        DynAgent::new(Sessions::new(MemoryStore::new(), typed())),
    ];
    for agent in agents {
        let mut input = input();
        input.state = Some(json!([]));
        assert_eq!(agui::run(agent.clone(), input).admitted().await.unwrap_err().status(), 422);
        let state = agent.capabilities().state.unwrap();
        assert_eq!((state.snapshots, state.deltas), (Some(true), Some(true)));
    }
}

#[tokio::test]
async fn a_run_that_is_handed_over_is_admitted_on_the_way() {
    let typed = DynAgent::new(says_its_state.with_state(soup()));
    let outer = move |run: RunContext| {
        let typed = typed.clone();
        async move { run.hand_over(&typed).await }
    };
    let events = all(agui::run(outer.clone(), input())).await;
    assert_eq!(types(&events)[..3], ["RUN_STARTED", "STATE_SNAPSHOT", "TEXT_MESSAGE_START"]);
    let mut input = input();
    input.state = Some(json!([]));
    let events = all(agui::run(outer, input)).await;
    assert_eq!(types(&events), ["RUN_STARTED", "RUN_ERROR"]);
    assert_eq!(events[1]["code"], "invalid_input");
}

#[tokio::test]
async fn a_thread_goes_on_with_its_own_state_and_a_client_with_another_is_told() {
    // STATE-10, STATE-13.
    let agent = async |run: RunContext| run.modify_state(|recipe: &mut Recipe| recipe.servings += 1).await;
    let sessions = Sessions::new(MemoryStore::new(), agent.with_state(soup()));
    let mut servings = Vec::new();
    for (run, state) in [("r1", None), ("r2", Some(json!({ "title": "theirs" }))), ("r3", None)] {
        let message = agui::UserMessage::new(run, "More!").into();
        let mut input = RunAgentInput::new("thread", run, vec![message]);
        input.state = state;
        let events = all(agui::run(sessions.clone(), input)).await;
        assert_eq!(types(&events), ["RUN_STARTED", "STATE_SNAPSHOT", "STATE_DELTA", "RUN_FINISHED"], "{run}");
        servings.push(events[1]["snapshot"]["servings"].clone());
        assert_eq!(events[2]["delta"][0]["path"], "/servings");
    }
    assert_eq!(servings, [2, 3, 4]);
}

/// Refuses everything, or panics about it.
struct Picky;

impl Agent for Picky {
    async fn admit(&self, request: &mut RunRequest) -> Result<(), Refusal> {
        match request.input().run_id.as_str() {
            "panic" => panic!("a secret"),
            "wait" => std::future::pending().await,
            _ => Err(Refusal::forbidden("not today").path("/runId")),
        }
    }

    async fn run(&self, _: RunContext) -> Result<agui::Finished> {
        unreachable!("nothing is admitted")
    }
}

#[tokio::test]
async fn an_agent_refuses_with_the_status_that_it_chooses_and_a_panic_is_contained() {
    let serving = Serving::start(Server::new().agent("", Picky)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let ask = |run: &str| crate::support::agents::input_of(run);
    let refused = connection.run("/agui", &ask("r")).await.unwrap();
    let expected = json!({ "code": "forbidden", "message": "not today", "path": "/runId" });
    assert_eq!((refused.status(), refused.json()), (403, expected));
    let refused = connection.run("/agui", &ask("panic")).await.unwrap();
    assert_eq!((refused.status(), &refused.json()["code"]), (500, &json!("internal_error")));
    assert!(!String::from_utf8(refused.body).unwrap().contains("secret"));

    // In process, too; and a run can be cancelled before it is admitted (RUN-30).
    let mut input = input();
    input.run_id = "panic".into();
    assert_eq!(types(&all(agui::run(Picky, input.clone())).await), ["RUN_ERROR"]);
    input.run_id = "wait".into();
    let run = agui::run(Picky, input);
    let handle = run.handle();
    let (events, ()) = tokio::join!(all(run), async {
        tokio::task::yield_now().await;
        handle.cancel();
    });
    assert_eq!(types(&events), ["RUN_STARTED", "RUN_FINISHED"]);
    assert_eq!(events[1]["outcome"]["type"], "cancelled");
}

#[tokio::test]
async fn the_shorter_of_delta_and_snapshot_is_sent() {
    let agent = async |run: RunContext| {
        run.update_state(&json!({ "list": vec![7; 100], "name": "a" })).await?;
        run.update_state(&json!({ "list": vec![7; 100], "name": "b" })).await?;
        run.update_state(&json!({ "name": "b" })).await?;
        run.update_state(&json!([1])).await
    };
    let events = all(agui::run(agent, input())).await;
    // The last one could as well be `replace` at the root, which is longer.
    let expected = ["STATE_SNAPSHOT", "STATE_DELTA", "STATE_SNAPSHOT", "STATE_SNAPSHOT"];
    assert_eq!(types(&events)[1..5], expected);
}

#[tokio::test]
async fn deltas_by_hand_are_followed_whatever_becomes_of_those_that_do_not_apply() {
    // STATE-4, STATE-9.
    for order in [Order::Refuse, Order::Warn] {
        let agent = move |run: RunContext| async move {
            let delta = |path: &str| -> StateDeltaEvent {
                let patch = json!([{ "op": "add", "path": "/new", "value": 1 }, { "op": "replace", "path": path, "value": 2 }]);
                serde_json::from_value(json!({ "type": "STATE_DELTA", "delta": patch })).unwrap()
            };
            run.emit(delta("/count")).await?;
            assert_eq!(run.emit(delta("/none")).await.is_err(), order == Order::Refuse);
            assert_eq!(run.state::<Value>()?, json!({ "count": 2, "new": 1 }));
            Ok(())
        };
        let mut input = input();
        input.state = Some(json!({ "count": 1 }));
        let events = all(agui::run(agent, RunRequest::new(input).order(order))).await;
        let deltas = if order == Order::Refuse { 1 } else { 2 };
        assert_eq!(events.len(), 2 + deltas, "{events:?}");
        assert_eq!(events.last().unwrap()["type"], "RUN_FINISHED");
    }
}

#[tokio::test]
async fn a_delta_that_copies_without_bounds_is_refused_with_its_place() {
    async fn doubles(run: RunContext) -> Result {
        run.set_state(&json!({ "text": "x".repeat(1 << 20), "list": [] })).await?;
        let double = json!([{ "op": "copy", "from": "/list", "path": "/list/-" }, { "op": "copy", "from": "/text", "path": "/list/-" }]);
        for _ in 0..40 {
            run.emit(agui::StateDeltaEvent::new(serde_json::from_value(double.clone())?)).await?;
        }
        Ok(())
    }
    let (log, _guard) = Log::collect();
    let events = all(agui::run(doubles, RunRequest::new(input()).order(Order::Refuse))).await;
    assert_eq!(types(&events).iter().filter(|kind| **kind == "STATE_DELTA").count(), 5);
    assert_eq!(types(&events).last(), Some(&"RUN_ERROR"));
    assert!(log.everything().contains("`/list/-`"));
}
