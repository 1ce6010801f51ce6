//! The answer of an upstream, read without making a conversation of it: events as they were sent, chunks as chunks.

use crate::client::enforce::{Enforced, judge, type_of};
use crate::client::frames::{FrameReader, FrameTooLarge};
use crate::client::rejection::{Rejection, RejectionKind};
use crate::client::runs;
use crate::client::transport::{TransportError, TransportErrorKind};
use crate::client::warning::{WarningKind, Warnings};
use crate::compat::{Conversion, Era, Upgraded, Upgrader};
use crate::error::{Error, Result};
use crate::verify::Verifier;
use agui_types::Event;
use bytes::Bytes;
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::Pin;

/// An answer.
pub(super) struct Upstream<B> {
    /// `None` once it has ended.
    body: Option<Pin<Box<B>>>,
    /// How it has ended, if it broke.
    broke: Option<TransportError>,
    frames: FrameReader,
    stages: Stages,
}

struct Stages {
    upgrader: Upgrader,
    era: Option<Era>,
    verifier: Verifier,
    warnings: Warnings,
    index: usize,
    /// The run that was asked for.
    asked: String,
    /// It is the one that was begun last.
    begun: bool,
    /// It has ended, or the last one failed.
    run_over: bool,
}

impl<B: Stream<Item = Result<Bytes, TransportError>>> Upstream<B> {
    /// The answer to a request for the run `asked`. `lost`: what the upstream was not told.
    pub(super) fn new(body: B, asked: &str, era: Option<Era>, lost: Vec<Conversion>) -> Self {
        let (upgrader, verifier, mut warnings) = (Upgrader::new(), Verifier::consumer(), Warnings::default());
        warnings.converted(WarningKind::Downgraded, lost, None);
        let asked = asked.to_owned();
        let stages =
            Stages { upgrader, era, verifier, warnings, index: 0, asked, begun: false, run_over: false };
        Self { body: Some(Box::pin(body)), broke: None, frames: FrameReader::new(), stages }
    }

    /// The next event, with everything known and in order.
    ///
    /// # Errors
    ///
    /// When the connection breaks or what comes is no stream of events. The client may see them.
    pub(super) async fn next(&mut self) -> Result<Option<Event>> {
        let Self { body, broke, frames, stages } = self;
        loop {
            while let Some(json) = frames.next_frame().map_err(too_large)? {
                if let Some(event) = stages.take(json)? {
                    return Ok(Some(event));
                }
            }
            let Some(open) = body else { return stages.over(broke.take()).map(|()| None) };
            match poll_fn(|cx| open.as_mut().poll_next(cx)).await {
                Some(Ok(bytes)) => frames.push(&bytes),
                end => {
                    *body = None;
                    *broke = end.and_then(Result::err);
                    if let Some(event) = stages.take_last(frames, broke.as_ref())? {
                        return Ok(Some(event));
                    }
                }
            }
        }
    }
}

impl Stages {
    /// What no empty line ended is no event if it breaks off. Of that, it may have been a failure, after all.
    fn take_last(
        &mut self,
        frames: &mut FrameReader,
        broke: Option<&TransportError>,
    ) -> Result<Option<Event>> {
        let Some(json) = frames.finish().map_err(too_large)? else { return Ok(None) };
        if serde_json::from_slice::<serde::de::IgnoredAny>(json).is_err() {
            return Err(broke.map_or_else(cut, broken));
        }
        self.take(json)
    }

    /// How the connection ended does not matter once the end of the run was told.
    fn over(&self, broke: Option<TransportError>) -> Result {
        match broke {
            Some(error) if self.run_over => {
                tracing::warn!(%error, "the connection to the upstream broke after the run");
                Ok(())
            }
            Some(error) => Err(broken(&error)),
            None => Ok(()),
        }
    }

    fn take(&mut self, json: &[u8]) -> Result<Option<Event>> {
        let index = self.index;
        self.index += 1;
        let decoded = self.upgrader.decode(json).map(|Upgraded { decoded, conversions, .. }| {
            if !conversions.is_empty() {
                self.warnings.converted(WarningKind::Translated, conversions, type_of(json).as_deref());
            }
            decoded
        });
        let Enforced { event, warnings } = judge(decoded, &|| type_of(json)).map_err(|rejection| {
            let kind = rejection.event_type().map(str::to_owned);
            invalid(&rejection.of(index, kind.as_deref()))
        })?;
        warnings.into_iter().for_each(|warning| self.warnings.add(warning));
        let Some(event) = event.and_then(|event| self.warnings.of_its_era(self.era, event)) else {
            return Ok(None);
        };
        if let Err(violation) = self.verifier.check(&event) {
            let rejection = Rejection::new(RejectionKind::Order, violation.rule(), violation.text());
            return Err(invalid(&rejection.of(index, Some(event.event_type().as_str()))));
        }
        match &event {
            Event::RunStarted(started) => {
                if let Some(warning) = runs::unfamiliar_version(started) {
                    self.warnings.add(warning);
                }
                self.begun = started.run_id == self.asked;
                self.run_over = false;
            }
            Event::RunFinished(_) => self.run_over = self.begun,
            Event::RunError(_) => self.run_over = true,
            _ => {}
        }
        Ok(Some(event))
    }
}

/// The upstream said no end (PROXY-3).
pub(super) fn cut() -> Error {
    Error::public("The answer of the agent behind this one broke off.").code("upstream_broken")
}

/// The upstream restates runs where one is open already.
pub(super) fn restated_within() -> Error {
    tracing::error!(
        "the upstream restates earlier runs, which have no place in a run that has begun (RUN-21)"
    );
    Error::public("The agent behind this one told of more than one run.").code("upstream_invalid")
}

/// What a client could take, and a producer must not send (PROXY-6).
pub(super) fn unacceptable(error: Error) -> Error {
    if error.is_invalid_event() { unreadable(&error) } else { error }
}

fn invalid(rejection: &Rejection) -> Error {
    unreadable(rejection)
}

fn too_large(error: FrameTooLarge) -> Error {
    unreadable(&error)
}

/// What is wrong is for the log, which may tell more of the upstream than clients should know.
fn unreadable(error: &dyn std::fmt::Display) -> Error {
    tracing::error!(%error, "the upstream breaks the protocol");
    Error::public("The agent behind this one broke the protocol.").code("upstream_invalid")
}

fn broken(error: &TransportError) -> Error {
    tracing::error!(%error, "the answer of the upstream broke off");
    match error.kind() {
        TransportErrorKind::Timeout => {
            Error::public("The agent behind this one took too long.").code("upstream_timeout")
        }
        _ => cut(),
    }
}
