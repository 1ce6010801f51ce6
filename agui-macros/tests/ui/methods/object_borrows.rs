use agui::agui_tools;

struct Shop<'a>(&'a str);

#[agui_tools]
impl<'a> Shop<'a> {
    /// Its name.
    #[agui_tool]
    fn shop_name(&self) -> String {
        self.0.to_string()
    }
}

fn main() {}
