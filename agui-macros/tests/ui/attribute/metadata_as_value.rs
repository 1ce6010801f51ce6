use agui::agui_tool;

/// Adds.
#[agui_tool(metadata = "cart")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
