use agui::agui_tool;

/// Adds.
#[agui_tool]
fn add(a: _) -> i64 {
    a
}

fn main() {}
