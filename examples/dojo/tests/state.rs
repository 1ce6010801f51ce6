//! State that the page shows.

use super::{agent_of, names, page, pending, run};
use crate::AnyModel;
use agui::Event;
use agui::model::{Reply, ScriptedModel};
use agui::testing::{Recording, record};
use serde_json::{Value, json};
use std::sync::Arc;

fn snapshots(recording: &Recording) -> Vec<&Value> {
    let snapshots = recording.events().iter().filter_map(|event| match event {
        Event::StateSnapshot(snapshot) => Some(&snapshot.snapshot),
        _ => None,
    });
    snapshots.collect()
}

#[tokio::test]
async fn a_plan_is_shown_at_once_and_then_step_by_step() {
    let recording = run("agentic_generative_ui", page("Plan a mission to Mars in 3 steps", &[])).await;
    assert_eq!(
        names(&recording),
        ["create_plan", "update_plan_step", "update_plan_step", "update_plan_step"]
    );
    let snapshots = snapshots(&recording);
    assert_eq!(snapshots.len(), 1);
    assert_eq!(snapshots[0]["steps"][2], json!({ "description": "Training the crew", "status": "pending" }));
    let deltas: Vec<_> = recording
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::StateDelta(delta) => Some(serde_json::to_value(&delta.delta).unwrap()),
            _ => None,
        })
        .collect();
    assert_eq!(deltas[0], json!([{ "op": "replace", "path": "/steps/0/status", "value": "completed" }]));
    let state: Value = recording.state();
    assert!(state["steps"].as_array().unwrap().iter().all(|step| step["status"] == "completed"));
}

#[tokio::test]
async fn a_recipe_is_improved_from_whatever_is_there() {
    let partial = json!({ "recipe": { "title": "Soup", "skill_level": "Advanced" } });
    for state in [json!({}), json!(null), partial] {
        let mut request = page("Make it Italian", &[]);
        request.input_mut().state = Some(state);
        let recording = run("shared_state", request).await;
        let state: Value = recording.state();
        assert_eq!(snapshots(&recording), [&state]);
        assert_eq!(state["recipe"]["special_preferences"], json!(["Vegetarian"]));
        assert_eq!(state["recipe"]["cooking_time"], "45 min");
        assert_eq!(
            state["recipe"]["ingredients"][2],
            json!({ "icon": "🍝", "name": "Pasta", "amount": "400 g" })
        );
        assert!(state["recipe"]["instructions"].is_array());
    }
}

#[tokio::test]
async fn what_the_user_wrote_into_the_recipe_stays() {
    let saffron = json!({ "icon": "🌼", "name": "Saffron", "amount": "a pinch" });
    let carrots = json!({ "icon": "🥕", "name": "Carrots", "amount": "12" });
    let mut request = page("Make it Italian", &[]);
    request.input_mut().state = Some(json!({ "recipe": { "ingredients": [saffron, carrots] } }));
    let state: Value = run("shared_state", request).await.state();
    let ingredients = state["recipe"]["ingredients"].as_array().unwrap();
    assert_eq!(ingredients[..2], [saffron, carrots]);
    assert_eq!(ingredients.len(), 4, "{ingredients:?}");
}

#[tokio::test]
async fn the_model_sees_the_recipe_and_what_it_leaves_out_has_defaults() {
    let model = Arc::new(ScriptedModel::new([
        Reply::default().and_raw_call("display_recipe", ["{}"]),
        Reply::text("Done."),
    ]));
    let mut request = page("Start over", &[]);
    request.input_mut().state = Some(json!({ "recipe": { "title": "Soup of the day" } }));
    let recording = record(agent_of("shared_state", &(Arc::clone(&model) as AnyModel)), request).await;
    assert!(model.requests()[0].instructions.as_ref().unwrap().contains("Soup of the day"));
    let recipe = json!({ "recipe": {
        "title": "Soup of the day", "skill_level": "Beginner", "special_preferences": [], "cooking_time": "5 min",
        "ingredients": [], "instructions": [],
    } });
    assert_eq!(recording.state::<Value>(), recipe);
}

#[tokio::test]
async fn a_document_is_predicted_from_the_pages_own_tool() {
    let tools = ["write_document", "confirm_changes"];
    let first = run("predictive_state_updates", page("Write a story about a pirate", &tools)).await;
    assert_eq!(names(&first), ["document_predict_state", "write_document"]);
    let predicted = first.events().iter().position(|event| event.name() == Some("PredictState")).unwrap();
    let Event::Custom(custom) = &first.events()[predicted] else { panic!() };
    let wanted = json!([{ "state_key": "document", "tool": "write_document", "tool_argument": "document" }]);
    assert_eq!(custom.value, wanted);
    let begun = |event: &Event| matches!(event, Event::ToolCallStart(start) if start.tool_call_name == "write_document");
    assert!(first.events().iter().position(begun).unwrap() > predicted);
    assert_eq!(pending(&first), 1);

    for (answer, said) in [("Changes accepted", "are kept"), ("Changes rejected", "are gone")] {
        let second = run("predictive_state_updates", first.answer(answer).unwrap()).await;
        assert!(second.text().contains(said) && names(&second).is_empty(), "{}", second.text());
    }
}

#[tokio::test]
async fn a_document_is_written_and_then_confirmed() {
    let first =
        run("predictive_state_updates", page("Write a story about a pirate", &["confirm_changes"])).await;
    assert_eq!(names(&first), ["write_document_local", "confirm_changes"]);
    // The page may predict, and need not.
    assert!(first.events().iter().any(|event| event.name() == Some("PredictState")));
    assert!(first.events().iter().any(|event| matches!(event, Event::StateDelta(_))));
    let state: Value = first.state();
    assert!(state["document"].as_str().unwrap().contains("Captain Candy Beard"));
    // The snapshot and the result come before the page is asked.
    assert_eq!(snapshots(&first), [&state]);
    let position = |wanted: fn(&Event) -> bool| first.events().iter().position(wanted).unwrap();
    let snapshot = position(|event| matches!(event, Event::StateSnapshot(_)));
    let result = position(|event| matches!(event, Event::ToolCallResult(_)));
    let asked = position(
        |event| matches!(event, Event::ToolCallStart(start) if start.tool_call_name == "confirm_changes"),
    );
    assert!(snapshot < result && result < asked, "{first:?}");
    let parents: Vec<_> = first
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::ToolCallStart(start) => start.parent_message_id.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(parents.len(), 2);
    assert_ne!(parents[0], parents[1]);
    assert_eq!(pending(&first), 1);
    let second = run("predictive_state_updates", first.answer(json!({ "accepted": true })).unwrap()).await;
    assert!(second.text().contains("are kept"));

    // A page without either tool has the document all the same.
    let bare = run("predictive_state_updates", page("Write a story", &[])).await;
    assert_eq!((names(&bare), pending(&bare)), (vec!["write_document_local".to_owned()], 0));
}

#[tokio::test]
async fn the_travel_agency_has_three_subagents() {
    let recording = run("subgraphs", page("Plan a trip to San Francisco", &[])).await;
    let count = |wanted: fn(&Event) -> bool| recording.events().iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|event| matches!(event, Event::SubagentStarted(_))), 3);
    assert_eq!(count(|event| matches!(event, Event::SubagentFinished(_))), 3);
    let tagged = |name: &str| {
        let starts = recording.events().iter();
        starts.filter(|event| matches!(event, Event::ToolCallStart(start) if start.tool_call_name == name && start.subagent_run_id.is_some())).count()
    };
    assert_eq!((tagged("find_flights"), tagged("find_hotels"), tagged("flights_agent")), (1, 1, 0));
    let state: Value = recording.state();
    assert_eq!(state["flights"][0]["airline"], "KLM");
    assert_eq!(
        (state["hotels"].as_array().unwrap().len(), state["experiences"].as_array().unwrap().len()),
        (3, 4)
    );
}

/// A page may keep more in the state than the agent knows of.
#[tokio::test]
async fn what_the_page_keeps_beside_the_journey_stays() {
    let mut request = page("Plan a trip to San Francisco", &[]);
    request.input_mut().state = Some(json!({ "itinerary": {}, "planning_step": "start", "flights": [] }));
    let state: Value = run("subgraphs", request).await.state();
    assert_eq!((&state["itinerary"], &state["planning_step"]), (&json!({}), &json!("start")));
    assert_eq!(
        (state["flights"].as_array().unwrap().len(), state["hotels"].as_array().unwrap().len()),
        (2, 3)
    );
}
