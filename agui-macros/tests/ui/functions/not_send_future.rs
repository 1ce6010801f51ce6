use agui::agui_tool;

use std::rc::Rc;

/// Counts.
#[agui_tool]
fn count(value: String) -> impl Future<Output = usize> {
    let value = Rc::new(value);
    async move {
        std::future::ready(()).await;
        value.len()
    }
}

fn main() {}
