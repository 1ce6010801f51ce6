//! The quickstart as a newcomer runs it, with curl and with the reference client on the other end.

use crate::support::agents::{PATIENCE, input_of};
use crate::support::frames::{events, text, types};
use crate::support::peers::{Peer, skipped};
use crate::support::programs::example;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn the_printed_curl_line_talks_to_the_agent() {
    let quickstart = Quickstart::start();
    assert!(quickstart.curl.contains(&quickstart.url), "{}", quickstart.curl);
    if Command::new("curl").arg("--version").output().is_err() {
        return skipped("the quickstart's curl line", "curl cannot be run");
    }

    let output = Command::new("sh").args(["-c", &quickstart.curl]).output().unwrap();

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let events = events(&output.stdout);
    assert_eq!(events[0]["type"], "RUN_STARTED");
    assert_eq!(events.last().unwrap()["type"], "RUN_FINISHED");
    assert!(text(&events).contains("Hello there!"), "{}", text(&events));
}

#[test]
fn the_reference_client_streams_an_answer_without_a_complaint() {
    let Some(node) = Peer::node("the quickstart with the reference client") else { return };
    let quickstart = Quickstart::start();

    let conversation = node.run("client.mjs", &[&quickstart.url, "The sea, the sea"], "");

    assert_eq!(conversation["complaints"], json!([]));
    let run = &conversation["runs"][0];
    assert_eq!(run["failure"], Value::Null);
    let events = received(run);
    let deltas = events.len() - 4;
    assert!(deltas >= 5, "{deltas} deltas");
    let mut expected = vec!["RUN_STARTED", "TEXT_MESSAGE_START"];
    expected.extend(vec!["TEXT_MESSAGE_CONTENT"; deltas]);
    expected.extend(["TEXT_MESSAGE_END", "RUN_FINISHED"]);
    assert_eq!(types(&events), expected);

    let last = conversation["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(last["role"], "assistant");
    assert!(last["content"].as_str().unwrap().contains("The sea, the sea"), "{last}");
    assert_eq!(last["content"], text(&events));

    // The runtime answers under the ids that the client chose (RUN-5, RUN-6), in its own version (VER-2).
    for boundary in [&events[0], events.last().unwrap()] {
        assert_eq!(boundary["threadId"], run["input"]["threadId"]);
        assert_eq!(boundary["runId"], run["input"]["runId"]);
    }
    assert_eq!(events[0]["protocolVersion"], "1.0");
}

#[test]
fn the_reference_client_receives_the_words_as_they_are_said() {
    let Some(node) = Peer::node("the quickstart's pace") else { return };
    let quickstart = Quickstart::start();

    let conversation = node.run("client.mjs", &[&quickstart.url, "one two three four five"], "");

    let arrivals: Vec<f64> = conversation["runs"][0]["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|received| received["event"]["type"] == "TEXT_MESSAGE_CONTENT")
        .map(|received| received["at"].as_f64().unwrap())
        .collect();
    let took = arrivals.last().unwrap() - arrivals[0];
    assert!(took >= 200.0, "all deltas within {took} ms: {arrivals:?}");
    // Not in one or two bursts either.
    let pauses = arrivals.windows(2).filter(|pair| pair[1] - pair[0] >= 10.0).count();
    assert!(pauses >= 5, "{pauses} pauses: {arrivals:?}");
}

#[test]
fn a_second_run_of_the_reference_client_has_the_history_of_the_first() {
    let Some(node) = Peer::node("two runs of the reference client") else { return };
    let quickstart = Quickstart::start();

    let conversation = node.run("client.mjs", &[&quickstart.url, "First words", "Second words"], "");

    assert_eq!(conversation["complaints"], json!([]));
    let [first, second] = conversation["runs"].as_array().unwrap().as_slice() else { panic!("two runs") };
    assert_eq!((&first["failure"], &second["failure"]), (&Value::Null, &Value::Null));
    let history = second["input"]["messages"].as_array().unwrap();
    let roles: Vec<_> = history.iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["user", "assistant", "user"]);
    assert_eq!(history[1]["content"], text(&received(first)));
    assert!(text(&received(second)).contains("Second words"));

    let ids = |run: &Value, member: &str| run["input"][member].as_str().unwrap().to_owned();
    assert_eq!(ids(first, "threadId"), ids(second, "threadId"));
    assert_ne!(ids(first, "runId"), ids(second, "runId"));
    assert_eq!(received(second)[0]["runId"], ids(second, "runId"));
    // Each answer is a message of its own (EVT-9).
    assert_eq!(conversation["messages"].as_array().unwrap().len(), 4);
}

#[cfg(unix)]
#[test]
fn told_to_end_it_lets_its_runs_finish() {
    use std::io::{Read, Write};

    let mut quickstart = Quickstart::start();
    let address = quickstart.url.trim_start_matches("http://").trim_end_matches("/agui");
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    let input = input_of("run-1");
    let length = input.len();
    let head = "POST /agui HTTP/1.1\r\nHost: test\r\nContent-Type: application/json";
    write!(connection, "{head}\r\nContent-Length: {length}\r\n\r\n{input}").unwrap();
    let mut received = vec![0; 16];
    connection.read_exact(&mut received).unwrap();

    let told = Command::new("kill").args(["-TERM", &quickstart.program.id().to_string()]).status().unwrap();
    assert!(told.success());

    connection.read_to_end(&mut received).unwrap();
    let received = String::from_utf8_lossy(&received);
    assert!(received.contains(r#""delta":"time.""#) && received.contains("RUN_FINISHED"), "{received}");
    assert!(!received.contains("cancelled"), "{received}");
    assert!(quickstart.program.wait().unwrap().success());
}

/// The events that the reference client received in a run.
fn received(run: &Value) -> Vec<Value> {
    run["events"].as_array().unwrap().iter().map(|received| received["event"].clone()).collect()
}

/// The example as a running program, until it is dropped.
struct Quickstart {
    program: Child,
    url: String,
    curl: String,
}

impl Quickstart {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut program = Command::new(example("quickstart"))
            .args(["--port", &port.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap);
        let curl = said.map(|line| line.trim().to_owned()).find(|line| line.starts_with("curl "));
        let url = format!("http://127.0.0.1:{port}/agui");
        let quickstart = Self { program, url, curl: curl.expect("a curl line") };

        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < PATIENCE, "nobody listens at {}", quickstart.url);
            std::thread::sleep(Duration::from_millis(10));
        }
        quickstart
    }
}

impl Drop for Quickstart {
    fn drop(&mut self) {
        // It serves until it is killed; when it has ended on its own, that is fine here.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
