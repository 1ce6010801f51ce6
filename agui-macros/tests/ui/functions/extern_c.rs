use agui::agui_tool;

/// Counts.
#[agui_tool]
extern "C" fn count(value: u8) -> u8 {
    value
}

fn main() {}
