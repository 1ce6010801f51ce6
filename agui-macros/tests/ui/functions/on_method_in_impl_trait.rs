use agui::agui_tool;

struct Shop;

impl Clone for Shop {
    /// Clones.
    #[agui_tool]
    fn clone(&self) -> Self {
        Shop
    }
}

fn main() {}
