use agui::agui_tools;

/// Counts.
#[agui_tools]
fn count() -> u8 {
    7
}

fn main() {}
