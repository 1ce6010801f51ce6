//! A backend tool, a frontend tool, a custom event and shared state in 25 lines. `cargo run --example assistant`

use agui::model::{LlmAgent, Reply, ScriptedModel};
use agui::{CustomEvent, Result, ToolContext, agui_tool, tools};
#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Notes {
    lines: Vec<String>,
}
#[derive(serde::Serialize, CustomEvent)]
struct Saved(usize);
/// Writes a line down.
#[agui_tool]
async fn write_down(line: String, context: ToolContext) -> Result {
    let mut notes: Notes = context.state().unwrap_or_default();
    notes.lines.push(line);
    context.set_state(&notes).await?;
    context.custom(&Saved(notes.lines.len())).await
}
/// Shows a line in large letters.
#[agui_tool]
fn show_line(line: String) -> String;
#[tokio::main]
async fn main() -> Result {
    let model = ScriptedModel::new([Reply::call(&WriteDown { line: "Milk".into() }), Reply::text("Done.")]);
    agui::serve("127.0.0.1:9001", LlmAgent::new(model).tools(tools![WriteDown, ShowLine]?)).await
}
