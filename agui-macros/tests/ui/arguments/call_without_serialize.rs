use agui::{ToolSpec, agui_tool};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Place {
    city: String,
}

/// The weather.
#[agui_tool]
fn get_weather(place: Place) -> String {
    place.city
}

fn main() {
    let _ = GetWeather { place: Place { city: String::new() } }.call("call-1");
}
