//! Recordings, written and played back.

use super::support::*;
use agui::client::{
    Exchange, InProcess, Outcome, Playback, Recorder, Replay, Transport, TransportError, TransportErrorKind,
};
use agui::testing::{MockAnswer, MockServer};
use agui::{Event, Result, RunAgentInput, RunContext};
use axum::body::Bytes;
use axum::http::StatusCode;
use futures_util::{FutureExt, StreamExt, stream};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.ndjson");
    (folder, path)
}

async fn outcome_of(transport: &impl Transport) -> (Vec<Event>, Outcome) {
    let (events, finished) = Exchange::new(transport, input()).unwrap().record().await;
    (events, finished.outcome)
}

/// Lines without their times, which have to grow within a run.
fn lines(path: &Path) -> Vec<Value> {
    let mut last = HashMap::new();
    let read = std::fs::read_to_string(path).unwrap();
    let lines = read.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let at = line.as_object_mut().unwrap().remove("at").unwrap().as_u64().unwrap();
        if line.get("request").is_none() {
            let before = last.insert(line["run"].as_u64(), at);
            assert!(before <= Some(at), "{line}");
        }
        line
    });
    lines.collect()
}

#[tokio::test]
async fn a_recording_has_what_came_and_nothing_else() {
    let (_folder, path) = file();
    let mut stream = b": a comment\n\n".to_vec();
    let future = event("FUTURE", json!({ "b": 1.0, "a": null }));
    stream.extend(sse(&[started(), future.clone()]));
    stream.extend(b"data: {\"type\":\ndata: \"RAW\",\"event\":1}\n\ndata: {\"type\"");
    let recorder = Recorder::to_file(Replay::new(stream), &path).unwrap();
    let (_, outcome) = outcome_of(&recorder).await;
    assert!(matches!(outcome, Outcome::Truncated(_)), "{outcome}");
    let what = |name: &str, value: Value| json!({ "run": 0, name: value });
    assert_eq!(
        lines(&path),
        [
            what("request", json!({ "threadId": "thread-1", "runId": "run-1", "messages": [] })),
            what("event", started()),
            what("event", future.clone()),
            what("data", json!("{\"type\":\n\"RAW\",\"event\":1}")),
            what("cut", json!("{\"type\"")),
            what("end", json!(true)),
        ]
    );
    // To the byte, but for keep-alive comments.
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.contains(&format!(r#""event":{future}}}"#)), "{written}");
    let played = bytes(&Playback::open(&path).unwrap()).await;
    assert!(played.ends_with(b"data: {\"type\":\ndata: \"RAW\",\"event\":1}\n\ndata: {\"type\""));
}

async fn bytes(transport: &impl Transport) -> Vec<u8> {
    let body = transport.open(input().into(), Bytes::new()).await.unwrap();
    body.map(|chunk| chunk.unwrap().to_vec()).concat().await
}

/// Ends as it is told to.
struct Failing(Vec<u8>, TransportError, bool);

type Chunks = stream::Iter<std::vec::IntoIter<Result<Bytes, TransportError>>>;

impl Transport for Failing {
    type Body = Chunks;
    type Opening = Ready<Result<Chunks, TransportError>>;

    fn open(&self, _: agui::client::Request, _: Bytes) -> Self::Opening {
        let Self(bytes, error, at_once) = self;
        if *at_once {
            return ready(Err(error.clone()));
        }
        ready(Ok(stream::iter(vec![Ok(bytes.clone().into()), Err(error.clone())])))
    }
}

#[tokio::test]
async fn what_was_cut_broken_or_refused_is_so_when_it_is_played() {
    let refused = TransportError::refused(StatusCode::CONFLICT, "HTTP 409", "{\"code\":\"busy\"}");
    let broken = TransportError::new(TransportErrorKind::Broken, "the connection broke");
    let malformed = sse(&[started(), json!({ "type": "CUSTOM" })]);
    let cases: [Failing; 4] = [
        Failing(Vec::new(), refused.clone(), true),
        Failing(Vec::new(), TransportError::new(TransportErrorKind::Connect, "nobody there"), true),
        Failing(sse(&[started()]), broken.clone(), false),
        Failing(malformed, broken, false),
    ];
    for failing in cases {
        let (_folder, path) = file();
        let recorder = Recorder::to_file(failing, &path).unwrap();
        let recorded = outcome_of(&recorder).await;
        let playback = Playback::open(&path).unwrap();
        assert_eq!(outcome_of(&playback).await, recorded);
    }
}

#[tokio::test]
async fn when_to_ask_again_is_told_when_it_is_played() {
    let answer = MockAnswer::status(503, "{}").header("retry-after", "7");
    let server = MockServer::start([answer]).await.unwrap();
    let (_folder, path) = file();
    let recorder = Recorder::to_file(super::mock::agent(server.url()), &path).unwrap();
    let playback = {
        outcome_of(&recorder).await;
        Playback::open(&path).unwrap()
    };
    let Outcome::Transport(error) = outcome_of(&playback).await.1 else { panic!("it is refused") };
    assert_eq!(
        (error.status(), error.retry_after()),
        (Some(StatusCode::SERVICE_UNAVAILABLE), Some(Duration::from_secs(7)))
    );
    assert_eq!(lines(&path)[1]["error"]["retryAfter"], 7);
}

#[tokio::test]
async fn what_is_no_utf_8_is_refused_when_it_is_played() {
    let whole =
        [&sse(&[started()])[..], b"data: {\"type\":\"RAW\",\n", b"data: \"event\":\"\xFF\xC3\xA9\"}\n\n"]
            .concat();
    // In the middle of the stream, and in what no empty line ends.
    let streams = [[&whole[..], &sse(&[finished()])].concat(), whole[..whole.len() - 2].to_vec()];
    for stream in streams {
        let (_folder, path) = file();
        let recorded = outcome_of(&Recorder::to_file(Replay::new(stream.clone()), &path).unwrap()).await;
        assert!(matches!(recorded.1, Outcome::Rejected(_)), "{}", recorded.1);
        let playback = Playback::open(&path).unwrap();
        assert_eq!(outcome_of(&playback).await, recorded);
        let read = lines(&path);
        let odd = read.iter().find(|line| line.get("bytes").is_some()).unwrap();
        let text = odd.get("data").or(odd.get("cut")).unwrap();
        assert_eq!(*text, json!("{\"type\":\"RAW\",\n\"event\":\"\u{FF}\u{C3}\u{A9}\"}"));
    }
    // What was not written by a recorder is not guessed at.
    let (_folder, path) = file();
    std::fs::write(&path, "{\"run\":0,\"request\":{}}\n{\"run\":0,\"data\":\"€\",\"bytes\":true}\n").unwrap();
    let (_, outcome) = outcome_of(&Playback::open(&path).unwrap()).await;
    assert!(matches!(outcome, Outcome::Transport(_)), "{outcome}");
}

/// Sends as much as it is asked for.
async fn ticking(run: RunContext) -> Result {
    for tick in 0..3 {
        run.emit(agui::CustomEvent::new("tick", tick)).await?;
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    Ok(())
}

#[tokio::test]
async fn runs_side_by_side_are_told_apart() {
    let (_folder, path) = file();
    let recorder = Recorder::to_file(InProcess::new(ticking), &path).unwrap();
    let asked = |id: &str| {
        let input = RunAgentInput::new("thread-1", id, vec![]);
        Exchange::new(&recorder, input).unwrap().record()
    };
    let ((first, _), (second, _)) = tokio::join!(asked("run-1"), asked("run-2"));
    let order: Vec<_> = lines(&path).iter().map(|line| line["run"].as_u64().unwrap()).collect();
    assert!(!order.is_sorted(), "they were not side by side: {order:?}");

    let playback = Playback::open(&path).unwrap();
    for expected in [first, second] {
        let (events, finished) = Exchange::new(&playback, input()).unwrap().record().await;
        assert_eq!(events, expected);
        assert!(finished.outcome.is_success());
    }
    let (_, none) = outcome_of(&playback).await;
    assert!(none.to_string().ends_with("has no run 2"), "{none}");
}

#[tokio::test]
async fn a_playback_is_as_slow_as_the_run_was_if_asked_for() {
    let (_folder, path) = file();
    outcome_of(&Recorder::to_file(InProcess::new(ticking), &path).unwrap()).await;
    let slow = Playback::open(&path).unwrap().in_real_time();
    let begun = Instant::now();
    let (slow, _) = outcome_of(&slow).await;
    // Three pauses; how much longer it takes is the machine's matter.
    assert!(begun.elapsed() >= Duration::from_millis(100), "{:?}", begun.elapsed());
    // At full speed it never waits.
    let quick = Playback::open(&path).unwrap();
    let (quick, _) = outcome_of(&quick).now_or_never().expect("nothing is waited for");
    assert_eq!(quick, slow);
}

#[test]
fn what_is_no_recording_is_told() {
    let (_folder, path) = file();
    for text in ["", "data: {}\n\n", "{}\n", "{\"run\":0,\"at\":0,\"end\":true}\n"] {
        std::fs::write(&path, text).unwrap();
        let error = Playback::open(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{text}");
        assert!(error.to_string().contains("run.ndjson is no recording"), "{error}");
    }
    assert_eq!(Playback::open(path.with_extension("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[tokio::test]
async fn a_recording_that_breaks_off_is_played_to_there() {
    let (_folder, path) = file();
    outcome_of(&Recorder::to_file(InProcess::new(ticking), &path).unwrap()).await;
    let whole = std::fs::read(&path).unwrap();
    let end = whole.len() - "{\"run\":0,\"at\":0,\"end\":true}\n".len() - 20;
    std::fs::write(&path, &whole[..end]).unwrap();
    let (events, outcome) = outcome_of(&Playback::open(&path).unwrap()).await;
    assert_eq!(types(&events), ["RUN_STARTED", "CUSTOM", "CUSTOM", "CUSTOM"]);
    assert!(matches!(outcome, Outcome::Truncated(_)), "{outcome}");

    // In the middle it is no longer to be trusted.
    std::fs::write(&path, [&whole[..whole.len() / 2], b"\n{}\n"].concat()).unwrap();
    let (_, outcome) = outcome_of(&Playback::open(&path).unwrap()).await;
    assert!(outcome.to_string().contains("a line of the recording is no JSON"), "{outcome}");
}

/// Runs are more important than their recordings.
#[tokio::test]
async fn a_full_disk_does_not_end_the_run() {
    struct Full(Arc<Mutex<usize>>);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut written = self.0.lock().unwrap();
            *written += 1;
            if *written > 2 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(bytes.len()) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let written = Arc::new(Mutex::new(0));
    let recorder = Recorder::new(InProcess::new(ticking), Full(Arc::clone(&written)));
    let (events, outcome) = outcome_of(&recorder).await;
    assert!(outcome.is_success());
    assert_eq!((events.len(), *written.lock().unwrap()), (5, 3));
}

/// However long it is, a playback holds one line of it.
#[tokio::test]
async fn memory_does_not_grow_with_a_recording() {
    let (_folder, path) = file();
    let mut text = "{\"run\":0,\"at\":0,\"request\":{}}\n".to_owned();
    let event = format!(
        r#"{{"run":0,"at":1,"event":{{"type":"CUSTOM","name":"n","value":"{}"}}}}"#,
        "x".repeat(1000)
    );
    (0..10_000).for_each(|_| text.extend([&*event, "\n"]));
    std::fs::write(&path, text).unwrap();
    let playback = Playback::open(&path).unwrap();
    let mut read = 0;
    let info = allocation_counter::measure(|| {
        let body = playback.open(input().into(), Bytes::new()).now_or_never().unwrap().unwrap();
        body.for_each(|chunk| {
            read += chunk.unwrap().len();
            ready(())
        })
        .now_or_never()
        .unwrap();
    });
    assert!(read > 10_000_000);
    assert!(info.bytes_max < 100_000, "{info:?}");
}
