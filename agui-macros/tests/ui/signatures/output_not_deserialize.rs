use agui::agui_tool;

#[derive(serde::Serialize)]
struct Answer {
    text: String,
}

/// Asks the user.
#[agui_tool]
fn ask(question: String) -> Answer;

fn main() {}
