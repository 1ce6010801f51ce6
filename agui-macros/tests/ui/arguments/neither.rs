use agui::agui_tool;

struct Place {
    city: String,
}

/// The weather.
#[agui_tool]
fn get_weather(place: Place) -> String {
    place.city
}

fn main() {}
