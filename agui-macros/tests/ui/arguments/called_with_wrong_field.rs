use agui::agui_tool;

/// Adds.
#[agui_tool]
fn add(a: i64) -> i64 {
    a
}

fn main() {
    let _ = Add { b: 7 };
}
