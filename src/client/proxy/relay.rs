//! The runs of an upstream as runs of this side.

use super::upstream::{self, Upstream};
use crate::agent::Finished;
use crate::client::transport::TransportError;
use crate::error::{Error, Result};
use crate::run::RunContext;
use agui_types::{Event, PROTOCOL_VERSION, RunErrorEvent, RunFinishedEvent, RunStartedEvent};
use bytes::Bytes;
use futures_core::Stream;

/// Emits what comes. An end is kept back until it is known whether another run follows, since the last one is what the
/// agent ends with.
pub(super) async fn relay<B>(run: &RunContext, upstream: &mut Upstream<B>) -> Result<Finished>
where
    B: Stream<Item = Result<Bytes, TransportError>>,
{
    let mut runs = Runs { run, last: None, within: false };
    let mut end = None;
    loop {
        let event = match upstream.next().await {
            Ok(Some(event)) => event,
            Ok(None) => break,
            Err(error) => {
                // A restated run ended as it did, whatever became of the one that was asked for.
                if let Some(end) = end.take().filter(|_| !runs.is_asked()) {
                    runs.ended(end).await?;
                }
                return Err(error);
            }
        };
        match event {
            Event::RunStarted(started) => runs.started(started, end.take()).await?,
            // After its end a run may have failed, after all (RUN-19). That is its end then.
            Event::RunFinished(_) | Event::RunError(_) => end = Some(event),
            event => run.emit(event).await.map_err(upstream::unacceptable)?,
        }
    }
    let end = end.ok_or_else(upstream::cut)?;
    runs.ends_as(&end);
    match end {
        Event::RunFinished(event) => Ok(finished(event)),
        Event::RunError(event) => Err(failed(run, event)),
        _ => Err(upstream::cut()),
    }
}

/// The runs so far.
struct Runs<'r> {
    run: &'r RunContext,
    /// The one that began last.
    last: Option<String>,
    /// It is a part of a run that is open on this side.
    within: bool,
}

impl Runs<'_> {
    fn is_asked(&self) -> bool {
        self.last.as_deref() == Some(self.run.run_id())
    }

    /// A run begins, behind the end of the one before it.
    async fn started(&mut self, mut started: RunStartedEvent, end: Option<Event>) -> Result {
        if self.within {
            return Err(upstream::restated_within());
        }
        if let Some(end) = end {
            self.ended(end).await?;
        }
        self.last = Some(started.run_id.clone());
        // What is removed and translated is of this version then (VER-9).
        started.protocol_version = Some(PROTOCOL_VERSION.to_owned());
        let begun = self.run.relay_start(started, self.is_asked()).await;
        self.within = !begun.map_err(upstream::unacceptable)?;
        Ok(())
    }

    async fn ended(&self, end: Event) -> Result {
        if self.within {
            return Ok(());
        }
        self.run.relay_end(end).await.map_err(upstream::unacceptable)
    }

    /// No other run follows.
    fn ends_as(&self, end: &Event) {
        if !self.is_asked()
            && let Some(last) = &self.last
        {
            let asked = self.run.run_id();
            tracing::warn!(last, asked, "the upstream ends with another run than it was asked for (RUN-6)");
        }
        if !self.within {
            self.run.ends_as(end.clone());
        }
    }
}

fn finished(event: RunFinishedEvent) -> Finished {
    Finished { outcome: event.outcome, result: event.result, usage: event.usage }
}

/// What the upstream says about its failure is for clients to see.
fn failed(run: &RunContext, event: RunErrorEvent) -> Error {
    event.usage.into_iter().flatten().for_each(|usage| run.add_usage(usage));
    let error = Error::public(event.message);
    match event.code {
        Some(code) => error.code(code),
        None => error,
    }
}
