//! Streams for people.

use agui_types::Event;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Longer events are cut.
const WIDTH: usize = 120;

/// A line an event, with one of them marked.
pub(super) fn stream(events: &[Event], marked: Option<usize>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, event) in events.iter().enumerate() {
        let mark = if marked == Some(index) { '>' } else { ' ' };
        writeln!(f, "{mark}{:>4}  {:<26} {}", index + 1, event.event_type().as_str(), members(event))?;
    }
    Ok(())
}

/// What an event says beside its type and time.
fn members(event: &Event) -> String {
    let Ok(Value::Object(members)) = serde_json::to_value(event) else { return String::new() };
    // In one order, whatever serde_json's features are.
    let mut members: BTreeMap<_, _> = members.into_iter().collect();
    members.remove("type");
    members.remove("timestamp");
    let text = members.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
