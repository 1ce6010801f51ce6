use agui::agui_tool;

/// Adds.
#[agui_tool]
fn add(a: i64, a: i64) -> i64 {
    a
}

fn main() {}
