use agui::{agui_tools, tools};

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self) -> u8 {
        7
    }
}

fn main() {
    let _ = tools![Count];
}
