//! RUN-30: a limit ends a run as cancelled, with everything closed (RUN-31).

use super::{agent, is_cancelled, kyiv};
use agui::model::{LlmAgent, ModelEvent, Reply, ScriptedModel};
use agui::testing::{ask, record};
use agui::{Event, TokenUsage, agui_tool, tools};
use std::time::Duration;

fn spent(tokens: u64) -> TokenUsage {
    TokenUsage::new().model("m").input_tokens(tokens).output_tokens(0u64)
}

/// RUN-30, RUN-33
#[tokio::test]
async fn the_tokens_of_a_run_are_limited() {
    let turn = || Reply::call(&kyiv()).and_usage(spent(60));
    let (model, limited) = agent([turn(), turn(), turn()]);
    let recording = record(limited.max_run_tokens(100), ask("?")).await;
    assert!(is_cancelled(&recording), "{recording:?}");
    assert_eq!(recording.tool_calls().len(), 2);
    assert_eq!(model.requests().len(), 2);
    assert_eq!(recording.result(), None);
    let Some(Event::RunFinished(finished)) = recording.events().last() else { panic!("{recording:?}") };
    assert_eq!(finished.usage.as_ref().unwrap()[0].total_tokens, Some(120));
    // Whoever is done is done, whatever it took.
    let (_, done) = agent([Reply::text("ok").and_usage(spent(500))]);
    assert!(record(done.max_run_tokens(100), ask("?")).await.is_success());
}

/// RUN-30, RUN-31
#[tokio::test(start_paused = true)]
async fn the_time_of_a_run_is_limited() {
    let reply = Reply::reasoning("Hm").and_text("Let me ").and_wait(Duration::from_secs(90)).and_text("see.");
    let (_, slow) = agent([reply]);
    let recording = record(slow.max_time(Duration::from_secs(60)), ask("?")).await;
    assert!(is_cancelled(&recording), "{recording:?}");
    assert_eq!(recording.text(), "Let me ");

    /// Sleeps.
    #[agui_tool]
    async fn sleep() {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    let model = ScriptedModel::new([Reply::call(&Sleep {})]);
    let agent = LlmAgent::new(model).tools(tools![Sleep].unwrap()).max_time(Duration::from_secs(60));
    let recording = record(agent, ask("?")).await;
    assert!(is_cancelled(&recording) && recording.tool_calls()[0].result.is_none(), "{recording:?}");
}

/// RUN-30, TOOL-25: an answer that its limit cut off is no success, and half a call is not run; nobody else has to answer
/// it.
#[tokio::test]
async fn the_length_of_an_answer_is_limited() {
    let (model, cut) = agent([Reply::text("Once upon").and_event(ModelEvent::CutOff)]);
    let recording = record(cut.max_tokens(3).temperature(0.5), ask("?")).await;
    assert!(is_cancelled(&recording), "{recording:?}");
    assert_eq!(recording.text(), "Once upon");
    let settings = &model.requests()[0].settings;
    assert_eq!((settings.max_tokens, settings.temperature), (Some(3), Some(0.5)));
    let half = Reply::default().and_raw_call("get_weather", [r#"{"city":"Ky"#]).and_event(ModelEvent::CutOff);
    let recording = record(agent([half]).1, ask("?")).await;
    assert!(is_cancelled(&recording), "{recording:?}");
    assert_eq!(recording.tool_calls()[0].result_text(), "The call was cut off and did not run.");
}
