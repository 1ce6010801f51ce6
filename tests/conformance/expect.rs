//! What is expected, held against what was seen.

use crate::case::{Case, Seen};
use crate::words;
use agui::client::Outcome;
use serde_json::Value;

/// Everything that is not as expected.
pub(crate) fn complaints(case: &Case, seen: &Seen) -> Vec<String> {
    case.expect.iter().filter_map(|(key, expected)| judge(key, expected, case, seen).err()).collect()
}

fn judge(key: &str, expected: &Value, case: &Case, seen: &Seen) -> Result<(), String> {
    let outcome = &seen.finished.outcome;
    match key {
        "outcome" => {
            // A stream that was cut was read to its end; that it is no success is ours to say.
            let failed = matches!(outcome, Outcome::Rejected(_) | Outcome::Transport(_));
            let cut = matches!(outcome, Outcome::Truncated(_));
            match text(expected) {
                "completed" => check(!failed, || format!("expected to complete: {outcome}")),
                "failed" => check(failed || cut, || format!("expected to fail: {outcome}")),
                other => Err(format!("no outcome: `{other}`")),
            }
        }
        "errorContains" => words::error(text(expected), outcome),
        "runError" => {
            let Outcome::Failed(error) = outcome else {
                return check(*expected == Value::Bool(false), || {
                    format!("expected a failed run: {outcome}")
                });
            };
            let part = expected.as_str().unwrap_or_default();
            check(*expected != Value::Bool(false) && error.message.contains(part), || error.message.clone())
        }
        "eventTypes" => check(types(seen) == strings(expected), || format!("events {:?}", types(seen))),
        "eventTypesAbsent" => {
            let types = types(seen);
            check(strings(expected).iter().all(|absent| !types.contains(absent)), || {
                format!("events {types:?}")
            })
        }
        "eventPaths" => {
            let mut paths = expected.as_object().unwrap().iter();
            paths.try_for_each(|(path, expected)| {
                let found = find(&Value::from(seen.events.clone()), path);
                check(found.as_ref() == Some(expected), || format!("{path} is {found:?}, not {expected}"))
            })
        }
        "eventAbsentPaths" => absent("events", expected, &Value::from(seen.events.clone())),
        "warnings" => {
            let warnings = seen.finished.warnings.all();
            strings(expected).iter().try_for_each(|text| words::warning(text, warnings))
        }
        "noWarnings" => {
            let none = seen.finished.warnings.total() == 0;
            check(none == (*expected == Value::Bool(true)), || {
                format!("warnings {:?}", seen.finished.warnings.all())
            })
        }
        "messageCount" => {
            let count = seen.finished.conversation.messages().len();
            check(*expected == count, || format!("{count} messages, not {expected}"))
        }
        "messages" => subset("messages", expected, &messages(seen)),
        "state" => subset("state", expected, seen.finished.conversation.state()),
        "request" => subset("request", expected, &seen.request),
        "requestAbsentPaths" => absent("request", expected, &seen.request),
        _ => Err(format!("nobody knows what `{key}` asks of {}", case.expect.len())),
    }
}

fn check(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(text).collect()
}

fn types(seen: &Seen) -> Vec<&str> {
    seen.events.iter().map(|event| text(&event["type"])).collect()
}

fn messages(seen: &Seen) -> Value {
    serde_json::to_value(seen.finished.conversation.messages()).unwrap()
}

/// The value at a path with dots.
fn find(document: &Value, path: &str) -> Option<Value> {
    let mut place = document;
    for segment in path.split('.') {
        place = match place {
            Value::Array(elements) => elements.get(segment.parse::<usize>().ok()?)?,
            Value::Object(members) => members.get(segment)?,
            _ => return None,
        };
    }
    Some(place.clone())
}

fn absent(what: &str, paths: &Value, document: &Value) -> Result<(), String> {
    strings(paths).iter().try_for_each(|path| {
        let found = find(document, path);
        check(found.is_none(), || format!("{what}: {path} is {found:?}"))
    })
}

/// Named members alone; arrays of the same length.
fn subset(place: &str, expected: &Value, found: &Value) -> Result<(), String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().try_for_each(|(name, expected)| match found.get(name) {
                Some(found) => subset(&format!("{place}/{name}"), expected, found),
                None => Err(format!("{place}: no {name}")),
            })
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let pairs = expected.iter().zip(found).enumerate();
            let mut pairs =
                pairs.map(|(at, (expected, found))| subset(&format!("{place}/{at}"), expected, found));
            pairs.find(Result::is_err).unwrap_or(Ok(()))
        }
        _ => check(expected == found, || format!("{place} is {found}, not {expected}")),
    }
}
