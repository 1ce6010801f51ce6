use agui::{agui_tool, tools};

/// Adds.
#[agui_tool]
fn add(a: i64) -> i64 {
    a
}

/// Adds differently.
#[agui_tool(name = "add")]
fn plus(a: i64) -> i64 {
    a
}

fn main() {
    let _ = tools![Add, Plus];
}
