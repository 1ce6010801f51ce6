use agui::agui_tool;

/// Counts.
#[agui_tool]
fn zähle(a: i64) -> i64 {
    a
}

fn main() {}
