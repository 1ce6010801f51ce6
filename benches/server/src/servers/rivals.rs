//! The crates that exist already, as their documentation shows them.

use crate::talk::{Deltas, Shape};
use ag_ui::RunOutcome;
use ag_ui::axum::RouterExt;
use ag_ui::server::{Agent, RunContext};
use agui_rs::core::events::factory;
use agui_rs::server::{EventEmitter, RunHandler};

pub(super) fn ag_ui(shape: Shape) -> axum::Router {
    axum::Router::new().route_agui("/agui", AgUi(shape))
}

pub(super) fn agui_rs(shape: Shape) -> axum07::Router {
    axum07::Router::new().route("/agui", agui_rs::server::agui_route(AguiRs(shape)))
}

struct AgUi(Shape);

impl Agent for AgUi {
    type State = ();

    async fn run(&self, run: &mut RunContext<()>) -> ag_ui::server::Result<RunOutcome> {
        let mut deltas = Deltas::new(self.0);
        let mut message = run.assistant_message()?;
        while let Some(delta) = deltas.next().await {
            message.delta(delta)?;
        }
        message.end()?;
        Ok(RunOutcome::Success)
    }
}

struct AguiRs(Shape);

#[async_trait::async_trait]
impl RunHandler for AguiRs {
    async fn handle(
        &self,
        input: agui_rs::core::RunAgentInput,
    ) -> agui_rs::core::Result<agui_rs::server::EventSink> {
        let (emitter, events) = agui_rs::server::emit::channel(32);
        let shape = self.0;
        tokio::spawn(async move { talk(&emitter, &input, shape).await });
        Ok(events)
    }
}

async fn talk(
    run: &EventEmitter,
    input: &agui_rs::core::RunAgentInput,
    shape: Shape,
) -> agui_rs::core::Result<()> {
    run.run_started(&input.thread_id, &input.run_id).await?;
    run.emit(factory::text_message_start("message-1")).await?;
    let mut deltas = Deltas::new(shape);
    while let Some(delta) = deltas.next().await {
        run.emit(factory::text_message_content("message-1", delta)).await?;
    }
    run.emit(factory::text_message_end("message-1")).await?;
    run.run_finished_success(&input.thread_id, &input.run_id).await
}
