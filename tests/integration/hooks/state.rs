//! Changes of the state that pass hooks which take their time.

use super::order::{OnEvent, Slow};
use crate::support::agents::input;
use crate::support::frames::{all, text, types};
use agui::session::{MemoryStore, Owner, SessionStore, Sessions};
use agui::{Agent, Error, Event, Order, Result, RunContext, RunRequest, StateDeltaEvent, StateSnapshotEvent};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::sleep;

/// The state as a client has it that applies what it is told.
fn told(events: &[Value]) -> Value {
    let mut state = json!({});
    for event in events {
        match event["type"].as_str() {
            Some("STATE_SNAPSHOT") => state = event["snapshot"].clone(),
            Some("STATE_DELTA") => {
                let patch: json_patch::Patch = serde_json::from_value(event["delta"].clone()).unwrap();
                json_patch::patch(&mut state, &patch).unwrap();
            }
            _ => {}
        }
    }
    state
}

fn large() -> Value {
    json!({ "text": "as long as it takes for a delta to be shorter than the whole of it", "n": 0 })
}

#[tokio::test(start_paused = true)]
async fn changes_of_the_state_pass_in_order_and_each_upon_the_one_before() {
    async fn counts(run: RunContext) -> Result {
        run.set_state(&large()).await?;
        let one =
            || run.modify_state(|state: &mut Value| state["n"] = json!(state["n"].as_u64().unwrap() + 1));
        let step = async {
            drop(run.start_step("work").await?);
            one().await
        };
        tokio::try_join!(one(), step, one(), one())?;
        run.emit(StateDeltaEvent::new(serde_json::from_value(
            json!([{ "op": "add", "path": "/by", "value": 1 }]),
        )?))
        .await?;
        run.text(run.state::<Value>()?["n"].to_string()).await
    }
    for order in [Order::Refuse, Order::Warn] {
        let request = RunRequest::new(input()).order(order);
        let events = all(agui::run(counts.with_hooks(Slow).with_hooks(Slow), request)).await;
        let mut expected = large();
        (expected["n"], expected["by"]) = (json!(4), json!(1));
        assert_eq!((told(&events), text(&events)), (expected, "4".to_owned()));
        assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_that_a_hook_refuses_is_none_and_one_that_it_hides_is() {
    let hook = OnEvent(|run: RunContext, event: Event| async move {
        sleep(Duration::from_secs(1)).await;
        match &event {
            Event::StateDelta(delta) => match json!(delta.delta)[0]["path"].as_str() {
                Some("/refused") => Err(Error::new("not that")),
                Some("/hidden") => Ok(vec![]),
                // Of the agent and of the hook, in the order in which they are told.
                _ => {
                    assert!(run.state::<Value>()?.get("own").is_none(), "the state before the event");
                    run.modify_state(|state: &mut Value| state["hook"] = json!(1)).await?;
                    Ok(vec![event])
                }
            },
            _ => Ok(vec![event]),
        }
    });
    async fn changes(run: RunContext) -> Result {
        run.emit(StateSnapshotEvent::new(large())).await?;
        let set = |key: &'static str| run.modify_state(move |state: &mut Value| state[key] = json!(1));
        let (refused, hidden) = tokio::join!(set("refused"), set("hidden"));
        assert!(refused.is_err());
        hidden?;
        set("own").await?;
        run.text(run.state::<Value>()?.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" "))
            .await
    }
    let events = all(agui::run(changes.with_hooks(hook), input())).await;
    let text = text(&events);
    let mut keys: Vec<_> = text.split(' ').collect();
    keys.sort_unstable();
    assert_eq!(keys, ["hidden", "hook", "n", "own", "text"]);
    let told = told(&events);
    assert!(told.get("hidden").is_none() && told.get("refused").is_none());
    assert_eq!((&told["own"], &told["hook"]), (&json!(1), &json!(1)));
}

/// What is on its way when the agent is done is stored, and told, before the run ends.
#[tokio::test(start_paused = true)]
async fn a_session_stores_what_passes_a_hook_late() {
    async fn hasty(run: RunContext) -> Result {
        let late = json!({ "late": true });
        let told = run.set_state(&late);
        assert!(tokio::time::timeout(Duration::from_millis(100), told).await.is_err());
        Ok(())
    }
    let store = MemoryStore::new();
    let events = all(agui::run(Sessions::new(store.clone(), hasty).with_hooks(Slow), input())).await;
    assert_eq!(types(&events), ["RUN_STARTED", "STATE_SNAPSHOT", "RUN_FINISHED"]);
    let thread = store.load(&Owner::anonymous(), "thread-1").await.unwrap().unwrap();
    assert_eq!(thread.state, json!({ "late": true }));
}

/// An agent with a hook of its own, and one around it that changes the same.
#[tokio::test(start_paused = true)]
async fn what_two_agents_change_at_once_is_what_the_client_was_told() {
    for after in [0, 500, 1000, 1500, 2000, 2500] {
        let both = move |run: RunContext| async move {
            run.set_state(&large()).await?;
            let set = async |run: RunContext, n: u64| {
                run.modify_state(move |state: &mut Value| state["n"] = json!(n)).await
            };
            let inner = (move |run| set(run, 1)).with_hooks(Slow);
            let outer = async {
                sleep(Duration::from_millis(after)).await;
                set(run.clone(), 2).await
            };
            let (inner, outer) = tokio::join!(inner.run(run.clone()), outer);
            inner?;
            outer?;
            run.text(run.state::<Value>()?["n"].to_string()).await
        };
        let events = all(agui::run(both.with_hooks(Slow), input())).await;
        assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"), "{events:?}");
        assert_eq!(told(&events)["n"].to_string(), text(&events), "after {after} ms");
    }
}
