//! Functions under `#[agui_tool]`: definition, arguments, results.

use agui::{
    Content, ContentPart, CustomEvent, Error, Event, Result, RunContext, StateDeltaEvent, StateSnapshotEvent,
    TextPart, ToolContext, ToolError, ToolOutput, ToolSpec, Tools, agui_tool, tools,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Celsius,
    Fahrenheit,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Weather {
    temperature: f64,
    city: String,
}

/// The current weather
/// at a place.
#[agui_tool]
async fn get_weather(
    /// The city's name.
    city: String,
    /// The unit of the temperature.
    unit: Option<Unit>,
    #[serde(default = "three")] days: u8,
) -> Result<Weather> {
    let _ = days;
    let temperature = if unit == Some(Unit::Fahrenheit) { 68.0 } else { 20.0 };
    Ok(Weather { temperature, city })
}

fn three() -> u8 {
    3
}

#[test]
fn a_definition_says_what_the_function_says() {
    let tool = GetWeather::definition();
    assert_eq!(tool.name, "get_weather");
    assert_eq!(tool.description, "The current weather\nat a place.");
    let parameters = tool.parameters.unwrap();
    assert_eq!(parameters["required"], json!(["city"]));
    assert_eq!(parameters["properties"]["city"]["description"], "The city's name.");
    assert_eq!(parameters["properties"]["days"]["default"], 3);
    assert_eq!(GetWeather::output_schema().unwrap()["properties"]["temperature"]["type"], "number");
}
