use agui::agui_tool;

/// Counts.
#[agui_tool]
unsafe fn count(value: String) -> usize {
    value.len()
}

fn main() {}
