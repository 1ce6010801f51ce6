use agui::agui_tool;

/// Adds.
#[agui_tool]
async fn add([a, b]: [i64; 2]) -> i64 {
    a + b
}

fn main() {}
