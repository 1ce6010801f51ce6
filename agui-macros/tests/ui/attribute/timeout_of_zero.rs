use agui::agui_tool;

/// Adds.
#[agui_tool(timeout = "0s")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
