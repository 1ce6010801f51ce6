use agui::agui_tool;

/// Adds.
#[agui_tool(metadata(icon = "plus", icon = "cross"))]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
