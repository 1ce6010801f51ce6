use agui::agui_tool;

struct Shop;

impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(of: String) -> usize {
        of.len()
    }
}

fn main() {}
