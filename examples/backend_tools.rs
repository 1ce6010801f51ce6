//! A Rust function that the model calls, on the server. `cargo run --example backend_tools`

use agui::model::{LlmAgent, ModelRequest, Reply, ScriptedModel};
use agui::{Message, Result, agui_tool, tools};
use serde::Serialize;

#[derive(Serialize)]
struct Weather {
    temperature: f64,
    conditions: String,
}

/// The current weather at a place.
#[agui_tool]
async fn get_weather(
    /// The name of the city.
    city: String,
) -> Result<Weather> {
    Ok(Weather { temperature: 21.5, conditions: format!("sunny in {city}") })
}

fn agent() -> Result<LlmAgent<ScriptedModel>> {
    let model = ScriptedModel::answering(script);
    Ok(LlmAgent::new(model).instructions("You know the weather.").tools(tools![GetWeather]?))
}

/// In place of a real model: it asks for the weather, then says so.
fn script(request: &ModelRequest) -> Reply {
    match request.messages.last() {
        Some(Message::Tool(_)) => Reply::text("It is a lovely day."),
        _ => Reply::text("Let me see. ").and_call(&GetWeather { city: "Kyiv".into() }),
    }
}

#[tokio::main]
async fn main() -> Result {
    agui::serve("127.0.0.1:9001", agent()?).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui::testing::{ask, call, record};

    #[tokio::test]
    async fn the_tool_answers() {
        let called = call(&GetWeather { city: "Kyiv".into() }).await;
        assert_eq!(called.text(), r#"{"temperature":21.5,"conditions":"sunny in Kyiv"}"#);
    }

    #[tokio::test]
    async fn the_agent_calls_the_tool() {
        let recording = record(agent().unwrap(), ask("How is the weather?")).await;
        assert_eq!(recording.calls_of::<GetWeather>(), [GetWeather { city: "Kyiv".into() }]);
        assert_eq!(recording.text(), "Let me see. \nIt is a lovely day.");
    }
}
