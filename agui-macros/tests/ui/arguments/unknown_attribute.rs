use agui::agui_tool;

/// Adds.
#[agui_tool]
fn add(#[description = "The first."] a: i64) -> i64 {
    a
}

fn main() {}
