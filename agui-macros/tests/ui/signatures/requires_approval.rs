use agui::agui_tool;

/// Deletes.
#[agui_tool(requires_approval)]
fn delete(path: String) -> String;

fn main() {}
