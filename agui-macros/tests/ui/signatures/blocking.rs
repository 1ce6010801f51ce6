use agui::agui_tool;

/// Asks the user.
#[agui_tool(blocking)]
fn ask(question: String) -> String;

fn main() {}
