use agui::{ToolSpec, agui_tool, tools};

/// Adds.
#[agui_tool(timeout = "soon")]
fn add(a: i64) -> i64 {
    a
}

fn main() {
    let _ = tools![Add];
    let _ = Add { a: 7 };
    let _ = Add::definition();
    let _ = add(7);
}
