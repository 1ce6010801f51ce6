//! The words of the reference client. `*` is what we name as well, `…` what we may leave out, `@` an owner.

use crate::words::Words;
use agui::client::{RejectionKind, WarningKind};

const fn order(text: &'static str, rules: &'static [&'static str]) -> Words<RejectionKind> {
    Words { text, kind: RejectionKind::Order, rules }
}

const fn chunk(text: &'static str, rules: &'static [&'static str]) -> Words<RejectionKind> {
    Words { text, kind: RejectionKind::Chunk, rules }
}

const fn malformed(text: &'static str) -> Words<RejectionKind> {
    Words { text, kind: RejectionKind::Malformed, rules: &["PROC-4", "PROC-17", "EVT-1"] }
}

const fn frame(text: &'static str) -> Words<RejectionKind> {
    Words { text, kind: RejectionKind::Frame, rules: &["PROC-10"] }
}

const OPEN: &[&str] = &["RUN-11", "RUN-31"];
const OWNER: &[&str] = &["SUB-11", "SUB-13", "SUB-14", "ACT-14"];

#[rustfmt::skip]
pub(crate) const ERRORS: &[Words<RejectionKind>] = &[
    order("First event must be 'RUN_STARTED'", &["RUN-1"]),
    order("Cannot send event type '*': The run has already errored with 'RUN_ERROR'. No further events can be sent.", &["RUN-17"]),
    order("Cannot send event type '*': The run has already finished with 'RUN_FINISHED'. Start a new run with 'RUN_STARTED'.", &["RUN-16"]),
    order("Cannot send 'RUN_STARTED' while a run is still active. The previous run must be finished with 'RUN_FINISHED' before starting a new run.", &["RUN-21"]),

    order("Cannot send 'RUN_FINISHED' while steps are still active: *", OPEN),
    order("Cannot send 'RUN_FINISHED' while steps are still active: * (subagent '*')", OPEN),
    order("Cannot send 'RUN_FINISHED' while text messages are still active: *", OPEN),
    order("Cannot send 'RUN_FINISHED' while reasoning messages are still active: *", OPEN),
    order("Cannot send 'RUN_FINISHED' while reasoning spans are still active: *", OPEN),
    order("Cannot send 'RUN_FINISHED' while tool calls are still active: *", OPEN),
    order("Cannot send 'RUN_FINISHED' while subagents are still active: *", OPEN),

    order("Cannot send 'TEXT_MESSAGE_START' event: A text message with ID '*' is already in progress. Complete it with 'TEXT_MESSAGE_END' first.", &["TXT-7"]),
    order("Cannot send 'TEXT_MESSAGE_CONTENT' event: No active text message found with ID '*'. Start a text message with 'TEXT_MESSAGE_START' first.", &["TXT-7"]),
    order("Cannot send 'TEXT_MESSAGE_END' event: No active text message found with ID '*'. A 'TEXT_MESSAGE_START' event must be sent first.", &["TXT-7"]),
    order("Cannot send 'TOOL_CALL_START' event: A tool call with ID '*' is already in progress. Complete it with 'TOOL_CALL_END' first.", &["TOOL-15"]),
    order("Cannot send 'TOOL_CALL_ARGS' event: No active tool call found with ID '*'. Start a tool call with 'TOOL_CALL_START' first.", &["TOOL-15"]),
    order("Cannot send 'TOOL_CALL_END' event: No active tool call found with ID '*'. A 'TOOL_CALL_START' event must be sent first.", &["TOOL-15"]),
    order("Cannot send 'REASONING_START' event: A reasoning span with ID '*' is already in progress. Complete it with 'REASONING_END' first.", &["REAS-1"]),
    order("Cannot send 'REASONING_END' event: No active reasoning span found with ID '*'. A 'REASONING_START' event must be sent first.", &["REAS-1"]),
    order("Cannot send 'REASONING_MESSAGE_START' event: A reasoning message with ID '*' is already in progress. Complete it with 'REASONING_MESSAGE_END' first.", &["REAS-4"]),
    order("Cannot send '*' event: No active reasoning message found with ID '*'. Start a reasoning message with 'REASONING_MESSAGE_START' first.", &["REAS-4"]),

    order("Step \"*\" is already active for 'STEP_STARTED'", &["STEP-1"]),
    order("Step \"*\" is already active for 'STEP_STARTED' in subagent '*'", &["STEP-1"]),
    order("Cannot send 'STEP_FINISHED' for step \"*\" that was not started", &["STEP-2"]),
    order("Cannot send 'STEP_FINISHED' for step \"*\" attributed to the parent agent: that step is open under subagent '*'. A step must be finished by whoever started it.", &["STEP-3"]),
    order("Cannot send 'STEP_FINISHED' for step \"*\" attributed to subagent '*': that step is open under the parent agent. A step must be finished by whoever started it.", &["STEP-3"]),
    order("Cannot send 'STEP_FINISHED' for step \"*\" attributed to subagent '*': that step is open under subagent '*'. A step must be finished by whoever started it.", &["STEP-3"]),

    order("Cannot send '*': subagentRunId '*' does not match the message '*' opener's subagent '@'.", OWNER),
    order("Cannot send '*': subagentRunId '*' does not match the tool call '*' opener's subagent '@'.", OWNER),
    order("Cannot send '*': subagentRunId '*' does not match the reasoning message '*' opener's subagent '@'.", OWNER),
    order("Cannot send '*': subagentRunId '*' does not match the activity '*' opener's subagent '@'.", OWNER),
    order("Cannot send 'TOOL_CALL_START': subagentRunId '*' does not match its parent message '*' owner '@'. A tool call belongs to the message that carries it.", &["SUB-15"]),
    order("Cannot send 'TOOL_CALL_START': tool call '*' is owned by '@' but its parent message '*' is owned by '@'. A tool call belongs to the message that carries it.", &["SUB-15"]),

    order("Cannot send 'SUBAGENT_STARTED': subagent '*' is already active. Finish it with 'SUBAGENT_FINISHED' first.", &["SUB-5"]),
    order("Cannot send 'SUBAGENT_STARTED': subagent '*' has already finished in this run. Subagent IDs are per-invocation and cannot be reused.", &["SUB-5"]),
    order("Cannot send 'SUBAGENT_STARTED': parentSubagentRunId '*' has not been started in this run.", &["SUB-17"]),
    order("Cannot send '*': no active subagent found with ID '*'. A 'SUBAGENT_STARTED' event must be sent first.", &["SUB-6"]),

    chunk("Cannot continue text message '*': chunk role '…' does not match the open stream's role '…'.", &["CHK-17"]),
    chunk("Cannot continue text message '*': chunk name '…' does not match the open stream's name '…'.", &["CHK-17"]),
    chunk("Cannot continue text message '*': chunk name '…' does not match the open stream's name (absent).", &["CHK-17"]),
    chunk("Cannot continue tool call '*': chunk toolCallName '…' does not match the open stream's toolCallName '…'.", &["CHK-17"]),
    chunk("Cannot continue tool call '*': chunk parentMessageId '…' does not match the open stream's parentMessageId '…'.", &["CHK-17"]),
    chunk("Cannot continue tool call '*': chunk parentMessageId '…' does not match the open stream's parentMessageId (absent).", &["CHK-17"]),
    chunk("Cannot continue text message '*': chunk subagentRunId '…' does not match the open stream's subagent '@'.", &["CHK-25"]),
    chunk("Cannot continue tool call '*': chunk subagentRunId '…' does not match the open stream's subagent '@'.", &["CHK-25"]),
    chunk("Cannot continue reasoning message '*': chunk subagentRunId '…' does not match the open stream's subagent '@'.", &["CHK-25"]),
    chunk("First * must have a messageId", &["CHK-12", "CHK-13"]),
    chunk("First * must have a toolCallId", &["CHK-12", "CHK-13"]),
    chunk("First TOOL_CALL_CHUNK must have a *", &["CHK-12", "CHK-13"]),
    chunk("Ambiguous *: it carries neither a … nor a subagentRunId, but … lanes have an open text message. Attribute the chunk to the subagent it belongs to.", &["CHK-29"]),
    chunk("Ambiguous *: it carries neither a … nor a subagentRunId, but … lanes have an open tool call. Attribute the chunk to the subagent it belongs to.", &["CHK-29"]),
    chunk("Ambiguous *: it carries neither a … nor a subagentRunId, but … lanes have an open reasoning message. Attribute the chunk to the subagent it belongs to.", &["CHK-29"]),

    malformed("Cannot send '*' with '*: null'. The field is optional — omit it entirely."),
    malformed("Cannot send a message (id '…') with '…: null'. The field is optional — omit it entirely."),
    malformed("Cannot send 'RUN_FINISHED' with an interrupt (id '…') carrying '…: null'. The field is optional — omit it entirely."),
    malformed("Cannot send '*' without a '*'."),
    malformed("Cannot send '*' with a non-string entry in 'outcome.interruptIds'. Interrupt ids are strings."),
    malformed("Invalid input: expected …, received …"),
    malformed("Invalid input: expected \"…\""),
    // The message of the validator is itself written as JSON.
    malformed("Invalid input: expected \\\"…\\\""),
    malformed("Invalid option: expected one of …"),
    malformed("Invalid string: must match pattern …"),
    malformed("Invalid number: must be a multiple of …"),
    malformed("Invalid value in …"),
    malformed("Invalid key in …"),
    malformed("Too small: expected … to be …"),
    malformed("Too small: expected … to have … …"),
    malformed("Too big: expected … to be …"),
    malformed("Too big: expected … to have … …"),
    malformed("Unrecognized key: …"),
    malformed("Unrecognized keys: …"),
    malformed("\"code\": \"unrecognized_keys\""),
    malformed("\"code\": \"not_multiple_of\""),
    malformed("\"code\": \"invalid_key\""),
    malformed("\"code\": \"invalid_element\""),
    malformed("\"code\": \"custom\""),
    malformed("\"expected\": \"…\""),
    malformed("\"code\": \"invalid_type\""),
    malformed("\"code\": \"invalid_value\""),
    malformed("\"code\": \"invalid_union\""),
    malformed("\"code\": \"invalid_format\""),
    malformed("\"code\": \"too_small\""),
    malformed("\"code\": \"too_big\""),
    malformed("Invalid event: the frame is not a JSON object."),
    malformed("Invalid event: the frame carries no event type."),

    frame("SSE buffer size exceeded maximum limit of … MB"),
    frame("Unexpected token …, … is not valid JSON"),
    frame("Unexpected end of JSON input"),
];

const fn warning(kind: WarningKind, text: &'static str) -> Words<WarningKind> {
    Words { text, kind, rules: &[] }
}

#[rustfmt::skip]
pub(crate) const WARNINGS: &[Words<WarningKind>] = &[
    warning(WarningKind::UnknownEvent, "[ag-ui][enforce] Dropping unrecognised event '*': no middleware translated it and the protocol does not describe it."),
    warning(WarningKind::Removed, "[ag-ui][enforce] Removed unrecognised material at '*' on *. Nothing handled it; see the repo-root DEPRECATIONS.md if it is a retired shape."),
    warning(WarningKind::Removed, "[ag-ui][enforce] Removed unrecognised material at '*' from the outgoing input."),

    warning(WarningKind::Translated, "[ag-ui][compat] Converting deprecated * to *. The old shape leaves the protocol after its shim window — see the repo-root DEPRECATIONS.md. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence."),
    warning(WarningKind::Translated, "[ag-ui][compat] Converting deprecated *.*: null to an absent field. The old shape leaves the protocol after its shim window — see the repo-root DEPRECATIONS.md. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence."),
    warning(WarningKind::Translated, "[ag-ui][compat] Converting deprecated binary input content to the modern media content parts. The old shape leaves the protocol after its shim window — see the repo-root DEPRECATIONS.md. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence."),
    warning(WarningKind::Translated, "[ag-ui][compat] Minting a messageId ('…') for *: no THINKING opener preceded it, so there was no id to continue. The id is this client's invention, not the producer's, and verification will reject the translated event for naming something nothing opened. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence."),
    warning(WarningKind::Translated, "[ag-ui][compat] Dropping THINKING_START.* …: REASONING_START has no * field, so the span's label cannot be carried and nothing downstream can recover it. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence."),
    warning(WarningKind::Translated, "[ag-ui][compat] A binary content part carries only an id ('…') and cannot be converted to a modern media part; a 1.0 peer will not accept it. Provide data or a url. See the repo-root DEPRECATIONS.md."),
    warning(WarningKind::Translated, "AG-UI is converting * to *. To remove this warning, upgrade your AG-UI integration package (e.g. @ag-ui/langgraph). To surpress it, set SUPPRESS_TRANSFORMATION_WARNINGS=true in your .env file."),

    warning(WarningKind::Downgraded, "[ag-ui][compat] Flattening message content for a <=0.0.39 peer DROPS non-text parts (…). The peer cannot receive them; upgrade it to keep media content. See the repo-root DEPRECATIONS.md."),
    warning(WarningKind::Downgraded, "AG-UI is dropping * because the target agent predates subagent support. To remove this warning, upgrade your AG-UI integration package. To suppress it, set SUPPRESS_TRANSFORMATION_WARNINGS=true in your .env file."),

    warning(WarningKind::NotApplied, "Failed to apply state patch:\nCurrent state: …\nPatch operations: …\nError: …"),
    warning(WarningKind::NotApplied, "Failed to apply activity patch for '*': …"),
    warning(WarningKind::NotApplied, "ACTIVITY_DELTA: Message '*' is not an activity message"),
    warning(WarningKind::NotApplied, "*: Message '*' is an activity message — message ids must be unique across activity and text messages"),
    warning(WarningKind::NotApplied, "*: Message '*' is an activity message — message ids must be unique across activity and reasoning messages"),
    warning(WarningKind::NotApplied, "*: No message found with ID '*'"),
    warning(WarningKind::NotApplied, "TOOL_CALL_ARGS: No message found containing tool call with ID '*'"),
    warning(WarningKind::NotApplied, "TOOL_CALL_ARGS: No tool call found with ID '*'"),
    warning(WarningKind::NotApplied, "TOOL_CALL_END: No message found containing tool call with ID '*'"),
    warning(WarningKind::NotApplied, "TOOL_CALL_END: No tool call found with ID '*'"),

    warning(WarningKind::Version, "[ag-ui] The producer declared protocol version '*', which this client cannot interpret."),
    warning(WarningKind::Version, "[ag-ui] The producer speaks protocol *; this client speaks …. Unrecognised material will be stripped with warnings."),
];
