use agui::agui_tool;

struct Shop;

impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self) -> u8 {
        7
    }
}

fn main() {}
