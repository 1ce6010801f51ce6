use agui::agui_tool;

const ICON: &str = "plus";

/// Adds.
#[agui_tool(metadata(icon = ICON))]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
