//! Models that fail: what is asked again, and what the client learns.

use super::{agent, code, kyiv, with_messages};
use crate::support::log::Log;
use agui::model::{
    History, LlmAgent, ModelError, ModelErrorKind, ModelRequest, ModelStream, Reply, ScriptedModel,
};
use agui::testing::{ask, record};
use agui::{AssistantMessage, Message, UserMessage};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

fn busy(retry_after: Option<u64>) -> Reply {
    Reply::error(ModelErrorKind::Unavailable { retry_after: retry_after.map(Duration::from_secs) })
}

#[tokio::test(start_paused = true)]
async fn a_model_that_is_not_available_is_asked_again() {
    let start = Instant::now();
    let (model, patient) =
        agent([busy(None), busy(None), Reply::call(&kyiv()), busy(Some(30)), Reply::text("ok")]);
    let recording = record(patient, ask("?")).await;
    assert!(recording.is_success(), "{recording:?}");
    assert_eq!(recording.text(), "ok");
    assert_eq!(model.requests().len(), 5);
    // One second, two, and what the provider asked for.
    let waited = start.elapsed().as_secs();
    assert!((33..40).contains(&waited), "{waited} s");
}

#[tokio::test(start_paused = true)]
async fn asking_again_has_an_end() {
    let (model, tired) = agent([busy(None), busy(None), busy(None), Reply::text("too late")]);
    let recording = record(tired, ask("?")).await;
    assert_eq!(code(&recording), Some("model_unavailable"));
    assert_eq!(model.requests().len(), 3);
    // Nobody waits for an hour.
    let (model, patient) = agent([busy(Some(3600)), Reply::text("too late")]);
    assert_eq!(code(&record(patient, ask("?")).await), Some("model_unavailable"));
    assert_eq!(model.requests().len(), 1);
    let (model, hasty) = agent([busy(None), Reply::text("too late")]);
    assert_eq!(code(&record(hasty.retries(0), ask("?")).await), Some("model_unavailable"));
    assert_eq!(model.requests().len(), 1);
}

/// RUN-27: what was said stays said, so it is not said again.
#[tokio::test]
async fn after_something_was_said_a_failure_ends_the_run() {
    let kind = ModelErrorKind::Unavailable { retry_after: None };
    for reply in [
        Reply::text("Let me").and_error(kind),
        Reply::reasoning("Hm").and_error(kind),
        Reply::call(&kyiv()).and_error(kind),
    ] {
        let (model, agent) = agent([reply, Reply::text("again")]);
        let recording = record(agent, ask("?")).await;
        assert_eq!(code(&recording), Some("model_unavailable"), "{recording:?}");
        assert_eq!(model.requests().len(), 1);
        assert!(recording.events().len() > 3, "{recording:?}");
    }
}

/// RUN-28: what the provider said is for the log.
#[tokio::test]
async fn clients_learn_what_kind_of_failure_it_was_and_no_more() {
    struct Secretive(ModelErrorKind);
    impl agui::model::Model for Secretive {
        fn respond(&self, _: ModelRequest) -> ModelStream {
            let error = ModelError::new(self.0, agui::Error::new("key sk-123 of org-9"));
            Box::pin(futures_util::stream::iter([Err(error)]))
        }
    }
    for (kind, code, message) in [
        (ModelErrorKind::Refused, "model_refused", "The model does not answer this."),
        (ModelErrorKind::TooLong, "context_too_long", "The conversation is too long for the model."),
        (ModelErrorKind::Other, "internal_error", "The agent failed."),
    ] {
        let (log, _guard) = Log::collect();
        let recording = record(LlmAgent::new(Secretive(kind)), ask("?")).await;
        let error = recording.error().unwrap();
        assert_eq!((error.code.as_deref(), &*error.message), (Some(code), message));
        assert!(log.everything().contains("sk-123"), "{}", log.everything());
    }
}

fn conversation() -> Vec<Message> {
    let user = |id: &str| Message::from(UserMessage::new(id, "?"));
    let says = |id: &str| Message::from(AssistantMessage::new(id).content("!"));
    vec![user("u1"), says("a1"), user("u2"), says("a2"), user("u3"), says("a3"), user("u4")]
}

/// A model that takes so many messages.
fn narrow(room: usize) -> Arc<ScriptedModel> {
    Arc::new(ScriptedModel::answering(move |request| match request.messages.len() > room {
        true => Reply::error(ModelErrorKind::TooLong),
        false => Reply::text("ok"),
    }))
}

#[tokio::test]
async fn a_conversation_that_is_too_long_is_refused_or_cut_at_whole_turns() {
    let ids = |model: &ScriptedModel| -> Vec<Vec<String>> {
        let ids =
            |request: &ModelRequest| request.messages.iter().map(|message| message.id().to_owned()).collect();
        model.requests().iter().map(ids).collect()
    };
    let model = narrow(3);
    let recording = record(LlmAgent::new(Arc::clone(&model)), with_messages(conversation())).await;
    assert_eq!(code(&recording), Some("context_too_long"));
    assert_eq!(ids(&model).len(), 1);

    let model = narrow(2);
    let agent = LlmAgent::new(Arc::clone(&model)).history(History::Newer);
    let recording = record(agent, with_messages(conversation())).await;
    assert_eq!(recording.text(), "ok");
    assert_eq!(ids(&model)[1..], [vec!["u3", "a3", "u4"], vec!["u4"]]);

    // What does not fit by itself is refused all the same.
    let model = narrow(0);
    let agent = LlmAgent::new(Arc::clone(&model)).history(History::Newer);
    assert_eq!(code(&record(agent, with_messages(conversation())).await), Some("context_too_long"));

    let model = narrow(9);
    let agent = LlmAgent::new(Arc::clone(&model)).history(History::Last(2));
    record(agent, with_messages(conversation())).await;
    assert_eq!(ids(&model), [["u3", "a3", "u4"]]);
}
