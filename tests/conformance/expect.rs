//! What is expected, held against what was seen.

use crate::case::{Case, End, Seen};
use crate::words::{self, Refused};
use agui::client::Outcome;
use serde_json::Value;

/// Everything that is not as expected.
pub(crate) fn complaints(case: &Case, seen: &Seen) -> Vec<String> {
    case.expect.iter().filter_map(|(key, expected)| judge(key, expected, case, seen).err()).collect()
}

fn judge(key: &str, expected: &Value, case: &Case, seen: &Seen) -> Result<(), String> {
    match key {
        "outcome" => {
            let expected = text(expected)?;
            let (failed, how) = match &seen.end {
                End::Unsent(refused) => (true, format!("{refused:?}")),
                // A stream that was cut was read to its end; that it is no success is ours to say.
                End::Stream { outcome: Outcome::Truncated(_), .. } if !case.ends_in_order() => {
                    (expected == "failed", "truncated".to_owned())
                }
                End::Stream { outcome: outcome @ Outcome::Truncated(_), .. } => {
                    return Err(format!("{outcome}, though nothing is missing"));
                }
                End::Stream { outcome, .. } => {
                    let failed = matches!(outcome, Outcome::Rejected(_) | Outcome::Transport(_));
                    (failed, outcome.to_string())
                }
            };
            match expected {
                "completed" => check(!failed, || format!("expected to complete: {how}")),
                "failed" => check(failed, || format!("expected to fail: {how}")),
                other => Err(format!("no outcome: `{other}`")),
            }
        }
        "errorContains" => {
            let text = text(expected)?;
            match &seen.end {
                End::Unsent(refused) => words::error(text, Some(refused), ""),
                End::Stream { outcome, .. } => {
                    let refused = match outcome {
                        Outcome::Rejected(rejection) => Some(Refused::from(rejection)),
                        _ => None,
                    };
                    words::error(text, refused.as_ref(), &outcome.to_string())
                }
            }
        }
        "runError" => run_error(expected, &seen.end),
        "eventTypes" => {
            let types = types(seen)?;
            check(types == strings(expected)?, || format!("events {types:?}"))
        }
        "eventTypesAbsent" => {
            let (types, absent) = (types(seen)?, strings(expected)?);
            check(absent.iter().all(|absent| !types.contains(absent)), || format!("events {types:?}"))
        }
        "eventPaths" => {
            let mut paths = expected.as_object().ok_or("eventPaths is no object")?.iter();
            let events = Value::from(seen.events.clone());
            paths.try_for_each(|(path, expected)| {
                let found = find(&events, path);
                check(found == Some(expected), || format!("{path} is {found:?}, not {expected}"))
            })
        }
        "eventAbsentPaths" => absent("events", expected, &Value::from(seen.events.clone())),
        "warnings" => {
            strings(expected)?.into_iter().try_for_each(|text| words::warning(text, &seen.warnings))
        }
        "noWarnings" => {
            let warned = words::of_the_reference_too(&seen.warnings);
            check(warned.is_empty() == (*expected == Value::Bool(true)), || format!("warnings {warned:?}"))
        }
        "messageCount" => {
            let count = seen.messages.as_array().map_or(0, Vec::len);
            check(*expected == count, || format!("{count} messages, not {expected}"))
        }
        "messages" => subset("messages", expected, &seen.messages),
        "state" => subset("state", expected, &seen.state),
        "request" => match &seen.request {
            Some(request) => subset("request", expected, request),
            None => check(expected.is_null(), || "nothing was sent".to_owned()),
        },
        "requestAbsentPaths" => match &seen.request {
            Some(request) => absent("request", expected, request),
            None => Ok(()),
        },
        _ => Err(format!("nobody knows what `{key}` asks")),
    }
}

/// Whether a run, be it the last one or not, reported its own failure.
fn run_error(expected: &Value, end: &End) -> Result<(), String> {
    let End::Stream { runs, outcome } = end else {
        return check(*expected == Value::Bool(false), || "nothing was sent".to_owned());
    };
    let failures: Vec<_> = runs
        .iter()
        .chain([outcome])
        .filter_map(|outcome| match outcome {
            Outcome::Failed(error) => Some(error.message.as_str()),
            _ => None,
        })
        .collect();
    let holds = match expected {
        Value::Bool(expected) => *expected != failures.is_empty(),
        Value::String(part) => failures.iter().any(|message| message.contains(part.as_str())),
        other => return Err(format!("runError is {other}")),
    };
    check(holds, || format!("failures of runs: {failures:?}, not {expected}; {outcome}"))
}

fn check(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("no text: {value}"))
}

fn strings(value: &Value) -> Result<Vec<&str>, String> {
    value.as_array().ok_or_else(|| format!("no list: {value}"))?.iter().map(text).collect()
}

fn types(seen: &Seen) -> Result<Vec<&str>, String> {
    seen.events.iter().map(|event| text(&event["type"])).collect()
}

/// The value at a path with dots.
fn find<'v>(document: &'v Value, path: &str) -> Option<&'v Value> {
    let mut place = document;
    for segment in path.split('.') {
        place = match place {
            Value::Array(elements) => elements.get(segment.parse::<usize>().ok()?)?,
            Value::Object(members) => members.get(segment)?,
            _ => return None,
        };
    }
    Some(place)
}

fn absent(what: &str, paths: &Value, document: &Value) -> Result<(), String> {
    strings(paths)?.iter().try_for_each(|path| {
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
