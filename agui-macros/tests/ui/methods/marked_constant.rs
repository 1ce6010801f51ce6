use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Seven.
    #[agui_tool]
    const SEVEN: u8 = 7;
}

fn main() {}
