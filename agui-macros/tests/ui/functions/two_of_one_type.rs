use agui::agui_tool;

/// Adds.
#[agui_tool]
fn add(a: i64) -> i64 {
    a
}

/// Something else.
struct Add;

fn main() {}
