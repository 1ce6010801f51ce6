use agui::{Tools, agui_tools};

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool]
    fn count(&mut self) -> u8 {
        7
    }

    /// Counts.
    #[agui_tool]
    fn recount(&self, of: u8) -> u8 {
        of
    }
}

fn main() {
    let _ = Tools::methods(Shop);
    let _ = Recount { of: 7 };
}
