use agui::agui_tool;

/// Counts.
#[agui_tool]
#[agui_tool(strict)]
fn count() -> u8 {
    7
}

fn main() {}
