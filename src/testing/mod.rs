//! Testing agents and tools in process, without HTTP.
//!
//! ```
//! use agui::model::{LlmAgent, Reply, ScriptedModel};
//! use agui::testing::{ask, record};
//! use agui::{agui_tool, tools};
//!
//! /// The current weather at a place.
//! #[agui_tool]
//! fn get_weather(city: String) -> String {
//!     format!("sunny in {city}")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> agui::Result {
//! let model = ScriptedModel::new([
//!     Reply::call(&GetWeather { city: "Kyiv".into() }),
//!     Reply::text("It is sunny."),
//! ]);
//! let agent = LlmAgent::new(model).tools(tools![GetWeather]?);
//!
//! let recording = record(agent, ask("What is the weather in Kyiv?")).await;
//! assert_eq!(recording.text(), "It is sunny.");
//! assert_eq!(recording.calls_of::<GetWeather>(), [GetWeather { city: "Kyiv".into() }]);
//! assert_eq!(recording.tool_calls()[0].result_text(), "sunny in Kyiv");
//! assert!(recording.is_success());
//! # Ok(()) }
//! ```
//!
//! What does not hold fails with the stream in readable form. Ids and timestamps of [`ask`] are counted, so
//! that a [`Recording`] can be compared with a snapshot; it is [`Serialize`](serde::Serialize).

mod call;
#[cfg(feature = "client")]
pub mod conformance;
#[cfg(feature = "server")]
mod mock;
mod reading;
mod recording;
mod show;

pub use call::{Called, call, call_tool};
#[cfg(feature = "server")]
pub use mock::{MockAnswer, MockRequest, MockServer};
pub use recording::{RecordedCall, Recording};

use crate::agent::Agent;
use crate::client::{Request, Transport};
use crate::run::{RunRequest, run};
use agui_types::{Message, RunAgentInput, UserMessage};
use futures_util::{StreamExt, TryStreamExt};

/// A request with one user message, the same in every way whenever it is made.
#[must_use]
pub fn ask(text: impl Into<String>) -> RunRequest {
    let message: Message = UserMessage::new("message-1", text.into()).into();
    RunRequest::new(RunAgentInput::new("thread-1", "run-1", vec![message])).repeatable()
}

/// Runs an agent to its end.
///
/// # Panics
///
/// When the stream breaks a rule of the protocol's order, which it shows. [`record_unchecked`] does not
/// look.
pub async fn record(agent: impl Agent, request: impl Into<RunRequest>) -> Recording {
    record_unchecked(agent, request).await.checked()
}

/// As [`record`], for streams that are meant to break rules.
///
/// # Panics
///
/// When the stream is none, which would be a mistake in agui.
pub async fn record_unchecked(agent: impl Agent, request: impl Into<RunRequest>) -> Recording {
    let request = request.into();
    let chunks: Vec<_> = run(agent, request.clone()).collect().await;
    Recording::new(request, reading::strict(&chunks.concat()))
}

/// As [`record`], of an agent elsewhere: over HTTP, or by a transport of yours. The recording has the events as they were
/// sent. The dependencies of the request stay here.
///
/// ```no_run
/// use agui::client::HttpAgent;
/// use agui::testing::{ask, record_from};
///
/// # async fn example() -> agui::Result {
/// let agent = HttpAgent::new("http://127.0.0.1:9001/agui")?;
/// let recording = record_from(&agent, ask("Hello!")).await;
/// assert!(recording.is_success());
/// # Ok(()) }
/// ```
///
/// # Panics
///
/// As [`record`], when an event has something that the protocol does not describe (PROC-19), when the input is malformed,
/// when the agent cannot be reached or refuses it, and when the connection breaks.
pub async fn record_from<T: Transport>(transport: &T, request: impl Into<RunRequest>) -> Recording {
    let (request, bytes) = fetch(transport, request.into()).await;
    Recording::new(request, reading::strict(&bytes)).checked()
}

/// As [`record_from`], for streams that are meant to break rules, and for agents that are older or newer than 1.0: read as
/// clients do, so that retired shapes are in the recording as what they mean, and without what is unknown.
///
/// # Panics
///
/// When the input is malformed, the agent cannot be reached or refuses it, the connection breaks, or what comes is not
/// made of events: no JSON, or malformed where the protocol describes it (PROC-4).
pub async fn record_from_unchecked<T: Transport>(transport: &T, request: impl Into<RunRequest>) -> Recording {
    let (request, bytes) = fetch(transport, request.into()).await;
    Recording::new(request, reading::lenient(&bytes))
}

/// What a transport answers.
#[allow(clippy::panic, reason = "documented; that is how tests fail")]
async fn fetch<T: Transport>(transport: &T, request: RunRequest) -> (RunRequest, Vec<u8>) {
    let mut asked = Request::new(request.input().clone());
    let json = asked.encode().unwrap_or_else(|error| panic!("{error}")).json;
    let body = transport.open(asked, json).await.unwrap_or_else(|error| panic!("{error}"));
    let chunks: Vec<_> = body.try_collect().await.unwrap_or_else(|error| panic!("{error}"));
    (request, chunks.concat())
}
