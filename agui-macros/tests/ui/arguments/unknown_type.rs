use agui::agui_tool;

/// The weather.
#[agui_tool]
fn get_weather(place: Plaec) -> String {
    String::new()
}

fn main() {}
