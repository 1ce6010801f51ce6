//! The tables against streams: what the reference client says is about what we say of the stream that makes it say so,
//! and about no other.

use crate::samples::{END, REJECTED, WARNED};
use crate::words::{self, Refused, Warned};
use agui::RunAgentInput;
use agui::client::{Finished, Outcome, Pipeline};
use agui::compat::{Era, decode_input};
use serde_json::{Value, json};

fn input(messages: Value) -> RunAgentInput {
    let input = json!({ "threadId": "t1", "runId": "r1", "messages": messages });
    decode_input(input.to_string().as_bytes()).unwrap().decoded.value.unwrap()
}

/// Reads a run of these events, `!` in their first place for one that has no start.
fn read(events: &[&str], mut pipeline: Pipeline) -> Finished {
    let start = match events.first() {
        Some(&"!") => None,
        _ => Some(r#"{"type":"RUN_STARTED","threadId":"t1","runId":"r1"}"#),
    };
    for event in start.into_iter().chain(events.iter().copied().filter(|event| *event != "!")) {
        pipeline.push(format!("data: {event}\n\n").as_bytes());
        while pipeline.next_event().is_some() {}
    }
    pipeline.end();
    pipeline.finish()
}

fn rejected(events: &[&str]) -> Refused {
    let finished = read(events, Pipeline::new(&input(json!([]))));
    let Outcome::Rejected(rejection) = &finished.outcome else { panic!("{events:?}: {}", finished.outcome) };
    Refused::from(rejection)
}

#[test]
fn each_error_of_the_reference_client_is_about_its_stream_and_no_other() {
    let refused: Vec<_> = REJECTED.iter().map(|(events, _)| rejected(events)).collect();
    for (index, (_, pieces)) in REJECTED.iter().enumerate() {
        for (other, refused) in refused.iter().enumerate() {
            let verdicts = pieces.iter().map(|piece| words::error(piece, Some(refused), ""));
            match verdicts.collect::<Result<Vec<_>, _>>() {
                Ok(_) => assert_eq!(index, other, "{pieces:?} is not about {refused:?}"),
                Err(why) => assert_ne!(index, other, "{why}"),
            }
        }
    }
}

#[test]
fn a_text_that_nobody_knows_is_unmapped() {
    let refused = rejected(&[r#"{"type":"TEXT_MESSAGE_END","messageId":"m6"}"#]);
    for text in
        ["the moon is not full", "m7", "message 'm7' is odd", "/delta", "message", "mess", "text mess"]
    {
        let why = words::error(text, Some(&refused), "").unwrap_err();
        assert!(why.starts_with("unmapped"), "{why}");
        let why = words::error(text, None, "the run succeeded").unwrap_err();
        assert!(why.starts_with("unmapped"), "{why}");
        let why = words::warning(text, &[]).unwrap_err();
        assert!(why.starts_with("unmapped"), "{why}");
    }
    // The same id, or the same path, is enough.
    words::error("message 'm6' is odd", Some(&refused), "").unwrap();
    let refused = rejected(&[r#"{"type":"CUSTOM","name":1,"value":1}"#]);
    words::error("name", Some(&refused), "").unwrap();
    words::error("the name is bad", Some(&refused), "").unwrap();
    words::error("the value is bad", Some(&refused), "").unwrap_err();
}

#[test]
fn each_warning_of_the_reference_client_is_about_its_stream_and_no_other() {
    let warned = |(events, era, _): &(&[&str], Option<&str>, &[&str])| {
        let era = era.map(|era| era.parse::<Era>().unwrap());
        let finished = read(events, Pipeline::new(&input(json!([]))).era(era));
        finished.warnings.all().iter().map(Warned::from).collect::<Vec<_>>()
    };
    let said: Vec<_> = WARNED.iter().map(warned).collect();
    for (index, (events, _, pieces)) in WARNED.iter().enumerate() {
        for (other, said) in said.iter().enumerate() {
            let verdicts = pieces.iter().map(|piece| words::warning(piece, said));
            match verdicts.collect::<Result<Vec<_>, _>>() {
                // Of some streams several things are said.
                Ok(_) => assert_eq!(events, &WARNED[other].0, "{pieces:?} is not about {said:?}"),
                Err(why) => assert_ne!(index, other, "{why}"),
            }
        }
    }
}

/// What a validator says of one value fits no other value, whatever is wrong with that.
#[test]
fn what_a_validator_says_is_held_against_the_place_and_what_was_there() {
    let start = |members: &str| format!(r#"{{"type":"RUN_ERROR",{members}}}"#);
    let refused = |members: &str| rejected(&[&start(members)]);
    let message = refused(r#""message":7"#);
    let code = refused(r#""message":"m","code":[]"#);
    let time = refused(r#""message":"m","timestamp":1.5"#);
    let missing = refused(r#""code":"c""#);
    let whole = |received: &str, path: &str| {
        format!(
            r#"[{{"code": "invalid_type", "path": ["{path}"], "message": "Invalid input: expected string, received {received}"}}]"#
        )
    };
    for (text, about) in [
        (whole("number", "message"), &message),
        (whole("array", "code"), &code),
        (whole("undefined", "message"), &missing),
        ("expected int, received number".to_owned(), &time),
        (r#""path": ["timestamp"], "message": "Invalid input"#.to_owned(), &time),
        ("message".to_owned(), &message),
        ("timestamp".to_owned(), &time),
    ] {
        words::error(&text, Some(about), "").unwrap();
        for other in [&message, &code, &time, &missing] {
            let is_about = std::ptr::eq(other, about);
            // That one is missing is told by its name as well.
            let is_alike = text == "message" && std::ptr::eq(other, &missing);
            assert!(
                is_about || is_alike || words::error(&text, Some(other), "").is_err(),
                "{text}: {other:?}"
            );
        }
    }
    words::error(&whole("number", "code"), Some(&message), "").unwrap_err();
    words::error(&whole("null", "message"), Some(&message), "").unwrap_err();
}

/// What a file says, as one of the corpus.
async fn complaints(file: Value) -> Vec<String> {
    crate::complaints(&file.to_string()).await
}

fn run_of(events: &[&str]) -> Value {
    let start = r#"{"type":"RUN_STARTED","threadId":"t1","runId":"r1"}"#;
    [start].iter().chain(events).map(|event| serde_json::from_str::<Value>(event).unwrap()).collect()
}

#[tokio::test]
async fn proc_17_input_that_is_malformed_fails_and_is_not_sent() {
    let input = json!({ "messages": [{ "id": 7, "role": "user", "content": "x" }] });
    let expect = json!({
        "outcome": "failed", "errorContains": "expected string, received number",
        "eventTypes": [], "requestAbsentPaths": ["messages"],
    });
    let file = json!({ "input": input, "stream": run_of(&[END]), "expect": expect });
    assert_eq!(complaints(file.clone()).await, Vec::<String>::new());
    let mut wrong = file;
    wrong["expect"] = json!({ "outcome": "completed", "request": {}, "errorContains": "moon" });
    assert_eq!(complaints(wrong).await.len(), 3);
}

#[tokio::test]
async fn proc_18_what_the_input_loses_is_warned_of() {
    let input = json!({ "future": 1, "messages": [{ "id": "u", "role": "user", "content": [
        { "type": "text", "text": "x" }, { "type": "binary", "mimeType": "image/png", "id": "f1" },
    ] }] });
    let warnings = ["material at '/future'", "only an id ('f1')"];
    let file = json!({ "input": input, "stream": run_of(&[END]), "expect": { "warnings": warnings } });
    assert_eq!(complaints(file).await, Vec::<String>::new());
    let file = json!({ "input": input, "stream": run_of(&[END]), "expect": { "noWarnings": true } });
    assert_eq!(complaints(file).await.len(), 1);
}

#[tokio::test]
async fn run_20_each_run_of_a_stream_may_be_the_one_that_failed() {
    let stream = json!([
        { "type": "RUN_STARTED", "threadId": "t1", "runId": "r0" },
        { "type": "RUN_ERROR", "message": "it rained" },
        { "type": "RUN_STARTED", "threadId": "t1", "runId": "r1" },
        { "type": "RUN_FINISHED", "threadId": "t1", "runId": "r1" },
    ]);
    for (expected, complaint) in
        [(json!(true), 0), (json!("rained"), 0), (json!(false), 1), (json!("snow"), 1)]
    {
        let file = json!({ "stream": stream, "expect": { "runError": expected, "outcome": "completed" } });
        assert_eq!(complaints(file).await.len(), complaint, "{expected}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_a_complaint() {
    // As it is written, whatever comes before it.
    let text = r#"{ "input": { "state": "\"stream\": [1]" }, "description": "\"stream\"", "stream": [
        { "type": "RUN_STARTED", "threadId": "t1", "runId": "r1" }, { "type": "RUN_FINISHED", "threadId": "t1", "runId": "r1" }
    ], "expect": { "eventTypes": ["RUN_STARTED", "RUN_FINISHED"], "noWarnings": true } }"#;
    assert_eq!(crate::complaints(text).await, Vec::<String>::new());
    for file in [
        json!({ "stream": [], "expect": {}, "novelty": 1 }),
        json!({ "stream": [], "expect": {}, "client": { "novelty": 1 } }),
        json!({ "stream": [], "expect": {}, "client": { "maxProtocolVersion": "old" } }),
        json!({ "stream": [], "expect": { "novelty": 1 } }),
        json!({ "stream": [], "expect": { "warnings": "none" } }),
        json!({ "stream": 1, "expect": {} }),
    ] {
        assert_eq!(complaints(file.clone()).await.len(), 1, "{file}");
    }
}
