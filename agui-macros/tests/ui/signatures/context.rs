use agui::{ToolContext, agui_tool};

/// Asks the user.
#[agui_tool]
fn ask(question: String, context: &ToolContext) -> String;

fn main() {}
