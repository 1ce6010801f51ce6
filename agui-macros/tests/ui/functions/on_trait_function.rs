use agui::agui_tool;

trait Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self) -> u8;
}

fn main() {}
