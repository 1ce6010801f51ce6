use agui::agui_tool;

/// Counts.
#[agui_tool]
fn count(value: u8, ...) -> u8;

fn main() {}
