use agui::agui_tool;

/// Adds.
#[agui_tool]
const ADD: i64 = 7;

fn main() {}
