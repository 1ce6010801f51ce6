//! State that shows what a tool is going to do with it, while the model still writes the call.

use super::argument::StringArgument;
use super::parts::Call;
use crate::error::Result;
use crate::run::RunContext;
use agui_types::CustomEvent;
use serde_json::{Value, json};

/// An argument of a tool that is shown as a member of the shared state.
#[derive(Debug, Clone)]
pub(super) struct Prediction {
    pub(super) tool: String,
    pub(super) argument: String,
    pub(super) key: String,
}

impl Prediction {
    /// What some front ends want to know before the call, to do the same by themselves.
    pub(super) fn announce<'p>(predictions: impl Iterator<Item = &'p Self>) -> CustomEvent {
        let entry = |Self { tool, argument, key }: &Self| json!({ "state_key": key, "tool": tool, "tool_argument": argument });
        CustomEvent::new("PredictState", predictions.map(entry).collect::<Value>())
    }
}

/// A prediction under way. Unless it is settled the state becomes again what it was: the call has come to nothing.
#[derive(Debug)]
pub(super) struct Predicting {
    pub(super) call: String,
    run: RunContext,
    prediction: Prediction,
    argument: StringArgument,
    text: String,
    /// How much of the text the state shows.
    shown: usize,
    /// What the state was before, and what it is now by our doing.
    before: Option<(Option<Value>, Value)>,
}

/// The state shows the text again when it has grown by one part in so many: each time all of it is sent.
const STEPS: usize = 32;

impl Predicting {
    pub(super) fn new(run: &RunContext, prediction: &Prediction, call: &str) -> Self {
        Self {
            call: call.to_owned(),
            run: run.clone(),
            prediction: prediction.clone(),
            argument: StringArgument::new(&*prediction.argument),
            text: String::new(),
            shown: 0,
            before: None,
        }
    }

    /// The model has written more of the arguments.
    pub(super) async fn push(&mut self, delta: &str) -> Result {
        self.argument.read(delta, &mut self.text);
        if self.text.len() - self.shown <= self.shown / STEPS {
            return Ok(());
        }
        self.shown = self.text.len();
        self.show(self.text.clone().into()).await
    }

    /// The arguments are complete: the state shows what they say, of whatever type.
    pub(super) async fn complete(&mut self, call: &Call) -> Result {
        let arguments = serde_json::from_str::<Value>(&call.arguments).ok();
        match arguments.as_ref().and_then(|arguments| arguments.get(&self.prediction.argument)) {
            Some(value) => self.show(value.clone()).await,
            None => Ok(()),
        }
    }

    /// What was predicted is so.
    pub(super) fn settle(mut self) {
        self.before = None;
    }

    async fn show(&mut self, value: Value) -> Result {
        match self.put(value).await {
            Err(error) if !error.is_closed() => {
                tracing::warn!(%error, "what a call will do to the state is not shown");
                Ok(())
            }
            result => result,
        }
    }

    async fn put(&mut self, value: Value) -> Result {
        let (before, sent) = self.run.put_state(&self.prediction.key, Some(value.clone())).await?;
        let former = self.before.take();
        let first = former.as_ref().map_or(before, |(first, _)| first.clone());
        // Before anything waits: what is on its way has to be taken back as well.
        self.before = Some((first, value));
        sent.passed().await.inspect_err(|_| self.before = former)
    }
}

impl Drop for Predicting {
    fn drop(&mut self) {
        if let Some((before, ours)) = self.before.take() {
            // If somebody else has written there since, that stands; if the run is over, nobody is told.
            let _ = self.run.restore_state(&self.prediction.key, ours, before);
        }
    }
}
