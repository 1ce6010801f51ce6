use agui::agui_tool;

#[derive(serde::Serialize)]
struct Weather {
    degrees: u8,
}

/// The weather.
#[agui_tool]
fn weather(city: String) -> agui::Result<Weather> {
    let _ = city;
    Ok(Weather { degrees: 7 })
}

fn main() {}
