//! Phrases of the reference client: as much of what it says as it takes to know what it is about.

use crate::words::Words;
use agui::client::{RejectionKind, WarningKind};

type Phrases = &'static [&'static str];

const fn order(phrases: Phrases, rules: Phrases) -> Words<RejectionKind> {
    Words { phrases, kind: RejectionKind::Order, rules, ours: &[] }
}

const fn chunk(phrases: Phrases, rules: Phrases, ours: Phrases) -> Words<RejectionKind> {
    Words { phrases, kind: RejectionKind::Chunk, rules, ours }
}

const fn malformed(phrases: Phrases, ours: Phrases) -> Words<RejectionKind> {
    Words { phrases, kind: RejectionKind::Malformed, rules: &["PROC-4", "PROC-17", "EVT-1"], ours }
}

/// An item, in the words of both.
const fn item(phrases: Phrases, rules: Phrases, ours: Phrases) -> Words<RejectionKind> {
    Words { phrases, kind: RejectionKind::Order, rules, ours }
}

const OPEN: Phrases = &["RUN-11", "RUN-31"];
const ITEMS: Phrases = &["TXT-7", "TOOL-15", "REAS-1", "REAS-4"];
const OWNER: Phrases = &["SUB-11", "SUB-13", "SUB-14", "ACT-14"];

#[rustfmt::skip]
pub(crate) const ERRORS: &[Words<RejectionKind>] = &[
    order(&["Cannot send", "send '", "event type '"], &[]),
    malformed(&["Cannot send", "send '"], &["null", "missing field", "expected a string"]),
    item(&["text message"], &[], &["text message"]),
    item(&["tool call"], &[], &["tool call"]),
    item(&["reasoning message"], &[], &["reasoning message"]),
    item(&["reasoning span"], &[], &["reasoning span"]),
    chunk(&["text message", "tool call", "reasoning message"], &["CHK-17", "CHK-25", "CHK-29"], &[]),

    order(&["First event must", "be 'RUN_STARTED'"], &["RUN-1"]),
    order(&["run has already"], &["RUN-16", "RUN-17"]),
    order(&["already errored", "with 'RUN_ERROR'", "No further", "events can be"], &["RUN-17"]),
    order(&["already finished", "with 'RUN_FINISHED'", "Start a new", "new run with"], &["RUN-16"]),
    order(&["while a run", "run is still", "previous run", "be finished with", "with 'RUN_FINISHED'", "starting a new"], &["RUN-21"]),

    order(&["are still active"], OPEN),
    order(&["still active"], &["RUN-11", "RUN-31", "RUN-21"]),
    item(&["while steps", "steps are"], OPEN, &["step"]),
    item(&["while text", "while reasoning", "while tool"], OPEN, &["message", "span", "call"]),
    item(&["while subagents", "subagents are"], OPEN, &["subagent"]),

    item(&["already in progress", "in progress", "Complete it", "it with '"], ITEMS, &["open already"]),
    item(&["with ID", "must be sent", "No active"], ITEMS, &["not opened"]),
    item(&["with ID"], ITEMS, &["open already"]),
    order(&["with ID", "must be sent", "active subagent"], &["SUB-6"]),

    order(&["already active"], &["STEP-1", "SUB-5"]),
    order(&["active for", "in subagent"], &["STEP-1"]),
    order(&["for step", "in subagent"], &["STEP-2", "STEP-3"]),
    order(&["was not started"], &["STEP-2"]),
    order(&["attributed to", "that step is", "open under", "under subagent", "under the parent", "finished by", "by whoever"], &["STEP-3"]),

    order(&["does not", "not match", "(the parent agent)", "opener's subagent"], OWNER),
    order(&["does not", "not match", "(the parent agent)", "parent message", "is owned by", "belongs to", "that carries"], &["SUB-15"]),

    order(&["Finish it", "it with '", "already finished", "in this run", "Subagent IDs", "per-invocation", "be reused"], &["SUB-5"]),
    order(&["parentSubagentRunId", "not been started", "in this run"], &["SUB-17"]),

    chunk(&["Cannot continue", "does not", "not match", "the open stream's"], &["CHK-17", "CHK-25"], &[]),
    chunk(&["chunk role", "stream's role", "chunk name", "stream's name"], &["CHK-17"], &["role or name"]),
    chunk(&["chunk toolCallName", "stream's toolCallName", "chunk parentMessageId", "stream's parentMessageId"], &["CHK-17"], &["tool or parent"]),
    chunk(&["chunk subagentRunId", "stream's subagent", "(the parent agent)"], &["CHK-25"], &[]),
    chunk(&["First TEXT", "First TOOL", "First REASONING", "must have a"], &["CHK-12", "CHK-13"], &[]),
    chunk(&["have a messageId", "have a toolCallId"], &["CHK-12", "CHK-13"], &["no id"]),
    chunk(&["have a toolCallName"], &["CHK-12", "CHK-13"], &["no toolCallName"]),
    chunk(&["Ambiguous", "carries neither", "nor a subagentRunId", "lanes have", "Attribute the", "belongs to"], &["CHK-29"], &[]),

    malformed(&["field is optional", "optional — omit", "it entirely", ": null'", "message (id", "interrupt (id"], &["null"]),
    malformed(&["without a '", "without an '"], &["missing field"]),
    malformed(&["non-string entry", "ids are strings"], &["expected a string"]),
    malformed(&["Invalid input", "invalid_union", "invalid_element", "invalid_key", "\"code\": \"custom\""], &[]),
    malformed(&["expected string", "expected number", "expected int", "expected boolean", "expected array", "expected object"], &[]),
    malformed(&["expected record", "expected \"", "expected \\\""], &[]),
    malformed(&["received string", "received number", "received boolean", "received array", "received object"], &[]),
    malformed(&["received null", "received undefined", "Invalid value", "Invalid key", "nrecognized key", "unrecognized_keys"], &[]),
    malformed(&["Invalid option", "expected one of"], &["unknown", "expected one of"]),
    malformed(&["Invalid string", "match pattern", "invalid_format"], &["pattern"]),
    malformed(&["Invalid number", "multiple of", "not_multiple_of"], &["multiple"]),
    malformed(&["Too small", "too_small", ">="], &["at least", "between"]),
    malformed(&["Too big", "too_big", "<="], &["at most", "between"]),
    malformed(&["invalid_type"], &["invalid type", "missing field"]),
    malformed(&["invalid_value"], &["unknown", "constant", "expected one of"]),
    malformed(&["Invalid event"], &["(Event", "missing field `type`", "/type"]),
    malformed(&["not a JSON", "frame is not"], &["(Event"]),
    malformed(&["event type.", "no event type", "frame carries"], &["missing field `type`", "/type"]),

    Words { phrases: &["buffer size exceeded", "maximum limit", "not valid JSON", "Unexpected token", "end of JSON"], kind: RejectionKind::Frame, rules: &["PROC-10"], ours: &[] },
];

const fn warning(kind: WarningKind, phrases: Phrases, ours: Phrases) -> Words<WarningKind> {
    Words { phrases, kind, rules: &[], ours }
}

/// What is said of every shape that is put into another.
const SHIMS: Phrases = &[
    "DEPRECATIONS",
    "repo-root",
    "this warning",
    "ppress it",
    "SUPPRESS_",
    "your AG-UI",
    "integration package",
];

#[rustfmt::skip]
pub(crate) const WARNINGS: &[Words<WarningKind>] = &[
    warning(WarningKind::UnknownEvent, &["[enforce]", "unrecognised event", "no middleware", "not describe"], &[]),
    warning(WarningKind::Removed, &["[enforce]", "unrecognised material", "Nothing handled", "outgoing input", "retired shape"], &[]),
    warning(WarningKind::Removed, &["DEPRECATIONS", "repo-root"], &[]),

    warning(WarningKind::Translated, &["[compat]"], &[]),
    warning(WarningKind::Translated, SHIMS, &[]),
    warning(WarningKind::Translated, &["deprecated", "is converting", "converting THINKING", "old shape", "shape leaves", "shim window"], &["read as"]),
    warning(WarningKind::Translated, &["absent field", "null to"], &["`null` read as absent"]),
    warning(WarningKind::Translated, &["binary input", "input content", "media content parts"], &["read as one of its kind"]),
    warning(WarningKind::Translated, &["Minting a", "no THINKING", "no id to", "client's invention", "translated event", "nothing opened"], &["THINKING_"]),
    warning(WarningKind::Translated, &["THINKING_START.title", "no title", "span's label", "label cannot", "can recover"], &["without its title"]),
    warning(WarningKind::Translated, &["binary content part", "only an id", "cannot be converted", "media part;", "1.0 peer", "or a url"], &["cannot be read"]),

    warning(WarningKind::Downgraded, &["[compat]"], &[]),
    warning(WarningKind::Downgraded, SHIMS, &[]),
    warning(WarningKind::Downgraded, &["Flattening message", "DROPS", "non-text parts", "media content.", "peer cannot"], &["as text"]),
    warning(WarningKind::Downgraded, &["is dropping", "dropping SUBAGENT", "target agent", "subagent support"], &["dropped"]),

    warning(WarningKind::NotApplied, &["state patch", "Current state:", "Patch operations:"], &["STATE_DELTA does not apply"]),
    warning(WarningKind::NotApplied, &["activity patch"], &["ACTIVITY_DELTA for"]),
    warning(WarningKind::NotApplied, &["Failed to apply"], &["does not apply"]),
    warning(WarningKind::NotApplied, &["not an activity", "an activity message"], &["is no activity"]),
    warning(WarningKind::NotApplied, &["an activity message", "message ids", "ids must be", "unique across"], &["no message that could hold"]),
    warning(WarningKind::NotApplied, &["No message found", "No tool call", "found containing", "with ID"], &[]),

    warning(WarningKind::Version, &["producer declared", "protocol version", "cannot interpret"], &["no version"]),
    warning(WarningKind::Version, &["producer speaks", "client speaks", "Unrecognised material", "be stripped"], &["newer than"]),
];
