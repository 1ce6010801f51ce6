//! Agents with a model: reasoning, usage, limits, failures, answers of a type, predicted state, teams.

mod failures;
mod instructions;
mod limits;
mod output;
mod peers;
mod predict;
mod reasoning;
mod teams;
mod usage;

use agui::model::{LlmAgent, Reply, ScriptedModel};
use agui::testing::{Recording, ask};
use agui::{Event, Message, RunFinishedOutcome, RunRequest, agui_tool, tools};
use std::sync::Arc;

/// The current weather at a place.
#[agui_tool]
fn get_weather(city: String) -> String {
    format!("sunny in {city}")
}

fn kyiv() -> GetWeather {
    GetWeather { city: "Kyiv".into() }
}

/// A model with these replies, and an agent that has it and one tool.
fn agent(replies: impl IntoIterator<Item = Reply>) -> (Arc<ScriptedModel>, LlmAgent<Arc<ScriptedModel>>) {
    let model = Arc::new(ScriptedModel::new(replies));
    let agent = LlmAgent::new(Arc::clone(&model)).tools(tools![GetWeather].unwrap());
    (model, agent)
}

fn types(recording: &Recording) -> Vec<&'static str> {
    recording.events().iter().map(|event| event.event_type().as_str()).collect()
}

fn is_cancelled(recording: &Recording) -> bool {
    matches!(recording.outcome(), Some(RunFinishedOutcome::Cancelled(_)))
}

fn code(recording: &Recording) -> Option<&str> {
    recording.error()?.code.as_deref()
}

/// A request with these messages.
fn with_messages(messages: Vec<Message>) -> RunRequest {
    let mut request = ask("");
    request.input_mut().messages = messages;
    request
}

/// The events that carry an encrypted value: subtype, entity, value.
fn encrypted(recording: &Recording) -> Vec<(&str, &str, &str)> {
    let events = recording.events().iter().filter_map(|event| match event {
        Event::ReasoningEncryptedValue(event) => {
            Some((event.subtype.as_str(), &*event.entity_id, &*event.encrypted_value))
        }
        _ => None,
    });
    events.collect()
}
