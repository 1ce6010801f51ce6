//! What applications put between the agent and themselves.

mod filter;
mod headers;
mod log;
mod tools;

pub use filter::EventFilter;
pub use headers::Headers;
pub use log::Log;
pub use tools::ToolFilter;

use super::enforce::{Enforced, judge};
use super::outcome::Outcome;
use super::rejection::Rejection;
use super::transport::Request;
use super::warning::Warning;
use agui_types::Event;
use agui_types::runtime::decode_lenient_value;
use serde_json::Value;

/// Sees everything of a run on its way, and may change it.
///
/// All methods have a default that changes nothing. Several are combined as tuples, the first nearest to the agent:
/// `(A, B)` is a middleware. `()` is none, at no cost. There are [`Log`], [`EventFilter`], [`ToolFilter`] and [`Headers`];
/// what goes over the wire is recorded by a transport, [`Recorder`](super::Recorder).
///
/// ```
/// use agui::client::{Frame, Middleware};
///
/// /// Hides what the agent thinks.
/// #[derive(Debug)]
/// struct NoReasoning;
///
/// impl Middleware for NoReasoning {
///     fn frame(&mut self, frame: Frame, forward: &mut dyn FnMut(Frame)) {
///         if !frame.event_type().starts_with("REASONING_") {
///             forward(frame);
///         }
///     }
/// }
/// ```
pub trait Middleware {
    /// What is about to be sent, after the application and before it is checked.
    fn request(&mut self, request: &mut Request) {
        let _ = request;
    }

    /// An event as the agent sent it, behind the translation of retired shapes and before everything else (PROC-13):
    /// with unknown material, chunks not expanded. Only what is forwarded goes on; what was not changed is judged as
    /// without middleware. What is not even JSON is not seen, nor what no document can hold, such as a number without
    /// bounds in unknown material, nor what is malformed and has a member twice.
    fn frame(&mut self, frame: Frame, forward: &mut dyn FnMut(Frame)) {
        forward(frame);
    }

    /// An event as the application gets it.
    fn event(&mut self, event: &Event) {
        let _ = event;
    }

    /// The stream has ended.
    fn ended(&mut self, outcome: &Outcome) {
        let _ = outcome;
    }

    /// Whether [`Middleware::frame`] is of use. If not, events are decoded right from their bytes, which is faster.
    fn wants_frames(&self) -> bool {
        true
    }
}

/// An event as the agent sent it, or as middleware made it. Frames are equal if the events are.
#[derive(Debug, Clone)]
pub struct Frame {
    event: Value,
    /// What becomes of the event by the bytes that it came in, as long as nobody changes it.
    judged: Option<Box<Result<Enforced, Rejection>>>,
    /// Which event of the stream it is, if the agent sent it.
    index: Option<usize>,
    /// How it was translated.
    translated: Vec<Warning>,
}

impl Frame {
    /// An event as JSON.
    #[must_use]
    pub fn new(event: Value) -> Self {
        Self { event, judged: None, index: None, translated: Vec::new() }
    }

    pub(super) fn judged(
        event: Value,
        judged: Result<Enforced, Rejection>,
        index: usize,
        translated: Vec<Warning>,
    ) -> Self {
        Self { event, judged: Some(Box::new(judged)), index: Some(index), translated }
    }

    /// The `type`; empty if there is none.
    #[must_use]
    pub fn event_type(&self) -> &str {
        self.event.get("type").and_then(Value::as_str).unwrap_or_default()
    }

    /// The event.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.event
    }

    /// The event, to be changed.
    #[must_use]
    pub fn value_mut(&mut self) -> &mut Value {
        self.judged = None;
        &mut self.event
    }

    pub(super) fn index(&self) -> Option<usize> {
        self.index
    }

    pub(super) fn enforce(self) -> Result<Enforced, Rejection> {
        let enforced = self.judged.map(|judged| *judged).unwrap_or_else(|| {
            let event_type = self.event.get("type").and_then(Value::as_str);
            judge(decode_lenient_value(&self.event), &|| event_type.map(str::to_owned))
        });
        enforced.map(|enforced| enforced.behind(self.translated))
    }
}

impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        self.event == other.event
    }
}

impl Middleware for () {
    fn wants_frames(&self) -> bool {
        false
    }
}

impl<A: Middleware, B: Middleware> Middleware for (A, B) {
    fn request(&mut self, request: &mut Request) {
        self.1.request(request);
        self.0.request(request);
    }

    fn frame(&mut self, frame: Frame, forward: &mut dyn FnMut(Frame)) {
        let (first, second) = (&mut self.0, &mut self.1);
        first.frame(frame, &mut |frame| second.frame(frame, forward));
    }

    fn event(&mut self, event: &Event) {
        self.0.event(event);
        self.1.event(event);
    }

    fn ended(&mut self, outcome: &Outcome) {
        self.0.ended(outcome);
        self.1.ended(outcome);
    }

    fn wants_frames(&self) -> bool {
        self.0.wants_frames() || self.1.wants_frames()
    }
}

/// By reference, or in a box.
macro_rules! forwarded {
    ($($type:ty),*) => {$(
        impl<M: Middleware + ?Sized> Middleware for $type {
            fn request(&mut self, request: &mut Request) {
                (**self).request(request);
            }

            fn frame(&mut self, frame: Frame, forward: &mut dyn FnMut(Frame)) {
                (**self).frame(frame, forward);
            }

            fn event(&mut self, event: &Event) {
                (**self).event(event);
            }

            fn ended(&mut self, outcome: &Outcome) {
                (**self).ended(outcome);
            }

            fn wants_frames(&self) -> bool {
                (**self).wants_frames()
            }
        }
    )*};
}

forwarded!(&mut M, Box<M>);
