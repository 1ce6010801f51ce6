/// The current weather
/// at a place.
#[agui::agui_tool(name = "weather", arguments = Weather, requires_approval)]
pub async fn get_weather(
    /// The city's name.
    city: String,
    #[serde(default)] days: Option<u8>,
) -> agui::Result<String> {
    Ok(format!("{city}: sunny for {} days", days.unwrap_or(1)))
}
