use agui::agui_tool;

/// Adds.
#[agui_tool(name = "plus", name = "add")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
