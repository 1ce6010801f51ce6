/// Asks the user.
#[agui::agui_tool(silent)]
pub fn ask_user(
    /// What to ask.
    question: String,
) -> Option<bool>;
