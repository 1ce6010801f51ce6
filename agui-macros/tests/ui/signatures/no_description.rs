use agui::agui_tool;

#[agui_tool]
fn ask(question: String) -> String;

fn main() {}
