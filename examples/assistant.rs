//! A backend tool, a frontend tool, a custom event and shared state in 25 lines. `cargo run --example assistant`

use agui::model::{LlmAgent, Reply, ScriptedModel};
use agui::{CustomEvent, Result, ToolContext, agui_tool, tools};
#[derive(Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
struct Notes {
    lines: Vec<String>,
}
#[derive(serde::Serialize, CustomEvent)]
struct Saved(usize);
/// Writes a line down.
#[agui_tool]
async fn write_down(line: String, context: ToolContext) -> Result {
    context.modify_state(|notes: &mut Notes| notes.lines.push(line)).await?;
    context.custom(&Saved(context.state::<Notes>()?.lines.len())).await
}
/// Shows a line in large letters.
#[agui_tool]
fn show_line(line: String) -> String;
fn agent() -> Result<LlmAgent<ScriptedModel>> {
    let model = ScriptedModel::new([Reply::call(&WriteDown { line: "Milk".into() }), Reply::text("Done.")]);
    Ok(LlmAgent::new(model).tools(tools![WriteDown, ShowLine]?))
}
#[tokio::main]
async fn main() -> Result {
    agui::serve("127.0.0.1:9001", agent()?).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui::testing::{ask, record};

    #[tokio::test]
    async fn a_line_is_in_the_state_and_the_page_is_told() {
        let recording = record(agent().unwrap(), ask("Milk!")).await;
        assert_eq!(recording.state::<Notes>().lines, ["Milk"]);
        assert_eq!(recording.tool_calls()[0].result_text(), "");
        assert!(recording.events().iter().any(|event| event.name() == Some("Saved")));
    }
}
