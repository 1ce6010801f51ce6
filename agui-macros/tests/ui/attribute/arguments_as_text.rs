use agui::agui_tool;

/// Adds.
#[agui_tool(arguments = "Sum")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
