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
    order(&["Cannot send", "event type '"], &[]),
    malformed(&["Cannot send"], &["null", "missing field", "expected a string"]),
    item(&["text message"], &[], &["text message"]),
    item(&["tool call"], &[], &["tool call"]),
    item(&["reasoning message"], &[], &["reasoning message"]),
    item(&["reasoning span"], &[], &["reasoning span"]),
    chunk(&["text message", "tool call", "reasoning message"], &["CHK-17", "CHK-25", "CHK-29"], &[]),

    order(&["First event", "be 'RUN_STARTED'"], &["RUN-1"]),
    order(&["run has already"], &["RUN-16", "RUN-17"]),
    order(&["already errored", "No further"], &["RUN-17"]),
    order(&["already finished", "Start a new"], &["RUN-16"]),
    order(&["run is still", "previous run"], &["RUN-21"]),

    order(&["still active"], &["RUN-11", "RUN-31", "RUN-21"]),
    item(&["while steps"], OPEN, &["step"]),
    item(&["while text", "while reasoning", "while tool"], OPEN, &["message", "span", "call"]),
    item(&["while subagents"], OPEN, &["subagent"]),

    item(&["in progress", "Complete it"], ITEMS, &["open already"]),
    item(&["with ID", "No active"], ITEMS, &["not opened"]),
    item(&["with ID"], ITEMS, &["open already"]),
    order(&["with ID", "active subagent"], &["SUB-6"]),

    order(&["already active"], &["STEP-1", "SUB-5"]),
    order(&["in subagent"], &["STEP-1", "STEP-2", "STEP-3"]),
    order(&["was not started"], &["STEP-2"]),
    order(&["attributed to", "open under"], &["STEP-3"]),

    order(&["does not", "opener's subagent"], OWNER),
    order(&["does not", "parent message"], &["SUB-15"]),

    order(&["Finish it"], &["SUB-5"]),
    order(&["already finished", "per-invocation"], &["SUB-5"]),
    order(&["parentSubagentRunId", "been started"], &["SUB-17"]),

    chunk(&["Cannot continue", "does not"], &["CHK-17", "CHK-25"], &[]),
    chunk(&["stream's role", "chunk name"], &["CHK-17"], &["role or name"]),
    chunk(&["chunk toolCallName", "chunk parentMessageId"], &["CHK-17"], &["tool or parent"]),
    chunk(&["chunk subagentRunId", "stream's subagent"], &["CHK-25"], &[]),
    chunk(&["First TEXT", "First TOOL", "First REASONING"], &["CHK-12", "CHK-13"], &[]),
    chunk(&["have a messageId", "have a toolCallId"], &["CHK-12", "CHK-13"], &["no id"]),
    chunk(&["have a toolCallName"], &["CHK-12", "CHK-13"], &["no toolCallName"]),
    chunk(&["Ambiguous", "lanes have"], &["CHK-29"], &[]),

    malformed(&["field is optional", ": null'"], &["null"]),
    malformed(&["without a '", "without an '"], &["missing field"]),
    malformed(&["non-string entry"], &["expected a string"]),
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
    malformed(&["not a JSON"], &["(Event"]),
    malformed(&["no event type"], &["missing field `type`", "/type"]),

    Words { phrases: &["buffer size", "not valid JSON"], kind: RejectionKind::Frame, rules: &["PROC-10"], ours: &[] },
];

const fn warning(kind: WarningKind, phrases: Phrases, ours: Phrases) -> Words<WarningKind> {
    Words { phrases, kind, rules: &[], ours }
}

#[rustfmt::skip]
pub(crate) const WARNINGS: &[Words<WarningKind>] = &[
    warning(WarningKind::UnknownEvent, &["unrecognised event"], &[]),
    warning(WarningKind::Removed, &["unrecognised material", "outgoing input"], &[]),

    warning(WarningKind::Translated, &["[compat]", "DEPRECATIONS"], &[]),
    warning(WarningKind::Translated, &["deprecated", "converting THINKING"], &["read as"]),
    warning(WarningKind::Translated, &["null to"], &["`null` read as absent"]),
    warning(WarningKind::Translated, &["binary input"], &["read as one of its kind"]),
    warning(WarningKind::Translated, &["Minting a", "no THINKING"], &["THINKING_"]),
    warning(WarningKind::Translated, &["THINKING_START.title", "span's label"], &["without its title"]),
    warning(WarningKind::Translated, &["binary content part", "only an id"], &["cannot be read"]),

    warning(WarningKind::Downgraded, &["[compat]", "DEPRECATIONS"], &[]),
    warning(WarningKind::Downgraded, &["Flattening message", "non-text parts"], &["as text"]),
    warning(WarningKind::Downgraded, &["dropping SUBAGENT", "subagent support"], &["dropped"]),

    warning(WarningKind::NotApplied, &["state patch"], &["STATE_DELTA does not apply"]),
    warning(WarningKind::NotApplied, &["activity patch"], &["ACTIVITY_DELTA for"]),
    warning(WarningKind::NotApplied, &["not an activity"], &["is no activity"]),
    warning(WarningKind::NotApplied, &["an activity message"], &["is no activity", "no message that could hold"]),
    warning(WarningKind::NotApplied, &["No message found", "No tool call"], &[]),

    warning(WarningKind::Version, &["producer declared"], &["no version"]),
    warning(WarningKind::Version, &["producer speaks"], &["newer than"]),
];
