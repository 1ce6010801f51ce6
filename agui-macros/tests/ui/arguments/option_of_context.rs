use agui::{ToolContext, agui_tool};

/// Counts.
#[agui_tool]
async fn count(context: Option<ToolContext>) -> bool {
    context.is_some()
}

fn main() {}
