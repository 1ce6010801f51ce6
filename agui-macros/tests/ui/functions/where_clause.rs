use agui::agui_tool;

/// Counts.
#[agui_tool]
fn count(value: String) -> usize
where
    String: Clone,
{
    value.len()
}

fn main() {}
