use agui::agui_tool;

/// Asks the user.
#[agui_tool]
async fn ask(question: String) -> String;

fn main() {}
