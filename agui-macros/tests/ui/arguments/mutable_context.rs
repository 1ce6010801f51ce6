use agui::{ToolContext, agui_tool};

/// Counts.
#[agui_tool]
async fn count(context: &mut ToolContext) -> usize {
    context.run_id().len()
}

fn main() {}
