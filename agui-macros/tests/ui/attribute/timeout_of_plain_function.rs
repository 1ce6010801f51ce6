use agui::agui_tool;

/// Works for long.
#[agui_tool(timeout = "1s")]
fn work() -> u32 {
    7
}

fn main() {}
