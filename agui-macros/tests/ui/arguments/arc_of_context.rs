use agui::{ToolContext, agui_tool};

/// Counts.
#[agui_tool]
async fn count(context: std::sync::Arc<ToolContext>) -> String {
    context.run_id().to_owned()
}

fn main() {}
