//! The boundaries of runs.

use super::state::{Kind, Opening, RunState};
use super::told::Told;
use super::violation::OrderViolation;
use super::{Phase, Verifier, named};
use agui_types::{EventType, RunFinishedEvent, RunFinishedOutcome, RunStartedEvent};

type Result<T = ()> = std::result::Result<T, OrderViolation>;

impl Verifier {
    pub(super) fn run_started(&mut self, event: &RunStartedEvent) -> Result {
        if self.phase == Phase::Running {
            let text =
                format!("RUN_STARTED for run `{}` while run `{}` is open", event.run_id, self.run.run_id);
            return Err(OrderViolation::new("RUN-21", EventType::RunStarted, Some(&event.run_id), text));
        }
        if let Some(history) = &mut self.producer {
            history.judge_run(event)?;
            history.run_started(event);
        }
        self.run = RunState {
            thread_id: event.thread_id.clone(),
            run_id: event.run_id.clone(),
            // Producers have to know whose everything is.
            told: self.producer.is_none().then(Told::default),
            ..RunState::default()
        };
        self.phase = Phase::Running;
        let echo = event.input.iter().flat_map(|input| &input.messages);
        echo.for_each(|message| self.learn(message, false));
        Ok(())
    }

    pub(super) fn run_error(&mut self) -> Result {
        if self.phase == Phase::Failed {
            return Err(self.outside(EventType::RunError));
        }
        self.run.close();
        self.phase = Phase::Failed;
        Ok(())
    }

    pub(super) fn run_finished(&mut self, event: &RunFinishedEvent) -> Result {
        if self.producer.is_some() {
            self.judge_identity(event)?;
        }
        self.judge_open(event)?;
        if let Some(history) = &self.producer {
            history.judge_outcome(event, &self.run)?;
        }
        self.run.close();
        self.phase = Phase::Finished;
        Ok(())
    }

    /// An event where there is no run.
    pub(super) fn outside(&self, event: EventType) -> OrderViolation {
        let run = &self.run.run_id;
        match self.phase {
            Phase::Finished => {
                let text = format!("{event} after the RUN_FINISHED of run `{run}`");
                OrderViolation::new("RUN-16", event, Some(run), text)
            }
            Phase::Failed => OrderViolation::new("RUN-17", event, None, format!("{event} after RUN_ERROR")),
            Phase::New | Phase::Running => {
                let text = format!("{event} as the first event, which has to be RUN_STARTED or RUN_ERROR");
                OrderViolation::new("RUN-1", event, None, text)
            }
        }
    }

    fn judge_identity(&self, event: &RunFinishedEvent) -> Result {
        let (run, thread) = (&self.run.run_id, &self.run.thread_id);
        let (rule, id, what, open) = if event.run_id != *run {
            ("RUN-4", &event.run_id, "run", run)
        } else if event.thread_id != *thread {
            ("RUN-5", &event.thread_id, "thread", thread)
        } else {
            return Ok(());
        };
        let text =
            format!("RUN_FINISHED for {what} `{id}`, while {what} `{open}` is the one that was opened");
        Err(OrderViolation::new(rule, EventType::RunFinished, Some(id), text))
    }

    /// Everything that was opened explicitly has to be closed; chunk streams close by themselves.
    fn judge_open(&self, event: &RunFinishedEvent) -> Result {
        let explicit = |kind| {
            let open = self.run.open(kind);
            let first = open.iter().find(|(_, item)| item.opening == Opening::Explicit);
            first.map(|(id, _)| (format!("{} `{id}`", kind.noun()), (*id).to_owned()))
        };
        let step = || {
            let (name, owner) = self.run.open_steps().into_iter().next()?;
            Some((format!("step `{name}` of {}", named(owner)), name.to_owned()))
        };
        let subagent = || {
            let id = self.run.open_subagents().into_iter().next()?;
            Some((format!("subagent `{id}`"), id.to_owned()))
        };
        let open = step()
            .or_else(|| [Kind::Text, Kind::Reasoning, Kind::Span, Kind::Call].into_iter().find_map(explicit))
            .or_else(subagent);
        let Some((what, id)) = open else { return Ok(()) };
        let rule = match event.outcome {
            Some(RunFinishedOutcome::Cancelled(_)) => "RUN-31",
            _ => "RUN-11",
        };
        let text = format!("RUN_FINISHED while {what} is open");
        Err(OrderViolation::new(rule, EventType::RunFinished, Some(&id), text))
    }
}
