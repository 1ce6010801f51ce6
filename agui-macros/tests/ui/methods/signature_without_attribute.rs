use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Asks the user.
    #[agui_tool]
    fn ask(question: String) -> String {
        question
    }

    fn other(&self) -> String;
}

fn main() {}
