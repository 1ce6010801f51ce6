use agui::agui_tool;

/// Adds.
#[agui_tool]
fn add(a @ 0..: u8) -> u8 {
    a
}

fn main() {}
