//! The loop between a model and its tools.

use super::agent::Instructions;
use super::calls::Answers;
use super::history::Told;
use super::offered::Offered;
use super::open::Watched;
use super::turn::{Failed, Turn};
use super::{LlmAgent, Model, ModelErrorKind, ModelRequest, calls, turn};
use crate::agent::Finished;
use crate::error::{Error, Result};
use crate::run::RunContext;
use crate::tool::{ToolEntry, ToolOutput};
use agui_types::{
    Message, RunFinishedInterruptOutcome, RunFinishedOutcome, RunFinishedSuccessOutcome, UserMessage,
};
use std::collections::HashSet;
use std::time::Duration;

/// One run of an agent.
pub(super) struct Turns<'a, M> {
    agent: &'a LlmAgent<M>,
    run: &'a RunContext,
    offered: Offered,
    told: Told,
    /// The ids of all calls so far.
    taken: HashSet<String>,
    /// How often the model may still correct its answer.
    corrections: usize,
}

/// An answer that does not fit is given back so often.
const CORRECTIONS: usize = 2;

/// Who wants to be left alone for longer is not asked again.
const PATIENCE: Duration = Duration::from_secs(60);

impl<'a, M: Model> Turns<'a, M> {
    /// # Errors
    ///
    /// When the client's tools make no sense beside the agent's.
    pub(super) fn new(agent: &'a LlmAgent<M>, run: &'a RunContext) -> Result<Self> {
        let input = run.input();
        let offered = Offered::new(&agent.tools, agent.client_tools, input)?;
        let told = Told::new(input.messages.clone(), agent.history, agent.client_instructions);
        let taken = call_ids(&input.messages).map(str::to_owned).collect();
        Ok(Self { agent, run, offered, told, taken, corrections: CORRECTIONS })
    }

    pub(super) async fn run(mut self) -> Result<Finished> {
        self.carry_out_decisions().await?;
        let used = self.run.used_tokens();
        for _ in 0..self.agent.max_turns {
            let tokens = self.run.used_tokens().saturating_sub(used);
            if self.agent.max_run_tokens.is_some_and(|limit| tokens >= limit) {
                return Ok(self.stopped("the tokens of the run are used up"));
            }
            let turn = self.ask().await?;
            if turn.cut_off {
                self.give_up(&turn).await?;
                return Ok(self.stopped("the model's answer was cut off"));
            }
            let finished = match turn.calls.is_empty() {
                true => self.conclude(turn)?,
                false => self.answer(turn).await?,
            };
            if let Some(finished) = finished {
                return Ok(finished);
            }
        }
        Ok(self.stopped("the model did not finish"))
    }

    /// Answers the calls of a turn that was cut off, but those that are the application's: a client takes what is
    /// left open for something that it has to answer (TOOL-25).
    async fn give_up(&self, turn: &Turn) -> Result {
        for call in &turn.calls {
            let is_frontend = self.agent.tools.get(&call.name).is_some_and(ToolEntry::is_frontend);
            if !is_frontend && !self.offered.clients.contains(&call.name) {
                let output = ToolOutput::text("The call was cut off and did not run.");
                calls::give(self.run, &call.id, output).await?;
            }
        }
        Ok(())
    }

    /// RUN-30: a limit is no failure.
    fn stopped(&self, why: &str) -> Finished {
        tracing::warn!(run = %self.run.run_id(), "{why}");
        Finished::cancelled()
    }

    /// Does what the client says was decided about calls of an earlier run.
    async fn carry_out_decisions(&mut self) -> Result {
        let Self { agent, run, .. } = *self;
        let decisions = agent.approvals.decisions(run, &agent.tools, &run.input().messages)?;
        let decided: HashSet<&str> = decisions.iter().map(|decision| &*decision.call.id).collect();
        // What a client says of these itself counts for nothing.
        self.told.forget_answers(&decided);
        let results = calls::carry_out(run, &agent.tools, &decisions).await?;
        self.told.extend(results.into_iter().map(Message::from));
        Ok(())
    }

    /// One answer of the model, asked for again while nothing was said and it may help.
    async fn ask(&mut self) -> Result<Turn> {
        let instructions = match &self.agent.instructions {
            None => None,
            Some(Instructions::Fixed(text)) => Some(text.clone()),
            Some(Instructions::Computed(compute)) => Some(compute(self.run.clone()).await?),
        };
        let mut attempts = 0;
        loop {
            let request = self.request(instructions.clone());
            let watched = Watched { tools: &self.agent.tools, predictions: &self.agent.predictions };
            let stream = self.agent.model.respond(request);
            let error = match turn::show(self.run, stream, watched, &mut self.taken).await {
                Ok(turn) => return Ok(turn),
                Err(Failed::Run(error)) => return Err(error),
                Err(Failed::Model { error, silent: false }) => return Err(error.into_error()),
                Err(Failed::Model { error, silent: true }) => error,
            };
            match error.kind() {
                ModelErrorKind::Unavailable { retry_after }
                    if attempts < self.agent.retries && retry_after.is_none_or(|time| time <= PATIENCE) =>
                {
                    let backoff = Duration::from_secs(1 << attempts.min(5));
                    attempts += 1;
                    tracing::warn!(%error, attempts, "the model is not available");
                    crate::time::sleep(retry_after.unwrap_or(backoff)).await;
                }
                ModelErrorKind::TooLong if self.told.shorten() => {
                    tracing::warn!(%error, "the model is told less of the conversation");
                }
                _ => return Err(error.into_error()),
            }
        }
    }

    fn request(&self, instructions: Option<String>) -> ModelRequest {
        ModelRequest {
            instructions,
            messages: self.told.for_model(),
            tools: self.offered.definitions.clone(),
            context: self.run.input().context.clone().unwrap_or_default(),
            strict: self.offered.strict.clone(),
            output: self.agent.output.as_ref().map(|output| output.schema.clone()),
            settings: self.agent.settings.clone(),
        }
    }

    /// A turn without calls: the run ends with it, unless the model only thought, or its answer does not fit.
    fn conclude(&mut self, turn: Turn) -> Result<Option<Finished>> {
        if turn.thought {
            self.told.extend(turn.messages);
            return Ok(None);
        }
        let Some(output) = &self.agent.output else { return Ok(Some(Finished::default())) };
        match output.read(&turn.text()) {
            Ok(value) => Ok(Some(Finished::default().result(value))),
            Err(problem) if self.corrections > 0 => {
                tracing::warn!(run = %self.run.run_id(), problem, "the model's answer does not fit");
                self.corrections -= 1;
                self.told.extend(turn.messages);
                let correction = format!("{problem} Answer again, with the JSON alone.");
                self.told.extend([UserMessage::new(self.run.new_id("correction"), correction).into()]);
                Ok(None)
            }
            Err(problem) => {
                tracing::error!(run = %self.run.run_id(), problem, "the model's answer does not fit");
                Err(Error::public("The model's answer has not the form that was asked for.")
                    .code("output_invalid"))
            }
        }
    }

    /// A turn with calls: the run ends with those that are not for the agent to answer.
    async fn answer(&mut self, turn: Turn) -> Result<Option<Finished>> {
        let Self { agent, run, .. } = *self;
        self.told.extend(turn.messages);
        if let Some(call) = turn.calls.iter().find(|call| self.offered.withheld.contains(&call.name)) {
            // The client takes it for its own, so neither may answer (TOOL-20).
            return Err(Error::new(format!("the model called `{}`, which it was not offered", call.name)));
        }
        let answers =
            calls::answer(run, &agent.tools, &agent.approvals, &self.offered.clients, &turn.calls).await?;
        for predicting in turn.predicting {
            if !answers.failed(&predicting.call) {
                predicting.settle();
            }
        }
        let Answers { results, pending, loud, interrupts } = answers;
        if !interrupts.is_empty() {
            return Ok(Some(RunFinishedOutcome::from(RunFinishedInterruptOutcome::new(interrupts)).into()));
        }
        if !pending.is_empty() {
            if let Some(text) = agent.pending_text.as_ref().filter(|_| loud) {
                run.text(text).await?;
            }
            let outcome = RunFinishedSuccessOutcome::new().pending_tool_call_ids(pending);
            return Ok(Some(RunFinishedOutcome::from(outcome).into()));
        }
        self.told.extend(results.into_iter().map(Message::from));
        Ok(None)
    }
}

fn call_ids(messages: &[Message]) -> impl Iterator<Item = &str> {
    messages
        .iter()
        .filter_map(|message| match message {
            Message::Assistant(message) => message.tool_calls.as_deref(),
            _ => None,
        })
        .flatten()
        .map(|call| &*call.id)
}
