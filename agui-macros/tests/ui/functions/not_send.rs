use agui::agui_tool;

use std::rc::Rc;

async fn wait() {}

/// Counts.
#[agui_tool]
async fn count(value: String) -> usize {
    let value = Rc::new(value);
    wait().await;
    value.len()
}

fn main() {}
