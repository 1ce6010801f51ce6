use agui::agui_tool;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Place {
    city: String,
}

/// The weather.
#[agui_tool]
fn get_weather(#[serde(default)] place: Place) -> String {
    place.city
}

fn main() {}
