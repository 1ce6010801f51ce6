//! A tool that runs once a person has agreed. `cargo run --example human_in_the_loop`

use agui::model::{Approvals, LlmAgent, ModelRequest, Reply, ScriptedModel};
use agui::{Message, Result, agui_tool, tools};
use std::time::Duration;

/// Sends an email.
#[agui_tool(requires_approval)]
async fn send_email(
    /// The address.
    to: String,
    text: String,
) -> String {
    format!("sent to {to}: {text}")
}

fn agent() -> Result<LlmAgent<ScriptedModel>> {
    // With a key of the deployment every server of it, and a restarted one, can take the answer. The questions are
    // signed: nobody but the agent can ask them, and each is answered once.
    let approvals = Approvals::new().key(b"from your secrets").valid_for(Duration::from_secs(600));
    Ok(LlmAgent::new(ScriptedModel::answering(script)).tools(tools![SendEmail]?).approvals(approvals))
}

/// In place of a real model. The run ends with the question; the next one brings what was decided: yes, yes with other
/// arguments, or no. Then the tool has run or not, and the model goes on with its result.
fn script(request: &ModelRequest) -> Reply {
    match request.messages.last() {
        Some(Message::Tool(result)) if result.error.is_some() => Reply::text("Then I leave it."),
        Some(Message::Tool(_)) => Reply::text("It is on its way."),
        _ => Reply::call(&SendEmail { to: "ada@example.com".into(), text: "See you at noon.".into() }),
    }
}

#[tokio::main]
async fn main() -> Result {
    agui::serve("127.0.0.1:9001", agent()?).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui::Event;
    use agui::testing::{Recording, ask, record};
    use serde_json::{Value, json};

    async fn answered(answer: Value) -> (Vec<String>, Recording) {
        let asked = record(agent().unwrap(), ask("Tell Ada.")).await;
        assert_eq!(asked.interrupts().len(), 1);
        let recording = record(agent().unwrap(), asked.resume(answer).unwrap()).await;
        let results = recording.events().iter().filter_map(|event| match event {
            Event::ToolCallResult(result) => {
                serde_json::to_value(&result.content).ok()?.as_str().map(String::from)
            }
            _ => None,
        });
        (results.collect(), recording)
    }

    #[tokio::test]
    async fn the_email_is_sent_as_it_was_approved() {
        let (results, recording) = answered(json!({ "approved": true })).await;
        assert_eq!(results, ["sent to ada@example.com: See you at noon."]);
        assert_eq!(recording.text(), "It is on its way.");

        let edited = json!({ "to": "ada@example.com", "text": "See you at one." });
        let (results, _) = answered(json!({ "approved": true, "editedArgs": edited })).await;
        assert_eq!(results, ["sent to ada@example.com: See you at one."]);
    }

    #[tokio::test]
    async fn nothing_is_sent_that_was_denied() {
        let (results, recording) = answered(json!({ "approved": false, "reason": "not now" })).await;
        assert_eq!(results, ["The user denied this call: not now"]);
        assert_eq!(recording.text(), "Then I leave it.");
    }
}
