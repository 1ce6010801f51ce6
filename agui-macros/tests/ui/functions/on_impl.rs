use agui::agui_tool;

struct Shop;

/// A shop.
#[agui_tool]
impl Shop {
    /// Counts.
    fn count(&self) -> u8 {
        7
    }
}

fn main() {}
