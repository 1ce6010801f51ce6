//! Our server.

use crate::talk::{Deltas, Shape};
use agui::{Result, RunContext};
use tokio::net::TcpListener;

pub(super) async fn serve(listener: TcpListener, shape: Shape) -> Result {
    agui::serve_on(listener, move |run: RunContext| talk(run, shape)).await
}

pub(super) async fn talk(run: RunContext, shape: Shape) -> Result {
    let mut deltas = Deltas::new(shape);
    let mut message = run.start_text().await?;
    while let Some(delta) = deltas.next().await {
        message.push(delta).await?;
    }
    message.finish().await
}
