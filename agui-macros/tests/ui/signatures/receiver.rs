use agui::agui_tool;

/// Asks the user.
#[agui_tool]
fn ask(&self, question: String) -> String;

fn main() {}
