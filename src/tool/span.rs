//! What tracing learns of a call: the names of OpenTelemetry's conventions for generative AI, and no content.

use super::error::ToolError;
use super::output::ToolOutput;
use std::future::Future;
use tracing::{Instrument, Span, field};

/// The span `execute_tool` of one call.
pub(super) struct CallSpan(Span);

impl CallSpan {
    pub(super) fn open(tool: &str, call: &str) -> Self {
        let span = tracing::info_span!(
            "execute_tool",
            otel.name = field::Empty,
            otel.status_code = field::Empty,
            gen_ai.operation.name = "execute_tool",
            gen_ai.tool.name = tool,
            gen_ai.tool.call.id = call,
            gen_ai.tool.type = "function",
            "error.type" = field::Empty,
        );
        span.record("otel.name", format_args!("execute_tool {tool}"));
        Self(span)
    }

    /// What begins the call belongs to it.
    pub(super) fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.in_scope(work)
    }

    /// The call, to its end.
    pub(super) fn around(
        self,
        call: impl Future<Output = Result<ToolOutput, ToolError>>,
    ) -> impl Future<Output = Result<ToolOutput, ToolError>> {
        let span = self.0.clone();
        async move {
            let result = call.await;
            if let Err(error) = &result {
                self.0.record("error.type", error.kind());
                self.0.record("otel.status_code", "ERROR");
            }
            result
        }
        .instrument(span)
    }
}
