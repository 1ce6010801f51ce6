use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool]
    fn count<T: ToString>(&self, value: T) -> usize {
        value.to_string().len()
    }
}

fn main() {}
