//! A team: agents as tools of an agent, side by side, each with its own work shown. `cargo run --example subagents`

use agui::model::{LlmAgent, ModelRequest, Reply, ScriptedModel};
use agui::{Message, Result, ToolEntry, Tools, agui_tool, tools};

/// Looks flights up.
#[agui_tool]
fn search_flights(to: String) -> String {
    format!("9:40 and 17:15 to {to}")
}

/// Whoever uses the team talks to this one. What the others say and do is attributed to them; what they say last is
/// what it learns.
fn team() -> Result<LlmAgent<ScriptedModel>> {
    let flights = LlmAgent::new(ScriptedModel::answering(flights)).tools(tools![SearchFlights]?);
    let hotels = LlmAgent::new(ScriptedModel::answering(|_| Reply::text("Casa do Alecrim, 90 €.")));
    let members = Tools::of([
        ToolEntry::agent("flights", "Finds flights.", flights),
        ToolEntry::agent("hotels", "Finds rooms.", hotels),
    ])?;
    Ok(LlmAgent::new(ScriptedModel::answering(leader)).instructions("Plan journeys.").tools(members))
}

/// In place of a real model: it asks both, in one turn.
fn leader(request: &ModelRequest) -> Reply {
    let task = [r#"{"task":"Lisbon, on Friday"}"#];
    match request.messages.last() {
        Some(Message::Tool(_)) => Reply::text("Fly at 9:40 and stay at Casa do Alecrim."),
        _ => Reply::text("Let me ask. ").and_raw_call("flights", task).and_raw_call("hotels", task),
    }
}

/// In place of another one.
fn flights(request: &ModelRequest) -> Reply {
    match request.messages.last() {
        Some(Message::Tool(_)) => Reply::text("The best is at 9:40."),
        _ => Reply::call(&SearchFlights { to: "Lisbon".into() }),
    }
}

#[tokio::main]
async fn main() -> Result {
    agui::serve("127.0.0.1:9001", team()?).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui::Event;
    use agui::testing::{ask, record};

    #[tokio::test]
    async fn the_leader_learns_what_the_members_found() {
        let recording = record(team().unwrap(), ask("Lisbon on Friday!")).await;
        let calls = recording.tool_calls();
        let result = |name: &str| calls.iter().find(|call| call.name == name).unwrap().result_text();
        assert_eq!(result("flights"), "The best is at 9:40.");
        assert_eq!(result("hotels"), "Casa do Alecrim, 90 €.");

        let members = recording.events().iter().filter_map(|event| match event {
            Event::SubagentStarted(started) => Some(&*started.name),
            _ => None,
        });
        assert_eq!(members.collect::<Vec<_>>(), ["flights", "hotels"]);
    }
}
