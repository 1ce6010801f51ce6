//! What each page gets, in process; `record` checks the order of events.

use crate::options::Options;
use crate::{AnyModel, agents, scripted, server};
use agui::model::{Reply, ScriptedModel};
use agui::testing::{Recording, ask, record};
use agui::{DynAgent, Event, RunFinishedOutcome, RunRequest, Tool};
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

fn agent(feature: &str) -> DynAgent {
    let model: AnyModel = Arc::new(scripted::model());
    let agent = agents(&model).unwrap().into_iter().find(|(prefix, _)| *prefix == format!("/{feature}"));
    agent.unwrap().1
}

/// A page's request, with the tools that it brings.
fn page(said: &str, tools: &[&str]) -> RunRequest {
    let mut request = ask(said);
    let tools =
        tools.iter().map(|name| Tool::new(*name, "of the page").parameters(json!({ "type": "object" })));
    request.input_mut().tools = Some(tools.collect());
    request.input_mut().state = Some(json!({}));
    request
}

async fn run(feature: &str, request: impl Into<RunRequest>) -> Recording {
    let recording = record(agent(feature), request.into()).await;
    assert!(recording.error().is_none(), "{recording:?}");
    recording
}

/// Name and arguments of each call.
fn calls(recording: &Recording) -> Vec<(String, Value)> {
    let calls = recording.tool_calls().into_iter();
    calls.map(|call| (call.name, serde_json::from_str(&call.arguments).unwrap())).collect()
}

fn names(recording: &Recording) -> Vec<String> {
    calls(recording).into_iter().map(|(name, _)| name).collect()
}

fn pending(recording: &Recording) -> usize {
    match recording.outcome() {
        Some(RunFinishedOutcome::Success(outcome)) => {
            outcome.pending_tool_call_ids.as_ref().map(Vec::len).unwrap_or_default()
        }
        _ => 0,
    }
}

#[tokio::test]
async fn a_chat_calls_the_pages_tool_and_goes_on_with_its_result() {
    let first = run("agentic_chat", page("Change the background to blue", &["change_background"])).await;
    assert_eq!(calls(&first), [("change_background".to_owned(), json!({ "background": "blue" }))]);
    assert_eq!(pending(&first), 1);

    let second = run("agentic_chat", first.answer("Changed.").unwrap()).await;
    assert!(second.text().contains("background is changed"), "{}", second.text());
}

#[tokio::test]
async fn a_chat_knows_the_time_and_the_users_name() {
    let recording = run("agentic_chat", page("What time is it?", &[])).await;
    assert_eq!(calls(&recording), [("current_time".to_owned(), json!({ "timezone": "UTC" }))]);
    assert!(recording.text().contains("UTC"), "{}", recording.text());

    let first = run("agentic_chat", page("I am Ada", &[])).await;
    let mut request = first.answer(()).unwrap();
    request.input_mut().messages.push(agui::UserMessage::new("message-2", "What is my name?").into());
    assert_eq!(run("agentic_chat", request).await.text(), "Your name is Ada.");
}

#[tokio::test]
async fn what_there_is_not_is_told_to_the_model() {
    let mistaken = |tool: &str, arguments: &str| -> AnyModel {
        let call = Reply::default().and_raw_call(tool, [arguments]);
        Arc::new(ScriptedModel::new([call, Reply::text("I see.")]))
    };
    let model = mistaken("current_time", r#"{"timezone":"Mars/Olympus"}"#);
    let recording = record(crate::agentic_chat::agent(model).unwrap(), page("?", &[])).await;
    assert_eq!(recording.tool_calls()[0].result_text(), "There is no time zone `Mars/Olympus`.");

    let model = mistaken("update_plan_step", r#"{"index":7}"#);
    let recording = record(crate::agentic_generative_ui::agent(model).unwrap(), page("?", &[])).await;
    assert_eq!(recording.tool_calls()[0].result_text(), "There is no step 7; the plan has 0.");
}

#[tokio::test]
async fn thoughts_come_before_the_answer() {
    let recording = run("agentic_chat_reasoning", page("What is the best car to buy?", &[])).await;
    let position = |wanted: fn(&Event) -> bool| recording.events().iter().position(wanted).unwrap();
    let thought = position(|event| matches!(event, Event::ReasoningMessageContent(_)));
    let said = position(|event| matches!(event, Event::TextMessageStart(_)));
    assert!(thought < said);
    assert!(position(|event| matches!(event, Event::ReasoningEnd(_))) < said);
}

#[tokio::test]
async fn pictures_are_seen() {
    let mut request = page("", &[]);
    request.input_mut().messages = serde_json::from_value(json!([{
        "id": "message-1", "role": "user", "content": [
            { "type": "text", "text": "What is this?" },
            { "type": "image", "source": { "type": "data", "value": "iVBORw0KGgo=", "mimeType": "image/png" } },
        ],
    }]))
    .unwrap();
    assert!(run("agentic_chat_multimodal", request).await.text().contains("an image"));
}

#[tokio::test]
async fn the_weather_has_what_the_page_shows() {
    let recording = run("backend_tool_rendering", page("What's the weather in New York?", &[])).await;
    let call = &recording.tool_calls()[0];
    assert_eq!((&*call.name, &*call.arguments), ("get_weather", r#"{"location":"New York"}"#));
    let weather: Value = serde_json::from_str(&call.result_text()).unwrap();
    let members: Vec<_> = weather.as_object().unwrap().keys().cloned().collect();
    let shown = ["conditions", "feelsLike", "humidity", "location", "temperature", "windGust", "windSpeed"];
    let mut members = members;
    members.sort();
    assert_eq!(members, shown);
    assert_eq!(weather["location"], "New York");
    assert!(recording.text().contains("New York"));
}

#[tokio::test]
async fn steps_wait_for_the_user() {
    let asked = page("Plan a mission to Mars in 5 steps", &["generate_task_steps"]);
    let first = run("human_in_the_loop", asked).await;
    let (name, arguments) = calls(&first).remove(0);
    assert_eq!(name, "generate_task_steps");
    let steps = arguments["steps"].as_array().unwrap();
    assert_eq!((steps.len(), &steps[0]["status"]), (5, &json!("enabled")));
    assert_eq!((pending(&first), first.text()), (1, String::new()));

    let accepted =
        run("human_in_the_loop", first.answer(json!({ "accepted": true, "steps": steps[1..] })).unwrap())
            .await;
    assert_eq!((names(&accepted).len(), accepted.text().contains("the 4 steps")), (0, true));
    let rejected = run("human_in_the_loop", first.answer(json!({ "accepted": false })).unwrap()).await;
    assert_eq!((names(&rejected).len(), rejected.text().contains("What should I change")), (0, true));
}

#[tokio::test]
async fn a_plan_is_shown_at_once_and_then_step_by_step() {
    let recording = run("agentic_generative_ui", page("Plan a mission to Mars in 3 steps", &[])).await;
    assert_eq!(
        names(&recording),
        ["create_plan", "update_plan_step", "update_plan_step", "update_plan_step"]
    );
    let snapshots: Vec<_> = recording
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::StateSnapshot(snapshot) => Some(&snapshot.snapshot),
            _ => None,
        })
        .collect();
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
async fn a_haiku_is_the_pages_to_draw() {
    let first = run("tool_based_generative_ui", page("A haiku!", &["generate_haiku"])).await;
    let (name, haiku) = calls(&first).remove(0);
    assert_eq!(name, "generate_haiku");
    assert_eq!(
        (haiku["japanese"].as_array().unwrap().len(), haiku["english"].as_array().unwrap().len()),
        (3, 3)
    );
    assert_eq!(pending(&first), 1);
    let second = run("tool_based_generative_ui", first.answer("Haiku generated!").unwrap()).await;
    assert!(names(&second).is_empty());
}

#[tokio::test]
async fn a_recipe_is_improved_from_whatever_is_there() {
    let partial = json!({ "recipe": { "title": "Soup", "skill_level": "Advanced" } });
    for state in [json!({}), json!(null), partial] {
        let mut request = page("Make it Italian", &[]);
        request.input_mut().state = Some(state);
        let recording = run("shared_state", request).await;
        let state: Value = recording.state();
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
    let recording =
        record(crate::shared_state::agent(Arc::clone(&model) as AnyModel).unwrap(), request).await;
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
    assert!(first.state::<Value>()["document"].as_str().unwrap().contains("Captain Candy Beard"));
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

#[tokio::test]
async fn a_meeting_is_booked_once_the_user_agrees() {
    for (payload, said) in [
        (json!({ "approved": true }), "is booked"),
        (json!({ "approved": false }), "nothing is booked"),
        (
            json!({ "approved": true, "editedArgs": { "topic": "lunch", "time": "noon" } }),
            "about lunch is booked",
        ),
    ] {
        // Each agent has a key of its own for its questions.
        let agent = agent("interrupt");
        let first = record(agent.clone(), page("Schedule a meeting", &[])).await;
        let Some(RunFinishedOutcome::Interrupt(outcome)) = first.outcome() else { panic!("{first:?}") };
        let resume =
            json!([{ "interruptId": outcome.interrupts[0].id, "status": "resolved", "payload": payload }]);
        let mut request = first.answer(()).unwrap();
        request.input_mut().resume = serde_json::from_value(resume).unwrap();
        let second = record(agent.clone(), request).await;
        assert!(second.text().contains(said), "{second:?}");
    }
}

/// Front ends ask at either path, from pages of another origin.
#[tokio::test]
async fn each_agent_answers_at_both_of_its_paths_whatever_the_page() {
    let model: AnyModel = Arc::new(scripted::model());
    for sessions in [false, true] {
        let router = server(&model, sessions).unwrap().into_router();
        for (prefix, _) in agents(&model).unwrap() {
            for path in [prefix.to_owned(), format!("{prefix}/agui")] {
                let input = json!({
                    "threadId": path, "runId": "run-1", "state": {}, "tools": [], "context": [],
                    "messages": [{ "id": "message-1", "role": "user", "content": "Hi" }],
                });
                let request = Request::post(&path)
                    .header("content-type", "application/json")
                    .header("origin", "http://localhost:3000")
                    .body(Body::from(input.to_string()))
                    .unwrap();
                let response = router.clone().oneshot(request).await.unwrap();
                assert_eq!((response.status().as_u16(), &*path), (200, &*path));
                assert_eq!(response.headers()["access-control-allow-origin"], "*");
                let body = response.into_body().collect().await.unwrap().to_bytes();
                let body = String::from_utf8_lossy(&body);
                assert!(body.contains("Hello!") && body.contains("RUN_FINISHED"), "{path}: {body}");
            }
        }
    }
}

/// Whoever asks for a provider's model does not get the scripted one.
#[test]
fn a_provider_that_cannot_be_had_is_an_error_that_helps() {
    let how = if cfg!(feature = "rig-http") { "--provider anthropic:MODEL" } else { "--features rig-http" };
    for provider in ["nonsense", "nonsense:1"] {
        let Err(error) = crate::model::choose(Some(provider)) else { panic!("{provider}") };
        assert!(error.to_string().contains(how), "{error}");
    }
}

#[test]
fn the_command_line_is_read() {
    let read = |line: &str| Options::from_arguments(line.split_whitespace().map(str::to_owned));
    let all = Options { port: 8000, provider: Some("anthropic".into()), sessions: true };
    assert_eq!(read("--port 8000 --provider anthropic --sessions").unwrap(), all);
    assert_eq!(read("").unwrap(), Options { port: 9001, provider: None, sessions: false });
    for wrong in ["--port", "--port x", "--nonsense"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
