use agui::agui_tool;

/// Adds.
#[agui_tool(crate = nowhere)]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
