use agui::agui_tool;

/// Adds.
#[agui_tool(colour = "blue")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
