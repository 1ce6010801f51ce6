use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self, other: Self) -> u8 {
        7
    }
}

fn main() {}
