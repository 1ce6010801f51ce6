use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool(nmae = "number")]
    fn count(&self) -> u8 {
        7
    }
}

fn main() {}
