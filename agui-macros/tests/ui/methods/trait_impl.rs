use agui::agui_tools;

struct Shop;

trait Counts {
    fn count(&self) -> u8;
}

#[agui_tools]
impl Counts for Shop {
    /// Counts.
    #[agui_tool]
    fn count(&self) -> u8 {
        7
    }
}

fn main() {}
