use agui::agui_tool;

/// Adds.
#[agui_tool]
fn add(_: i64) -> i64 {
    1
}

fn main() {}
