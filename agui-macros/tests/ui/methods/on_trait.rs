use agui::agui_tools;

#[agui_tools]
trait Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self) -> u8 {
        7
    }
}

fn main() {}
