use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(&mut self) -> u8 {
        7
    }
}

fn main() {}
