//! The rules that every answer shows, and what has to be in a stream for it to show them.

use super::report::Level;

/// A rule about the events of a run, or the bytes that they are in.
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) level: Level,
    pub(super) what: &'static str,
    /// One of these has to occur: event types by their beginning, or [`FRONTEND_CALL`] and the like. Always, if there
    /// is none.
    pub(super) when: &'static [&'static str],
}

/// Occasions that are no event types.
pub(super) const FRONTEND_CALL: &str = "a call of a tool of the application";
pub(super) const INTERRUPT: &str = "an outcome `interrupt`";
pub(super) const CANCELLED: &str = "an outcome `cancelled`";
pub(super) const USAGE: &str = "token usage";
pub(super) const HTTP: &str = "a run over HTTP";
pub(super) const REFUSAL: &str = "an HTTP error";

const TEXT: &[&str] = &["TEXT_MESSAGE_"];
const CALL: &[&str] = &["TOOL_CALL_"];
const REASONING: &[&str] = &["REASONING_"];
const STEP: &[&str] = &["STEP_"];
const SUBAGENT: &[&str] = &["SUBAGENT_"];
const ACTIVITY: &[&str] = &["ACTIVITY_"];
const CHUNK: &[&str] = &["TEXT_MESSAGE_CHUNK", "TOOL_CALL_CHUNK", "REASONING_MESSAGE_CHUNK"];

#[rustfmt::skip]
pub(super) const OF_STREAMS: &[Rule] = &[
    must("SSE-3",   "a run is answered with status 200 and `text/event-stream`", &[HTTP]),
    must("PB-3",    "who accepts `text/event-stream` alone gets nothing else", &[HTTP]),
    must("SSE-4",   "the data of a frame is one event, whole", &[]),
    must("SSE-5",   "lines end with LF", &[]),
    must("SSE-9",   "the body is closed after the last run's end", &[]),
    must("TRN-1",   "the answer arrives in full", &[]),
    must("TRN-2",   "RUN_FINISHED or RUN_ERROR is the end", &[]),
    must("EVT-1",   "an event is an object with a type that there is", &[]),
    must("EVT-4",   "what has no value is left out, not null", &[]),
    must("EVT-8",   "a run id is used once", &[]),
    must("EVT-9",   "a message id is used once", &[]),
    must("EVT-13",  "boundaries of runs and snapshots of messages are nobody's in particular", &[]),
    must("PROC-19", "events have described members with described values", &[]),
    must("RUN-1",   "RUN_STARTED or RUN_ERROR comes first", &[]),
    must("RUN-4",   "RUN_FINISHED has the id of its run", &["RUN_FINISHED"]),
    must("RUN-5",   "the boundaries of a run have the thread of the input", &["RUN_STARTED"]),
    must("RUN-6",   "the last run is the one that was asked for", &["RUN_FINISHED"]),
    must("RUN-9",   "RUN_STARTED declares a version", &["RUN_STARTED"]),
    must("RUN-11",  "all is closed before RUN_FINISHED", &["RUN_FINISHED"]),
    must("RUN-14",  "the outcome is one that there is", &["RUN_FINISHED"]),
    must("RUN-16",  "after RUN_FINISHED there is another run, one RUN_ERROR, or nothing", &["RUN_FINISHED"]),
    must("RUN-17",  "after RUN_ERROR there is another run or nothing", &["RUN_ERROR"]),
    must("RUN-21",  "a run ends before the next begins", &["RUN_STARTED"]),
    must("RUN-31",  "all is closed before a run ends as cancelled", &[CANCELLED]),
    must("TXT-5",   "a message that is opened again has owner, role and name as before", TEXT),
    must("TXT-7",   "a message is opened, continued and closed in this order", TEXT),
    must("CHK-10",  "a message in chunks is in chunks throughout", CHUNK),
    must("CHK-12",  "a first chunk says of what", CHUNK),
    must("CHK-17",  "chunks of one message say the same of it", CHUNK),
    must("CHK-25",  "a chunk has the owner of its message", CHUNK),
    must("CHK-29",  "chunks of several subagents at once say whose they are", CHUNK),
    must("TOOL-7",  "a call that is opened again has tool, message and owner as before", CALL),
    must("TOOL-15", "a call is opened, continued and closed in this order", CALL),
    must("TOOL-20", "the agent does not answer tools of the application", &[FRONTEND_CALL]),
    must("TOOL-21", "a call that waits for the application is no interrupt", &[FRONTEND_CALL]),
    note("TOOL-23", "the outcome lists the calls that wait for the application, in order", &[FRONTEND_CALL]),
    must("TOOL-24", "the calls that the outcome lists are those without a result", &[FRONTEND_CALL]),
    must("REAS-1",  "a reasoning span is opened, then closed", REASONING),
    must("REAS-4",  "a reasoning message is opened, continued and closed in this order", REASONING),
    must("STATE-3", "a delta applies to the state that the client has", &["STATE_DELTA"]),
    must("ACT-7",   "an activity stays with its owner", ACTIVITY),
    must("ACT-8",   "an activity has a snapshot before a delta", ACTIVITY),
    must("ACT-11",  "the content of an activity stays an object", ACTIVITY),
    must("ACT-14",  "a delta has the owner of its activity", ACTIVITY),
    must("STEP-1",  "a step that is open is not opened again", STEP),
    must("STEP-2",  "a step that is closed was open", STEP),
    must("STEP-3",  "a step is closed by who opened it", STEP),
    must("SUB-4",   "a subagent is announced before what it does", SUBAGENT),
    must("SUB-5",   "a subagent is announced once", SUBAGENT),
    must("SUB-6",   "a subagent that was announced is closed, once", SUBAGENT),
    must("SUB-11",  "what continues an item has its owner", &["TEXT_MESSAGE_", "TOOL_CALL_", "REASONING_"]),
    must("SUB-14",  "what is opened again has its owner", &["TEXT_MESSAGE_", "TOOL_CALL_", "REASONING_"]),
    must("SUB-15",  "a call has the owner of its message", CALL),
    must("SUB-17",  "the parent of a subagent was announced", SUBAGENT),
    must("INT-1",   "an outcome `interrupt` has at least one", &[INTERRUPT]),
    must("INT-2",   "the ids of interrupts are unique", &[INTERRUPT]),
    must("USE-3",   "cached, cache-written and reasoning tokens are parts of the totals", &[USAGE]),
    must("USE-4",   "the total of tokens is input and output", &[USAGE]),
    note("RUN-33",  "a run that was cancelled has no result", &[CANCELLED]),
    note("PASS-4",  "names of custom events have a prefix", &["CUSTOM"]),
    note("EVT-2",   "timestamps do not go back", &[]),
    must("SSE-10",  "a refusal is an HTTP error without an event stream", &[REFUSAL]),
    note("SSE-10",  "a refusal says that it is the client's mistake (4xx)", &[REFUSAL]),
    note("HTTP",    "`Cache-Control` and `X-Accel-Buffering` keep events from being held back", &[HTTP]),
];

const fn must(id: &'static str, what: &'static str, when: &'static [&'static str]) -> Rule {
    Rule { id, level: Level::Must, what, when }
}

const fn note(id: &'static str, what: &'static str, when: &'static [&'static str]) -> Rule {
    Rule { id, level: Level::Should, what, when }
}
