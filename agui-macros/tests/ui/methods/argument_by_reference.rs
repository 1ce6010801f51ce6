use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self, of: &str) -> usize {
        of.len()
    }
}

fn main() {}
