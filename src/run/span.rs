//! What tracing learns of a run: the names of OpenTelemetry's conventions for generative AI, and no content.

use crate::agent::Finished;
use crate::error::Result;
use agui_types::{RunFinishedOutcome, TokenUsage};
use std::sync::Arc;
use tracing::{Span, field};

/// The span `invoke_agent` of one run, open from its first event to its last.
#[derive(Debug)]
pub(super) struct RunSpan {
    agent: Option<Arc<str>>,
    /// What the run was asked for in: polled later, it would not be known.
    parent: Span,
    span: Span,
}

impl RunSpan {
    pub(super) fn new(agent: Option<Arc<str>>) -> Self {
        Self { agent, parent: Span::current(), span: Span::none() }
    }

    /// Moves the span out.
    #[cfg(feature = "server")]
    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(None))
    }

    /// The run begins.
    pub(super) fn open(&mut self, thread_id: &str, run_id: &str) {
        self.span = tracing::info_span!(
            parent: &self.parent,
            "invoke_agent",
            otel.name = field::Empty,
            otel.status_code = field::Empty,
            gen_ai.operation.name = "invoke_agent",
            gen_ai.agent.name = self.agent.as_deref(),
            gen_ai.conversation.id = thread_id,
            gen_ai.usage.input_tokens = field::Empty,
            gen_ai.usage.output_tokens = field::Empty,
            "error.type" = field::Empty,
            agui.run.id = run_id,
            agui.run.outcome = field::Empty,
        );
        if let Some(agent) = self.agent.as_deref() {
            self.span.record("otel.name", format_args!("invoke_agent {agent}"));
        }
    }

    /// Everything that `work` logs belongs to the run.
    pub(super) fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        self.span.in_scope(work)
    }

    /// The run ends.
    pub(super) fn record(&self, result: &Result<Finished>) {
        if self.span.is_disabled() {
            return;
        }
        match result {
            Ok(finished) => {
                let outcome = finished.outcome.as_ref().map_or("success", RunFinishedOutcome::tag);
                self.span.record("agui.run.outcome", outcome);
                let usage = finished.usage.as_deref().unwrap_or_default();
                self.record_sum("gen_ai.usage.input_tokens", usage, |usage| usage.input_tokens);
                self.record_sum("gen_ai.usage.output_tokens", usage, |usage| usage.output_tokens);
            }
            Err(error) => {
                let code = error.as_public().and_then(|(_, code)| code).unwrap_or("internal_error");
                self.span.record("agui.run.outcome", "error");
                self.span.record("error.type", code);
                self.span.record("otel.status_code", "ERROR");
            }
        }
    }

    /// The run had no end that anybody saw.
    pub(super) fn abandoned(&self) {
        self.span.record("agui.run.outcome", "abandoned");
    }

    /// Nothing, where no model call reported the count (USE-5).
    fn record_sum(
        &self,
        name: &'static str,
        usage: &[TokenUsage],
        count: impl Fn(&TokenUsage) -> Option<u64>,
    ) {
        if let Some(sum) = usage.iter().filter_map(count).reduce(u64::saturating_add) {
            self.span.record(name, sum);
        }
    }
}
