//! What the reference client says, and what we say to the same.
//!
//! The words of the corpus are those of another program. Each that is known is held against the structured form of what
//! we say: the kind, the rules that it may name, and the id or path that has to be the same. What is not known passes
//! only if we say it, too, or name the same id or path.

use agui::client::{Outcome, RejectionKind, Warning, WarningKind};

/// A text of the reference client, `*` for an id, a type or a path.
struct Words {
    text: &'static str,
    kind: RejectionKind,
    rules: &'static [&'static str],
    /// Where in the event the problem is; empty if that makes no difference.
    pointer: &'static str,
}

const fn order(text: &'static str, rules: &'static [&'static str]) -> Words {
    Words { text, kind: RejectionKind::Order, rules, pointer: "" }
}

const fn chunk(text: &'static str, rules: &'static [&'static str]) -> Words {
    Words { text, kind: RejectionKind::Chunk, rules, pointer: "" }
}

const fn malformed(text: &'static str, pointer: &'static str) -> Words {
    Words { text, kind: RejectionKind::Malformed, rules: &["PROC-4"], pointer }
}

#[rustfmt::skip]
const ERRORS: &[Words] = &[
    order("First event must be 'RUN_STARTED'", &["RUN-1"]),
    order("The run has already errored", &["RUN-17"]),
    order("The run has already finished", &["RUN-16"]),
    order("while a run is still active", &["RUN-21"]),
    order("Cannot send 'RUN_FINISHED' while*still active", &["RUN-11", "RUN-31"]),
    order("No active text message found with ID '*'", &["TXT-7"]),
    order("No active tool call found with ID '*'", &["TOOL-15"]),
    order("No active reasoning * found with ID '*'", &["REAS-1", "REAS-4"]),
    order("that was not started", &["STEP-2", "STEP-3"]),
    order("is already in progress", &["TXT-7", "TOOL-15", "REAS-1", "REAS-4", "SUB-5"]),
    order("Step \"*\" is already active", &["STEP-1"]),
    order("does not match the*opener's subagent", &["SUB-11", "SUB-13", "SUB-14", "SUB-15", "ACT-14"]),
    chunk("does not match the open stream's role", &["CHK-17"]),
    chunk("Cannot continue*does not match the open stream's*", &["CHK-17"]),
    chunk("First * must have a *", &["CHK-12", "CHK-13"]),
    chunk("Ambiguous *_CHUNK", &["CHK-29"]),
    malformed("expected \\\"reasoning\\\"", "/role"),
    malformed("expected object, received array", "/outcome"),
    Words { text: "the frame is not a JSON object", kind: RejectionKind::Malformed, rules: &[], pointer: "" },
    Words { text: "carries no event type", kind: RejectionKind::Malformed, rules: &[], pointer: "" },
];

/// Whether a rejection is the one that this text is about.
pub(crate) fn error(text: &str, outcome: &Outcome) -> Result<(), String> {
    let said = outcome.to_string();
    let Outcome::Rejected(rejection) = outcome else {
        return contains(&said, text);
    };
    let Some((words, ids)) = ERRORS.iter().find_map(|words| Some((words, captures(words.text, text)?)))
    else {
        let named = [rejection.id(), Some(rejection.pointer()).filter(|pointer| !pointer.is_empty())];
        if named.into_iter().flatten().any(|name| text.contains(name)) {
            return Ok(());
        }
        return contains(&said, text);
    };
    let rule = words.rules.is_empty() || words.rules.contains(&rejection.rule());
    let place = words.pointer.is_empty() || words.pointer == rejection.pointer();
    // What is captured has to be named, if it is a name.
    let names =
        ids.iter().filter(|id| text.contains(&format!("'{id}'")) || text.contains(&format!("\"{id}\"")));
    let named = names.into_iter().all(|id| said.contains(id.as_str()));
    match rejection.kind() == words.kind && rule && place && named {
        true => Ok(()),
        false => Err(format!("`{text}` is not what `{said}` says")),
    }
}

/// A text of the reference client, and the kind of what we say.
#[rustfmt::skip]
const WARNINGS: &[(&str, WarningKind)] = &[
    ("Dropping unrecognised event '*'", WarningKind::UnknownEvent),
    ("Removed unrecognised material at '*' on *", WarningKind::Removed),
    ("Converting deprecated * to *", WarningKind::Translated),
    ("Failed to apply state patch", WarningKind::NotApplied),
    ("DROPS non-text parts", WarningKind::Downgraded),
    ("dropping *", WarningKind::Downgraded),
];

/// Whether one of the warnings is the one that this text is about.
pub(crate) fn warning(text: &str, warnings: &[Warning]) -> Result<(), String> {
    let known = WARNINGS.iter().find_map(|(words, kind)| Some((*kind, captures(words, text)?)));
    let Some((kind, names)) = known else {
        return match warnings.iter().any(|warning| warning.to_string().contains(text)) {
            true => Ok(()),
            false => Err(format!("unmapped: `{text}` is in none of {warnings:?}")),
        };
    };
    let fits = |warning: &&Warning| {
        let said = warning.to_string();
        warning.kind == kind && names.iter().all(|name| said.contains(name.trim_end_matches('.')))
    };
    match warnings.iter().find(fits) {
        Some(_) => Ok(()),
        None => Err(format!("`{text}` is not what any of {warnings:?} says")),
    }
}

fn contains(said: &str, text: &str) -> Result<(), String> {
    if said.contains(text) { Ok(()) } else { Err(format!("unmapped: `{text}` is not in `{said}`")) }
}

/// What stands in the text where the words have a `*`, if they are in it.
fn captures(words: &str, text: &str) -> Option<Vec<String>> {
    let mut parts = words.split('*');
    let first = parts.next()?;
    let mut rest = &text[text.find(first)? + first.len()..];
    let mut captured = Vec::new();
    for part in parts {
        let end = if part.is_empty() { rest.len() } else { rest.find(part)? };
        captured.push(rest[..end].trim().to_owned());
        rest = &rest[end + part.len()..];
    }
    Some(captured)
}
