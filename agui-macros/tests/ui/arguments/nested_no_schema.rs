use agui::agui_tool;

#[derive(serde::Deserialize)]
struct Place {
    city: String,
}

/// The weather.
#[agui_tool]
fn get_weather(days: u8, places: Vec<Option<Place>>) -> String {
    format!("{days} {}", places.iter().flatten().map(|place| &*place.city).collect::<String>())
}

fn main() {}
