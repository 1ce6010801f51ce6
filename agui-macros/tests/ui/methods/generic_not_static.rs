use agui::agui_tools;

struct Shop<T>(T);

#[agui_tools]
impl<T: ToString> Shop<T> {
    /// Counts.
    #[agui_tool]
    fn count(&self) -> String {
        self.0.to_string()
    }
}

fn main() {
    let words = "a few".to_owned();
    let _ = agui::Tools::methods(Shop(&*words));
}
