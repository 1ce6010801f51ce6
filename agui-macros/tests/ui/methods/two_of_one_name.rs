use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self) -> u8 {
        7
    }

    /// Counts differently.
    #[agui_tool(name = "count", arguments = CountDifferently)]
    fn count_differently(&self) -> u8 {
        8
    }
}

fn main() {}
