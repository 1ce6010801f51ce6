//! A tool on the server whose results the page shows in its own way.

use crate::AnyModel;
use agui::model::LlmAgent;
use agui::{Result, agui_tool, tools};

/// What the page's weather card shows.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Weather {
    temperature: f64,
    feels_like: f64,
    humidity: u8,
    wind_speed: f64,
    wind_gust: f64,
    conditions: &'static str,
    location: String,
}

/// The current weather at a place.
#[agui_tool]
fn get_weather(
    /// The name of the city.
    location: String,
) -> Weather {
    // No forecast is asked for: the weather is made of the city's name, and the same each time.
    const CONDITIONS: [&str; 5] = ["Clear sky", "Partly cloudy", "Slight rain", "Overcast", "Thunderstorm"];
    let seed = location.to_lowercase().bytes().map(usize::from).sum::<usize>();
    let temperature = 12.0 + (seed % 15) as f64;
    let wind_speed = 4.0 + (seed % 9) as f64;
    Weather {
        temperature,
        feels_like: temperature - 1.5,
        humidity: 40 + (seed % 45) as u8,
        wind_speed,
        wind_gust: wind_speed * 1.5,
        conditions: CONDITIONS.get(seed % CONDITIONS.len()).copied().unwrap_or_default(),
        location,
    }
}

pub(crate) fn agent(model: AnyModel) -> Result<LlmAgent<AnyModel>> {
    let instructions = "You know the weather. Look it up with `get_weather`, never guess. The page shows the numbers, \
        so answer with one sentence.";
    Ok(LlmAgent::new(model).instructions(instructions).tools(tools![GetWeather]?))
}
