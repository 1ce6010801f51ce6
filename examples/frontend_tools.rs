//! A function that the model calls and the browser runs. `cargo run --example frontend_tools`

use agui::model::{LlmAgent, ModelRequest, Reply, ScriptedModel};
use agui::{Message, Result, agui_tool, tool, tools};

/// Generates a haiku and displays it on the page.
#[agui_tool(silent)]
fn generate_haiku(
    /// What the haiku is about.
    topic: String,
) -> String;

fn agent() -> Result<LlmAgent<ScriptedModel>> {
    let model = ScriptedModel::answering(script);
    Ok(LlmAgent::new(model).instructions("You are a poet.").tools(tools![GenerateHaiku]?))
}

/// In place of a real model: it calls the page's function. The run ends there; the next one begins with what
/// the page answered.
fn script(request: &ModelRequest) -> Reply {
    match request.messages.last() {
        Some(Message::Tool(_)) => {
            let haiku = tool::results::<GenerateHaiku>(&request.messages).pop();
            match haiku.and_then(Result::ok).map(|haiku| haiku.output) {
                Some(Ok(haiku)) => Reply::text(format!("The page shows: {haiku}")),
                _ => Reply::text("The page shows nothing."),
            }
        }
        _ => Reply::call(&GenerateHaiku { topic: "rain".into() }),
    }
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
    async fn the_run_ends_with_the_call_and_the_next_one_begins_with_its_result() {
        let first = record(agent().unwrap(), ask("A haiku!")).await;
        assert_eq!(first.pending::<GenerateHaiku>(), [GenerateHaiku { topic: "rain".into() }]);

        let second = record(agent().unwrap(), first.answer("A cloud lets go").unwrap()).await;
        assert_eq!(second.text(), "The page shows: A cloud lets go");
    }
}
