use agui::agui_tool;

/// Counts.
#[agui_tool]
fn count(value: String) -> usize {
    value.size()
}

fn main() {}
