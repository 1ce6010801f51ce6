//! One file of the corpus, and what a client sees of it.

use agui::client::{Finished, HttpAgent};
use agui::compat::decode_input;
use agui::testing::{MockAnswer, MockServer};
use agui::{RunAgentInput, client};
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use std::path::Path;

/// One file.
pub(crate) struct Case {
    pub(crate) expect: Map<String, Value>,
    input: Value,
    /// The era of the agent, if it is known to be older.
    pub(crate) era: Option<String>,
    /// As they are written.
    frames: Vec<String>,
}

/// What there was to see.
pub(crate) struct Seen {
    pub(crate) events: Vec<Value>,
    pub(crate) finished: Finished,
    /// What was sent.
    pub(crate) request: Value,
}

/// Whatever proxies are set, these are not for us.
fn direct() -> reqwest::Client {
    // Without one, reqwest panics; whoever installs one first has chosen.
    #[cfg(feature = "rustls")]
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Case {
    pub(crate) fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let mut case: Map<String, Value> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let known = [
            "name",
            "area",
            "specPage",
            "description",
            "kill",
            "input",
            "client",
            "stream",
            "expect",
            "expectOverrides",
        ];
        let unknown: Vec<_> = case.keys().filter(|key| !known.contains(&key.as_str())).collect();
        assert!(unknown.is_empty(), "{}: unknown keys {unknown:?}", file.display());
        let client = case.remove("client").unwrap_or_else(|| json!({}));
        for key in client.as_object().unwrap().keys() {
            assert_eq!(key, "maxProtocolVersion", "{}: a setting of the client", file.display());
        }
        let frames = elements(&text);
        let events: Vec<Value> = frames.iter().map(|frame| serde_json::from_str(frame).unwrap()).collect();
        assert_eq!(Value::from(events), case["stream"], "{}", file.display());
        Self {
            expect: case["expect"].as_object().unwrap().clone(),
            input: case.remove("input").unwrap_or_else(|| json!({})),
            era: client.get("maxProtocolVersion").map(|version| version.as_str().unwrap().to_owned()),
            frames,
        }
    }

    /// Has the client read the stream.
    pub(crate) async fn run(&self) -> Seen {
        let body: String = self
            .frames
            .iter()
            .map(|frame| {
                let lines = frame.lines().map(|line| format!("data: {}\n", line.trim()));
                lines.chain(["\n".to_owned()]).collect::<String>()
            })
            .collect();
        let server = MockServer::start([MockAnswer::bytes(body)]).await.unwrap();
        let agent = HttpAgent::builder(server.url()).client(direct()).build().unwrap();
        let exchange = client::Exchange::new(&agent, self.request()).unwrap();
        let (events, finished) = exchange.record().await;
        let events = events.iter().map(|event| serde_json::to_value(event).unwrap()).collect();
        let request = server.requests().pop();
        let request = request.and_then(|request| serde_json::from_slice(&request.body).ok());
        Seen { events, finished, request: request.unwrap_or_default() }
    }

    /// What is asked for: the thread and the run of the stream, with what the case says.
    fn request(&self) -> client::Request {
        let mut events = self.frames.iter().filter_map(|frame| serde_json::from_str::<Value>(frame).ok());
        let last_run = events.rfind(|event| event["type"] == "RUN_STARTED").unwrap_or_default();
        let of_run = |member: &str| last_run[member].as_str().unwrap_or("unknown").to_owned();
        let mut input = json!({
            "threadId": of_run("threadId"), "runId": of_run("runId"), "messages": [], "protocolVersion": "1.0",
        });
        input.as_object_mut().unwrap().extend(self.input.as_object().unwrap().clone());
        let decoded = decode_input(input.to_string().as_bytes()).unwrap().decoded;
        let input: RunAgentInput = decoded.value.unwrap();
        let mut request = client::Request::new(input);
        request.era = self.era.as_ref().map(|era| era.parse().unwrap());
        request
    }
}

/// The elements of `stream`, as they are written.
fn elements(text: &str) -> Vec<String> {
    let mut rest = text.split_once("\"stream\"").unwrap().1.split_once('[').unwrap().1;
    let mut elements = Vec::new();
    loop {
        rest = rest.trim_start_matches([',', ' ', '\n', '\r', '\t']);
        if rest.starts_with(']') {
            return elements;
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        values.next().unwrap().unwrap();
        let (element, after) = rest.split_at(values.byte_offset());
        elements.push(element.trim().to_owned());
        rest = after;
    }
}
