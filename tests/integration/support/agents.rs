//! What the agents of several tests have in common.

use agui::{RunAgentInput, UserMessage};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;

/// How long something may take that has to happen. A test that waits so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for something that has to happen.
pub(crate) async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(output) => output,
        Err(_) => panic!("waited in vain: {what}"),
    }
}

/// The input of run `run-1` on thread `thread-1`, in which the user says hello.
pub(crate) fn input() -> RunAgentInput {
    RunAgentInput::new("thread-1", "run-1", vec![UserMessage::new("message-1", "Hello!").into()])
}

/// The JSON of an input like that, of the run with that id, from a client of today.
pub(crate) fn input_of(run_id: &str) -> String {
    let mut input = input().protocol_version("1.0");
    input.run_id = run_id.to_owned();
    serde_json::to_string(&input).unwrap()
}

/// A number that a test and its agent look at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter(Arc<AtomicUsize>);

impl Counter {
    pub(crate) fn increment(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Says when it is dropped.
#[derive(Debug)]
pub(crate) struct DropSignal(Option<oneshot::Sender<()>>);

impl DropSignal {
    pub(crate) fn new() -> (Self, oneshot::Receiver<()>) {
        let (sender, receiver) = oneshot::channel();
        (Self(Some(sender)), receiver)
    }
}

impl Drop for DropSignal {
    fn drop(&mut self) {
        if let Some(sender) = self.0.take() {
            let _ = sender.send(());
        }
    }
}
