//! One file of the corpus, and what a client sees of it.

use crate::words::{Refused, Warned};
use agui::client::{Finished, HttpAgent, Outcome};
use agui::compat::{Conversion, Era, Upgraded, decode_input};
use agui::testing::{MockAnswer, MockServer};
use agui::{RunAgentInput, client};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// One file. A member that is not known is a complaint about it, since it would go unchecked.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    #[serde(default)]
    input: Map<String, Value>,
    #[serde(default)]
    client: Client,
    /// As they are written.
    stream: Vec<Box<RawValue>>,
    expect: Map<String, Value>,
    #[serde(rename = "name")]
    _name: Option<IgnoredAny>,
    #[serde(rename = "area")]
    _area: Option<IgnoredAny>,
    #[serde(rename = "specPage")]
    _spec_page: Option<IgnoredAny>,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
    #[serde(rename = "kill")]
    _kill: Option<IgnoredAny>,
    /// Concerns other clients.
    #[serde(rename = "expectOverrides")]
    _expect_overrides: Option<IgnoredAny>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Client {
    /// The era of the agent, if it is known to be older.
    max_protocol_version: Option<String>,
}

/// What a file has the client do.
pub(crate) struct Case {
    pub(crate) expect: Map<String, Value>,
    input: Value,
    era: Option<Era>,
    stream: Vec<Box<RawValue>>,
}

/// What there was to see.
pub(crate) struct Seen {
    pub(crate) events: Vec<Value>,
    pub(crate) messages: Value,
    pub(crate) state: Value,
    pub(crate) warnings: Vec<Warned>,
    /// What was sent; `None` if nothing was.
    pub(crate) request: Option<Value>,
    pub(crate) end: End,
}

pub(crate) enum End {
    /// How each run of the stream ended, and the stream.
    Stream { runs: Vec<Outcome>, outcome: Outcome },
    /// The input is malformed (PROC-17).
    Unsent(Refused),
}

/// Whatever proxies are set, these are not for us.
fn direct() -> reqwest::Client {
    // Without one, reqwest panics; whoever installs one first has chosen.
    #[cfg(feature = "rustls")]
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Case {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let era = file.client.max_protocol_version;
        let era = era.map(|era| era.parse::<Era>()).transpose().map_err(|error| error.to_string())?;
        let mut case = Self { expect: file.expect, input: Value::Null, era, stream: file.stream };
        case.input = case.input(file.input);
        Ok(case)
    }

    /// What is asked for: the thread and the run of the stream, what the file says, and else what a client has when
    /// nothing was said yet.
    fn input(&self, said: Map<String, Value>) -> Value {
        let mut events =
            self.stream.iter().filter_map(|frame| serde_json::from_str::<Value>(frame.get()).ok());
        let last_run = events.rfind(|event| event["type"] == "RUN_STARTED").unwrap_or_default();
        let of_run = |member: &str| last_run[member].as_str().unwrap_or("unknown").to_owned();
        let mut input = json!({
            "threadId": of_run("threadId"), "runId": of_run("runId"), "protocolVersion": "1.0",
            "messages": [], "state": {}, "tools": [], "context": [], "forwardedProps": {},
        });
        input.as_object_mut().unwrap().extend(said);
        input
    }

    /// Has the client read the stream.
    pub(crate) async fn run(&self) -> Seen {
        let decoded = decode_input(self.input.to_string().as_bytes());
        let Upgraded { decoded, conversions, .. } = match decoded {
            Ok(upgraded) => upgraded,
            Err(error) => return self.unsent(Refused::from(&error)),
        };
        // What could be put into another shape without loss is silent.
        let lossy = conversions.iter().filter(|conversion| conversion.is_lossy());
        let removed = decoded.unrecognised.iter().map(|found| Warned::removed(found.to_string()));
        let mut warnings: Vec<_> = lossy.map(<Warned as From<&Conversion>>::from).chain(removed).collect();

        let server = MockServer::start([MockAnswer::bytes(self.body())]).await.unwrap();
        let (events, finished) = self.exchange(&server, decoded.value.unwrap()).await;
        let events = events.iter().map(|event| serde_json::to_value(event).unwrap()).collect();
        let request = server.requests().pop();
        warnings.extend(finished.warnings.all().iter().map(Warned::from));
        Seen {
            events,
            messages: serde_json::to_value(finished.conversation.messages()).unwrap(),
            state: finished.conversation.state().clone(),
            warnings,
            request: request.and_then(|request| serde_json::from_slice(&request.body).ok()),
            end: End::Stream {
                runs: finished.runs.into_iter().map(|run| run.outcome).collect(),
                outcome: finished.outcome,
            },
        }
    }

    async fn exchange(&self, server: &MockServer, input: RunAgentInput) -> (Vec<agui::Event>, Finished) {
        let agent = HttpAgent::builder(server.url()).client(direct()).build().unwrap();
        let mut request = client::Request::new(input);
        request.era = self.era;
        client::Exchange::new(&agent, request).unwrap().record().await
    }

    /// Whether the last event of the stream is one that ends a run.
    pub(crate) fn ends_in_order(&self) -> bool {
        let last = self.stream.last().and_then(|frame| serde_json::from_str::<Value>(frame.get()).ok());
        last.is_some_and(|event| event["type"] == "RUN_FINISHED" || event["type"] == "RUN_ERROR")
    }

    /// Each element of the stream as a frame; an element may have several lines.
    fn body(&self) -> String {
        let frames = self.stream.iter().map(|frame| {
            let lines = frame.get().lines().map(|line| format!("data: {}\n", line.trim()));
            lines.chain(["\n".to_owned()]).collect::<String>()
        });
        frames.collect()
    }

    /// Nothing was sent, and what there was is as it was.
    fn unsent(&self, refused: Refused) -> Seen {
        Seen {
            events: Vec::new(),
            messages: self.input["messages"].clone(),
            state: self.input["state"].clone(),
            warnings: Vec::new(),
            request: None,
            end: End::Unsent(refused),
        }
    }
}
