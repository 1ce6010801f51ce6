use agui::agui_tool;

/// Asks the user.
#[agui_tool]
fn ask(question: String) -> Result<String, String>;

fn main() {}
