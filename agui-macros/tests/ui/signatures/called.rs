use agui::agui_tool;

/// Asks the user.
#[agui_tool]
fn ask(question: String) -> String;

fn main() {
    let _ = ask("why?".into());
}
