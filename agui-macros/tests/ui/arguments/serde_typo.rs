use agui::agui_tool;

/// Adds.
#[agui_tool]
fn add(#[serde(defualt)] a: i64) -> i64 {
    a
}

fn main() {}
