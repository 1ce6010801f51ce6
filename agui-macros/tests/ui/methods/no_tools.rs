use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    fn count(&self) -> u8 {
        7
    }
}

fn main() {}
