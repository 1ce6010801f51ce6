use agui::agui_tools;

use std::rc::Rc;

struct Shop(Rc<str>);

#[agui_tools]
impl Shop {
    /// Its name.
    #[agui_tool]
    fn shop_name(&self) -> String {
        self.0.to_string()
    }
}

fn main() {}
