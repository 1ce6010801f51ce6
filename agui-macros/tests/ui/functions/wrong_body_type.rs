use agui::agui_tool;

/// Counts.
#[agui_tool]
async fn count(value: String) -> usize {
    value
}

fn main() {}
