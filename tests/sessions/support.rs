//! Runs of agents with sessions.

use agui::session::{Owner, SessionStore, Thread};
use agui::{Agent, Event, Message, RunAgentInput, RunRequest, UserMessage};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) type Store = Arc<dyn SessionStore>;

/// One test for each kind of store.
macro_rules! with_every_store {
    ($($name:ident)+) => {
        mod memory {
            $(#[tokio::test]
            async fn $name() {
                super::$name(std::sync::Arc::new(agui::session::MemoryStore::new())).await;
            })+
        }
        #[cfg(feature = "sqlite")]
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let store = agui::session::SqliteStore::open(folder.path().join("sessions")).await.unwrap();
                super::$name(std::sync::Arc::new(store.clone())).await;
                store.close().await;
            })+
        }
    };
}
pub(crate) use with_every_store;

pub(crate) fn ada() -> Owner {
    Owner::user("ada")
}

pub(crate) fn user(id: &str, text: &str) -> Message {
    UserMessage::new(id, text).into()
}

pub(crate) fn input(run: &str, messages: Vec<Message>) -> RunAgentInput {
    RunAgentInput::new("thread", run, messages)
}

/// The events of a run of Ada's.
pub(crate) async fn events(agent: impl Agent, input: RunAgentInput) -> Vec<Event> {
    events_for(ada(), agent, input).await
}

pub(crate) async fn events_for(owner: Owner, agent: impl Agent, input: RunAgentInput) -> Vec<Event> {
    let chunks: Vec<_> = agui::run(agent, RunRequest::new(input).with(owner)).collect().await;
    let text = String::from_utf8(chunks.concat()).unwrap();
    let frames = text.split("\n\n").filter_map(|frame| frame.strip_prefix("data: "));
    frames.map(|json| serde_json::from_str(json).unwrap()).collect()
}

/// The code of the `RUN_ERROR` that the run ended with; nothing if it ended otherwise.
pub(crate) fn failure(events: &[Event]) -> Option<&str> {
    match events.last() {
        Some(Event::RunError(error)) => Some(error.code.as_deref().unwrap_or("no code")),
        Some(Event::RunFinished(_)) => None,
        other => panic!("the run ended with {other:?}"),
    }
}

pub(crate) async fn load(store: &Store) -> Thread {
    store.load(&ada(), "thread").await.unwrap().expect("the thread")
}

/// What was said, a line a message.
pub(crate) fn said(messages: &[Message]) -> Vec<String> {
    let line = |message: &Message| {
        let json = json!(message);
        let calls = json["toolCalls"].as_array().into_iter().flatten();
        let calls: String = calls.map(|call| format!(" [{}]", call["id"].as_str().unwrap())).collect();
        let content = match &json["content"] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        format!("{}: {content}{calls}", message.tag())
    };
    messages.iter().map(line).collect()
}
