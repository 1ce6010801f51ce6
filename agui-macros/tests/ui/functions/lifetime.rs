use agui::agui_tool;

/// Counts.
#[agui_tool]
fn count<'a>(value: std::borrow::Cow<'a, str>) -> usize {
    value.len()
}

fn main() {}
