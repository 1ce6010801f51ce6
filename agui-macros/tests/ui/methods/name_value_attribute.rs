use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool = "count"]
    fn count(&self) -> u8 {
        7
    }
}

fn main() {}
