use agui::agui_tool;

/// Works.
#[agui_tool(silent)]
fn work() -> u32 {
    7
}

fn main() {}
