use agui::agui_tools;

struct Shop;

#[agui_tools]
impl Shop {
    /// Counts.
    #[agui_tool]
    async fn count(&self) -> usize {
        let value = std::rc::Rc::new(7);
        std::future::ready(()).await;
        *value
    }
}

fn main() {}
