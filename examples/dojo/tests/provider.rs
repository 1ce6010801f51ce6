//! Each page with the model of a provider: `@copilotkit/aimock`, which answers as OpenAI's chat completions do. Without
//! Node and npm this is skipped.

use super::peers::Peer;
use super::{agent_of, calls, names, page, pending};
use crate::AnyModel;
use agui::rig::RigModel;
use agui::rig::core::providers::openai::OpenAIConfig;
use agui::testing::{Recording, record};
use agui::{Event, RunFinishedOutcome, RunRequest};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::Arc;

struct Provider {
    child: Child,
    model: AnyModel,
}

impl Provider {
    fn start() -> Option<Self> {
        let mut child = Peer::node("the Dojo with a provider")?.spawn("dojo.mjs", &[]);
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let openai = OpenAIConfig::new("a key").with_base_url(format!("{}/v1", url.trim()));
        Some(Self { child, model: Arc::new(RigModel::new(openai.client().chat("gpt-5.2"))) })
    }

    async fn run(&self, feature: &str, request: impl Into<RunRequest>) -> Recording {
        let recording = record(agent_of(feature, &self.model), request.into()).await;
        assert!(recording.error().is_none(), "{feature}: {recording:?}");
        recording
    }

    /// What a page's question and the page's answer to the calls that are left to it come to: which calls, and which
    /// text.
    async fn calls(&self, feature: &str, tools: &[&str], answer: Option<Value>) -> (Vec<String>, String) {
        let first = self.run(feature, page("Go on!", tools)).await;
        let called = names(&first);
        let Some(answer) = answer else {
            assert_eq!(pending(&first), 0, "{feature}");
            return (called, first.text());
        };
        assert_eq!(pending(&first), 1, "{feature}: {first:?}");
        let second = self.run(feature, first.answer(answer).unwrap()).await;
        assert_eq!((names(&second).len(), pending(&second)), (0, 0), "{feature}");
        (called, second.text())
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn each_page_works_with_the_model_of_a_provider() {
    let Some(provider) = Provider::start() else { return };
    let success = || Some(json!({ "status": "success" }));
    let write = ["write_document", "confirm_changes"];
    for (feature, tools, answer, called, said) in [
        (
            "agentic_chat",
            &["change_background"][..],
            success(),
            &["current_time", "change_background"][..],
            "It is late, and red.",
        ),
        ("backend_tool_rendering", &[], None, &["get_weather"], "Mild."),
        (
            "human_in_the_loop",
            &["generate_task_steps"],
            Some(json!({ "accepted": true })),
            &["generate_task_steps"],
            "Confirmed.",
        ),
        (
            "human_in_the_loop",
            &["generate_task_steps"],
            Some(json!({ "accepted": false })),
            &["generate_task_steps"],
            "What then?",
        ),
        (
            "agentic_generative_ui",
            &[],
            None,
            &["create_plan", "update_plan_step", "update_plan_step"],
            "Built.",
        ),
        ("tool_based_generative_ui", &["generate_haiku"], success(), &["generate_haiku"], "There."),
        ("shared_state", &[], None, &["display_recipe"], "Better."),
        (
            "predictive_state_updates",
            &write,
            success(),
            &["document_predict_state", "write_document"],
            "Kept.",
        ),
        (
            "predictive_state_updates",
            &["confirm_changes"],
            success(),
            &["write_document_local", "confirm_changes"],
            "Kept.",
        ),
    ] {
        let came = provider.calls(feature, tools, answer).await;
        assert_eq!(
            (came.0.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), &*came.1),
            (called, said),
            "{feature}"
        );
    }
}

#[tokio::test]
async fn thoughts_pictures_teams_and_approvals_come_from_a_provider_as_well() {
    let Some(provider) = Provider::start() else { return };
    let thinking = provider.run("agentic_chat_reasoning", page("Which car?", &[])).await;
    assert!(
        thinking.events().iter().any(|event| matches!(event, Event::ReasoningMessageContent(_))),
        "{thinking:?}"
    );
    assert_eq!(thinking.text(), "A Volvo.");

    let mut picture = page("", &[]);
    picture.input_mut().messages =
        serde_json::from_value(json!([{ "id": "message-1", "role": "user", "content": [
        { "type": "text", "text": "What is this?" },
        { "type": "image", "source": { "type": "data", "value": "iVBORw0KGgo=", "mimeType": "image/png" } },
    ] }]))
        .unwrap();
    assert_eq!(provider.run("agentic_chat_multimodal", picture).await.text(), "A cat.");

    let travel = provider.run("subgraphs", page("Go!", &[])).await;
    let started = travel.events().iter().filter(|event| matches!(event, Event::SubagentStarted(_))).count();
    assert_eq!((started, calls(&travel).len()), (3, 6), "{travel:?}");
    assert_eq!(travel.state::<Value>()["hotels"].as_array().unwrap().len(), 3);
    assert!(travel.text().ends_with("Go."), "{}", travel.text());

    for (approved, said) in [(true, "Done."), (false, "Not done.")] {
        let agent = agent_of("interrupt", &provider.model);
        let first = record(agent.clone(), page("Go!", &[])).await;
        let Some(RunFinishedOutcome::Interrupt(outcome)) = first.outcome() else { panic!("{first:?}") };
        let mut request = first.answer(()).unwrap();
        request.input_mut().resume = serde_json::from_value(json!([
            { "interruptId": outcome.interrupts[0].id, "status": "resolved", "payload": { "approved": approved } },
        ]))
        .unwrap();
        assert_eq!(record(agent, request).await.text(), said);
    }
}
