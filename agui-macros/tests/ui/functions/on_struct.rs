use agui::agui_tool;

/// Adds.
#[agui_tool]
struct Add {
    a: i64,
}

fn main() {}
