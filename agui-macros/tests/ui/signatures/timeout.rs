use agui::agui_tool;

/// Asks the user.
#[agui_tool(timeout = "5s")]
fn ask(question: String) -> String;

fn main() {}
