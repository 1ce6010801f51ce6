use agui::agui_tools;

struct Shop;

#[agui_tools(name = "shop")]
impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self) -> u8 {
        7
    }
}

fn main() {}
