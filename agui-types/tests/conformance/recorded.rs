//! Documents that others wrote: the official conformance streams, and what other agents have sent.

use crate::support::definitions::Definition;
use crate::support::schema::{self, Schema};
use crate::support::{json, shared};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn events_of_the_conformance_streams_get_the_verdict_of_the_schema() {
    let what = "the official conformance streams";
    let Some(folder) = shared::find("conformance/streams", what) else { return };
    let Some(schema) = schema::official(what) else { return };
    let mut tally = Tally::default();
    for file in files(&folder, ".json") {
        let case: Value = parse(&file, &fs::read(&file).unwrap());
        for (index, event) in case["stream"].as_array().expect("a stream").iter().enumerate() {
            tally.judge(schema, "Event", &event.to_string(), &format!("{}, event {index}", file.display()));
        }
    }
    assert!(tally.accepted > 100 && tally.refused > 5, "too little seen: {tally:?}");
}

#[test]
fn events_of_the_recordings_get_the_verdict_of_the_schema() {
    let what = "the recorded event streams";
    let Some(folder) = shared::find("recordings", what) else { return };
    let Some(schema) = schema::official(what) else { return };
    let mut tally = Tally::default();
    for file in files(&folder, ".sse") {
        for (index, event) in events(&fs::read_to_string(&file).unwrap()).iter().enumerate() {
            tally.judge(schema, "Event", event, &format!("{}, event {index}", file.display()));
        }
    }
    assert!(tally.accepted > 500, "too little seen: {tally:?}");
}

#[test]
fn requests_of_the_recordings_get_the_verdict_of_the_schema() {
    let what = "the recorded requests";
    let Some(folder) = shared::find("recordings", what) else { return };
    let Some(schema) = schema::official(what) else { return };
    let mut tally = Tally::default();
    for file in files(&folder, ".request.json") {
        let request = fs::read_to_string(&file).unwrap();
        tally.judge(schema, "RunAgentInput", &request, &file.display().to_string());
    }
    assert!(tally.accepted > 30, "too little seen: {tally:?}");
}

/// How many documents of each kind there were.
#[derive(Debug, Default)]
struct Tally {
    accepted: usize,
    refused: usize,
}

impl Tally {
    /// A valid document is decoded and encoded again without loss, any other is refused.
    #[track_caller]
    fn judge(&mut self, schema: &Schema, definition: &str, text: &str, origin: &str) {
        let document: Value = parse(Path::new(origin), text.as_bytes());
        let decoded = Definition::named(definition).strict(text);
        let verdict = schema.verdict(definition, &document);
        if schema.accepts(definition, &document) {
            let decoded = decoded.unwrap_or_else(|error| panic!("{origin}: {error}\n  {text}\n  {verdict}"));
            let encoded = decoded.encode().unwrap_or_else(|error| panic!("{origin}: {error}\n  {text}"));
            let back = serde_json::from_str(&encoded).unwrap();
            assert!(json::same(&document, &back), "{origin}: {text}\n  became {encoded}");
            self.accepted += 1;
        } else {
            assert!(decoded.is_err(), "{origin}: accepted {text}\n  {verdict}\n  {decoded:?}");
            self.refused += 1;
        }
    }
}

/// The files of a folder whose names end like this, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    files.sort();
    files
}

fn parse(origin: &Path, text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap_or_else(|error| panic!("{}: {error}", origin.display()))
}

/// The data of server-sent events.
fn events(stream: &str) -> Vec<String> {
    let frames = stream.split("\n\n").map(|frame| {
        let lines = frame.lines().filter_map(|line| line.strip_prefix("data:"));
        lines.map(|data| data.strip_prefix(' ').unwrap_or(data)).collect::<Vec<_>>().join("\n")
    });
    frames.filter(|data| !data.is_empty()).collect()
}
