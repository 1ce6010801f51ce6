use agui::agui_tools;

struct Shop<T>(Vec<T>);

#[agui_tools]
impl<T: Send + Sync + 'static> Shop<T> {
    /// Buys.
    #[agui_tool]
    fn buy(&self, what: Vec<T>) -> usize {
        what.len() + self.0.len()
    }
}

fn main() {}
