use agui::{ToolEntry, agui_tool};

/// Adds.
#[agui_tool]
fn add(a: i64) -> i64 {
    a
}

fn main() {
    let _ = ToolEntry::frontend::<Add>();
}
