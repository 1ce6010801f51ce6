use agui::agui_tool;

/// Counts.
#[agui_tool]
fn count<const N: usize>(values: [u8; N]) -> usize {
    values.len()
}

fn main() {}
