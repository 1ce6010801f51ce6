use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self, other: Self) -> bool {
        std::ptr::eq(self, &other)
    }
}

fn main() {}
