use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    #[agui_tool]
    fn count(&self) -> u8 {
        7
    }
}

fn main() {}
