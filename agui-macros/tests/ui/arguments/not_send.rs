use agui::agui_tool;

use std::rc::Rc;

/// The weather.
#[agui_tool]
fn get_weather(place: Rc<str>) -> String {
    place.to_string()
}

fn main() {}
