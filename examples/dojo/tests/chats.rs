//! Chats, and tools that either side runs.

use super::{agent, agent_of, calls, names, page, pending, run};
use crate::AnyModel;
use agui::model::{Reply, ScriptedModel, Think};
use agui::testing::record;
use agui::{Event, RunFinishedOutcome};
use serde_json::{Value, json};
use std::sync::Arc;

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
    let recording = record(agent_of("agentic_chat", &model), page("?", &[])).await;
    assert_eq!(recording.tool_calls()[0].result_text(), "There is no time zone `Mars/Olympus`.");

    let model = mistaken("update_plan_step", r#"{"index":7}"#);
    let recording = record(agent_of("agentic_generative_ui", &model), page("?", &[])).await;
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

/// A model that does not reason by itself thinks with a tool, and the page sees thoughts all the same.
#[tokio::test]
async fn thoughts_by_a_tool_are_thoughts() {
    let thought = Think { thought: "Safety first.".into() };
    let model: AnyModel = Arc::new(ScriptedModel::new([Reply::call(&thought), Reply::text("A Volvo.")]));
    let request = page("What is the best car to buy?", &[]);
    let recording = record(agent_of("agentic_chat_reasoning", &model), request).await;
    let thoughts = recording.events().iter().filter_map(|event| match event {
        Event::ReasoningMessageContent(content) => Some(&*content.delta),
        _ => None,
    });
    assert_eq!(thoughts.collect::<String>(), "Safety first.");
    assert_eq!((names(&recording).len(), &*recording.text()), (0, "A Volvo."));
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
