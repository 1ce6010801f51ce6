//! A call that the model is writing, and what the client sees of it.

use super::argument::StringArgument;
use super::parts::Call;
use super::predict::{Predicting, Prediction};
use super::think::THOUGHT;
use crate::error::Result;
use crate::run::{Reasoning, RunContext, ToolCallWriter};
use crate::tool::{ToolEntry, Tools};

/// What becomes of the calls of an agent's tools while they are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watched<'a> {
    pub(super) tools: &'a Tools,
    pub(super) predictions: &'a [Prediction],
}

/// A call that is not complete.
#[derive(Debug)]
pub(super) struct Open {
    shown: Shown,
    predicting: Vec<Predicting>,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly all are the large one")]
enum Shown {
    Call(ToolCallWriter),
    Thought(Box<(Reasoning, StringArgument)>),
}

impl<'a> Watched<'a> {
    /// Calls that are shown as they are.
    #[cfg(feature = "rig")]
    pub(crate) fn nothing(tools: &'a Tools) -> Self {
        Self { tools, predictions: &[] }
    }

    /// Whether the client sees calls of this tool as reasoning.
    pub(super) fn is_thought(self, tool: &str) -> bool {
        self.tools.get(tool).is_some_and(ToolEntry::is_thought)
    }

    pub(super) async fn open(self, run: &RunContext, id: &str, tool: &str, parent: &str) -> Result<Open> {
        if self.is_thought(tool) {
            let thought = Box::new((run.start_reasoning().await?, StringArgument::new(THOUGHT)));
            return Ok(Open { shown: Shown::Thought(thought), predicting: Vec::new() });
        }
        let predictions = self.predictions.iter().filter(|prediction| prediction.tool == tool);
        let predicting: Vec<_> =
            predictions.clone().map(|prediction| Predicting::new(run, prediction, id)).collect();
        if !predicting.is_empty() {
            run.emit(Prediction::announce(predictions)).await?;
        }
        let shown = Shown::Call(run.start_tool_call(id, tool, Some(parent)).await?);
        Ok(Open { shown, predicting })
    }
}

impl Open {
    pub(super) async fn push(&mut self, delta: String) -> Result {
        for predicting in &mut self.predicting {
            predicting.push(&delta).await?;
        }
        match &mut self.shown {
            Shown::Call(writer) => writer.push(delta).await,
            Shown::Thought(shown) => {
                let (reasoning, argument) = &mut **shown;
                let mut thought = String::new();
                argument.read(&delta, &mut thought);
                if thought.is_empty() { Ok(()) } else { reasoning.push(thought).await }
            }
        }
    }

    /// The call is complete. What was predicted of it is not settled before it is answered.
    pub(super) async fn finish(mut self, call: &Call) -> Result<Vec<Predicting>> {
        for predicting in &mut self.predicting {
            predicting.complete(call).await?;
        }
        match self.shown {
            Shown::Call(writer) => writer.finish().await?,
            Shown::Thought(thought) => thought.0.finish().await?,
        }
        Ok(self.predicting)
    }
}
