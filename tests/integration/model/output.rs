//! Answers of a type.

use super::{GetWeather, agent, code, is_cancelled, kyiv, types};
use agui::model::{LlmAgent, Reply, ScriptedModel};
use agui::testing::{ask, record};
use agui::{Agent, Message, tools};
use serde_json::json;
use std::sync::Arc;

/// A forecast.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code, reason = "read by serde alone")]
struct Forecast {
    city: String,
    degrees: i32,
    note: Option<String>,
}

/// RUN-29: the value is the run's result, its text is streamed as any other.
#[tokio::test]
async fn an_answer_of_a_type_is_streamed_and_is_the_result() {
    let (model, typed) = agent([
        Reply::call(&kyiv()),
        Reply::text(r#"{"city":"Kyiv","#).and_text(r#""degrees":7,"note":null}"#),
    ]);
    let recording = record(typed.output::<Forecast>().unwrap(), ask("?")).await;
    assert_eq!(recording.result(), Some(&json!({ "city": "Kyiv", "degrees": 7, "note": null })));
    assert_eq!(recording.text(), r#"{"city":"Kyiv","degrees":7,"note":null}"#);
    assert_eq!(types(&recording).iter().filter(|name| **name == "TEXT_MESSAGE_CONTENT").count(), 2);
    // The provider is told of it beside the tools, not as one of them.
    for request in model.requests() {
        let output = request.output.unwrap();
        assert_eq!(output.name, "Forecast");
        assert_eq!(output.schema["required"], json!(["city", "degrees"]));
        assert_eq!(request.tools.len(), 1);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_corrected() {
    let (model, typed) = agent([
        Reply::text("It is warm."),
        Reply::text(r#"{"city":"Kyiv","degrees":"warm"}"#),
        Reply::text("```json\n{\"city\":\"Kyiv\",\"degrees\":7}\n```"),
    ]);
    let recording = record(typed.output::<Forecast>().unwrap(), ask("?")).await;
    assert_eq!(recording.result(), Some(&json!({ "city": "Kyiv", "degrees": 7 })));
    let requests = model.requests();
    let told = |turn: usize| match requests[turn].messages.last() {
        Some(Message::User(message)) => serde_json::to_value(&message.content).unwrap().to_string(),
        other => panic!("{other:?}"),
    };
    assert!(told(1).contains("The answer is not JSON"), "{}", told(1));
    assert!(told(2).contains("at `degrees`: invalid type"), "{}", told(2));
    // The client sees what was said, and nothing that nobody said.
    assert!(!recording.messages().iter().skip(1).any(|message| matches!(message, Message::User(_))));
}

#[tokio::test]
async fn correcting_has_an_end() {
    let model = Arc::new(ScriptedModel::answering(|_| Reply::text("{}")));
    let typed = LlmAgent::new(Arc::clone(&model)).output::<Forecast>().unwrap();
    let recording = record(typed.clone(), ask("?")).await;
    assert_eq!(code(&recording), Some("output_invalid"));
    assert_eq!(model.requests().len(), 3);
    assert!(is_cancelled(&record(typed.max_turns(2), ask("?")).await));
}

#[tokio::test]
async fn capabilities_tell_of_it_and_types_are_judged_early() {
    let typed = LlmAgent::new(Arc::new(ScriptedModel::new([]))).tools(tools![GetWeather].unwrap());
    assert_eq!(typed.capabilities().output, None);
    assert!(typed.clone().output::<String>().is_err());
    let typed = typed.output::<Forecast>().unwrap();
    assert_eq!(typed.capabilities().output.unwrap().structured_output, Some(true));
}
