//! Whichever way events come, and whatever looks at them on the way: what becomes of them is the same (PROC-9, PROC-15).

use super::fuzz::said;
use super::support::*;
use agui::Event;
use agui::client::{
    EventFilter, Exchange, Finished, Frame, HttpAgent, Middleware, Outcome, Pipeline, Playback, Recorder,
    Rejection, RejectionKind, Replay, ToolFilter, Transport, WarningKind,
};
use agui::reduce::Conversation;
use agui::testing::{MockAnswer, MockServer};
use serde_json::{Value, json};

/// Sees everything, and changes nothing.
pub(super) struct Seeing;

impl Middleware for Seeing {}

/// Events as they are written, of a run that has begun.
fn odd() -> Vec<String> {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let mut events: Vec<String> = [
        // A member that is there twice has no meaning.
        r#"{"type":"TEXT_MESSAGE_START","messageId":"a","messageId":"b"}"#,
        r#"{"type":"TEXT_MESSAGE_START","type":"CUSTOM","messageId":"a"}"#,
        r#"{"messageId":"a","type":"TEXT_MESSAGE_START","messageId":"a"}"#,
        r#"{"type":"STATE_SNAPSHOT","snapshot":{"a":1,"a":2}}"#,
        r#"{"type":"CUSTOM","name":"n","value":[{"a":1,"b":{"c":1,"c":1}}]}"#,
        r#"{"type":"RUN_FINISHED","threadId":"thread-1","outcome":null,"runId":"run-0","runId":"run-1"}"#,
        r#"{"type":"RUN_FINISHED","threadId":"thread-1","runId":"run-1","result":null,"result":null}"#,
        r#"{"type":"THINKING_START","title":"a","title":"b"}"#,
        r#"{"type":"CUSTOM","name":"n","value":1,"metadata":{"k":1,"k":2}}"#,
        // What is removed is not looked into.
        r#"{"type":"FUTURE","a":1,"a":2}"#,
        r#"{"a":1,"a":2,"type":"FUTURE"}"#,
        r#"{"type":"RAW","event":1,"future":{"a":1,"a":2}}"#,
        r#"{"type":"RAW","event":1,"future":1e999}"#,
        r#"{"type":"FUTURE","future":1e999}"#,
        r#"{"type":"RAW","event":1,"future":"\ud800"}"#,
        r#"{"type":"RAW","event":1e999}"#,
        r#"{"type":"RUN_FINISHED","threadId":"thread-1","runId":"run-1","outcome":{"type":"success"},"future":1e999}"#,
        // Several things, of which the first counts, or all in order.
        r#"{"type":"RUN_ERROR","timestamp":"x","message":1}"#,
        r#"{"type":"RUN_ERROR","message":1,"code":2}"#,
        r#"{"type":"RAW","z":1,"event":1,"y":1,"a":1}"#,
        r#"{"type":"CUSTOM","name":"n","rawEvent":null,"value":1,"future":1}"#,
        r#"{"type":"TOOL_CALL_START","timestamp":"x","parentMessageId":null}"#,
        r#"{"type":"THINKING_TEXT_MESSAGE_CONTENT","delta":7}"#,
        r#"{"type":"THINKING_END"}"#,
        r#"{"type":"TEXT_MESSAGE_START","messageId":"a","role":"narrator"}"#,
        r#"{"type":"TEXT_MESSAGE_START","messageId":"a","role":"narrator","rawEvent":null}"#,
        r#"{"type":"REASONING_ENCRYPTED_VALUE","subtype":"x","entityId":"a","encryptedValue":"v"}"#,
        r#"{"type":"TEXT_MESSAGE_CHUNK","delta":"x"}"#,
        r#"{"type":"TEXT_MESSAGE_END","messageId":"a"}"#,
        r#"{"type":"RUN_STARTED","threadId":"thread-1","runId":"run-1"}"#,
        r#"{"type":"STATE_DELTA","delta":[{"op":"remove","path":"/a"},{"op":"future"}]}"#,
        r#"{"type":"CUSTOM","name":"n"}"#,
        r#"{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"u","role":"user","content":[{"type":"binary"}]}]}"#,
        r#"{"type":7}"#,
        "{}",
        "[]",
        "null",
        "{",
        "{} {}",
    ]
    .map(str::to_owned)
    .into();
    events.push(format!(r#"{{"type":"RAW","event":1,"future":{deep}}}"#));
    events.push(format!(r#"{{"type":"RAW","event":{deep}}}"#));
    events
}

/// The frames of a run with this event in it.
fn frames(odd: &str) -> [String; 3] {
    [started().to_string(), odd.to_owned(), finished().to_string()]
}

fn bytes(frames: &[String]) -> Vec<u8> {
    frames.iter().flat_map(|frame| format!("data: {frame}\n\n").into_bytes()).collect()
}

/// What a pipeline with middleware makes of a stream.
pub(super) fn through<M: Middleware>(stream: &[u8], middleware: M) -> (Vec<Event>, Finished<M>) {
    let mut pipeline = Pipeline::with(&input(), Conversation::of(&input()), middleware);
    pipeline.push(stream);
    pipeline.end();
    let events = std::iter::from_fn(|| pipeline.next_event()).collect();
    (events, pipeline.finish())
}

async fn over(transport: &impl Transport) -> Value {
    said(&Exchange::new(transport, input()).unwrap().record().await)
}

#[tokio::test]
async fn proc_9_15_the_way_makes_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    for (number, odd) in odd().iter().enumerate() {
        let frames = frames(odd);
        let stream = bytes(&frames);
        let expected = said(&read([&*stream]));

        assert_eq!(said(&through(&stream, Seeing)), expected, "with middleware: {odd}");
        let keeping = (EventFilter::new(|_| true), ToolFilter::deny(["hide"]));
        let keeping = (keeping, (Seeing, Box::new(Seeing) as Box<dyn Middleware>));
        assert_eq!(said(&through(&stream, keeping)), expected, "with more middleware: {odd}");

        let mut pipeline = Pipeline::new(&input());
        let mut events = Vec::new();
        for frame in &frames {
            pipeline.push_json(frame.as_bytes());
            events.extend(std::iter::from_fn(|| pipeline.next_event()));
        }
        pipeline.end();
        assert_eq!(said(&(events, pipeline.finish())), expected, "frame by frame: {odd}");

        let server = MockServer::start([MockAnswer::bytes(stream.clone())]).await.unwrap();
        let agent = HttpAgent::builder(server.url()).client(direct()).build().unwrap();
        assert_eq!(over(&agent).await, expected, "over HTTP: {odd}");

        let file = folder.path().join(number.to_string());
        let recorder = Recorder::to_file(Replay::new(stream), &file).unwrap();
        assert_eq!(over(&recorder).await, expected, "recorded: {odd}");
        assert_eq!(over(&Playback::open(&file).unwrap()).await, expected, "played: {odd}");
    }
}

/// Keeps frames back until the run ends.
#[derive(Default)]
struct Late(Vec<Frame>);

impl Middleware for Late {
    fn frame(&mut self, frame: Frame, forward: &mut dyn FnMut(Frame)) {
        match frame.event_type() {
            "RUN_STARTED" => forward(frame),
            "RUN_FINISHED" => self.0.drain(..).chain([frame]).for_each(forward),
            _ => self.0.push(frame),
        }
    }
}

/// Changes each event where anybody may.
struct Changing;

impl Middleware for Changing {
    fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
        frame.value_mut()["metadata"] = json!({ "seen": true });
        forward(frame);
    }
}

/// Sets a member of the events of a type.
#[derive(Clone)]
struct Setting(&'static str, &'static str, Value);

impl Middleware for Setting {
    fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
        if frame.event_type() == self.0 {
            frame.value_mut()[self.1] = self.2.clone();
        }
        forward(frame);
    }
}

#[track_caller]
fn rejection(end: &Finished<impl Middleware>) -> &Rejection {
    match &end.outcome {
        Outcome::Rejected(rejection) => rejection,
        other => panic!("{other}"),
    }
}

/// What is changed or held back has the last of them alone, which is no reason to take that.
#[test]
fn proc_15_a_member_that_is_there_twice_is_refused_whatever_middleware_makes_of_the_event() {
    let named = Setting("CUSTOM", "name", json!("n"));
    for twice in [
        r#"{"type":"CUSTOM","name":"n","value":1,"value":2}"#,
        r#"{"type":"CUSTOM","name":1,"value":1,"value":2}"#,
        r#"{"type":"CUSTOM","name":1,"value":1,"rawEvent":null,"value":2}"#,
    ] {
        let stream = bytes(&frames(twice));
        let (_, plain) = read([&*stream]);
        let expected = rejection(&plain);
        assert_eq!((expected.kind(), expected.index()), (RejectionKind::Malformed, 1));
        assert_eq!(rejection(&through(&stream, Changing).1), expected, "{twice}");
        assert_eq!(rejection(&through(&stream, named.clone()).1), expected, "{twice}");
        assert_eq!(rejection(&through(&stream, Late::default()).1), expected, "{twice}");
        assert_eq!(rejection(&through(&stream, (Late::default(), named.clone())).1), expected, "{twice}");
    }
}

/// PROC-1: there is no document to show, and nothing to be changed.
#[test]
fn an_unknown_event_that_cannot_be_shown_is_dropped_whatever_middleware_does() {
    let stream = bytes(&frames(r#"{"type":"FUTURE","future":1e999}"#));
    let expected = read([&*stream]);
    assert!(expected.1.outcome.is_success(), "{}", expected.1.outcome);
    assert_eq!(expected.1.warnings.count(WarningKind::UnknownEvent), 1);
    let (events, end) = through(&stream, Setting("", "type", json!("CUSTOM")));
    assert_eq!(said(&(events, end)), said(&expected));
}

#[test]
fn what_is_held_back_is_rejected_where_it_came() {
    for odd in [
        r#"{"type":"CUSTOM","name":1,"value":1}"#,
        r#"{"type":"TEXT_MESSAGE_END","messageId":"m1"}"#,
        r#"{"type":"TEXT_MESSAGE_CHUNK","delta":"x"}"#,
    ] {
        let custom = event("CUSTOM", json!({ "name": "n", "value": 1 })).to_string();
        let stream = bytes(&[started().to_string(), odd.to_owned(), custom, finished().to_string()]);
        let (_, plain) = read([&*stream]);
        let expected = rejection(&plain);
        assert_eq!(expected.index(), 1, "{expected}");
        assert_eq!(rejection(&through(&stream, Late::default()).1), expected);
    }
}

/// VER-20: whenever it goes on, and whoever mended it.
#[test]
fn ver_20_what_was_translated_is_warned_of_with_its_own_type() {
    let stream = run_of([
        event("THINKING_TEXT_MESSAGE_START", json!({})),
        event("THINKING_TEXT_MESSAGE_CONTENT", json!({ "delta": 7 })),
        event("THINKING_TEXT_MESSAGE_END", json!({})),
    ]);
    let mending = Setting("REASONING_MESSAGE_CONTENT", "delta", json!("x"));
    let (_, end) = through(&stream, (Late::default(), mending));
    assert!(end.outcome.is_success(), "{}", end.outcome);
    let translated = end.warnings.all().iter().map(|warning| (warning.kind, warning.event.as_deref()));
    let expected = ["START", "CONTENT", "END"].map(|part| format!("THINKING_TEXT_MESSAGE_{part}"));
    let expected = expected.iter().map(|event| (WarningKind::Translated, Some(&**event)));
    assert_eq!(translated.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

/// PROC-13: what is wrong and can be seen may be put right.
#[test]
fn what_middleware_mends_is_taken_and_what_it_spoils_is_not() {
    let opener = |member, value| Setting("TEXT_MESSAGE_START", member, value);
    let of = |opener: Value| {
        let end = event("TEXT_MESSAGE_END", json!({ "messageId": "m1" }));
        run_of([event("TEXT_MESSAGE_START", opener), end])
    };
    let narrator = of(json!({ "messageId": "m1", "role": "narrator" }));
    let (events, end) = through(&narrator, opener("role", json!("system")));
    assert!(end.outcome.is_success(), "{}", end.outcome);
    assert_eq!(json!(events[1])["role"], "system");
    let (_, end) = through(&of(json!({ "messageId": 1 })), opener("messageId", json!("m1")));
    assert!(end.outcome.is_success(), "{}", end.outcome);
    let (_, end) = through(&of(json!({ "messageId": "m1" })), opener("messageId", json!(1)));
    assert!(matches!(end.outcome, Outcome::Rejected(rejection) if rejection.pointer() == "/messageId"));
}
