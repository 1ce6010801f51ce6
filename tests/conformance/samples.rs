//! Streams, and what the reference client says of them.

pub(crate) const END: &str = r#"{"type":"RUN_FINISHED","threadId":"t1","runId":"r1"}"#;

/// Events of a run, and the error that the reference client has for them.
pub(crate) const REJECTED: &[(&[&str], &str)] = &[
    (&["!", r#"{"type":"STEP_STARTED","stepName":"a"}"#], "First event must be 'RUN_STARTED'"),
    (
        &[r#"{"type":"RUN_ERROR","message":"x"}"#, r#"{"type":"CUSTOM","name":"n","value":1}"#],
        "Cannot send event type 'CUSTOM': The run has already errored with 'RUN_ERROR'. No further events can be sent.",
    ),
    (
        &[END, r#"{"type":"RAW","event":1}"#],
        "Cannot send event type 'RAW': The run has already finished with 'RUN_FINISHED'. Start a new run with 'RUN_STARTED'.",
    ),
    (
        &[r#"{"type":"RUN_STARTED","threadId":"t1","runId":"r2"}"#],
        "Cannot send 'RUN_STARTED' while a run is still active. The previous run must be finished with 'RUN_FINISHED' before starting a new run.",
    ),
    (
        &[r#"{"type":"STEP_STARTED","stepName":"s-a"}"#, r#"{"type":"STEP_STARTED","stepName":"s-b"}"#, END],
        "Cannot send 'RUN_FINISHED' while steps are still active: s-a, s-b",
    ),
    (
        &[r#"{"type":"STEP_STARTED","stepName":"s-c","subagentRunId":"o1"}"#, END],
        "Cannot send 'RUN_FINISHED' while steps are still active: s-c (subagent 'o1')",
    ),
    (
        &[r#"{"type":"TEXT_MESSAGE_START","messageId":"m1"}"#, END],
        "Cannot send 'RUN_FINISHED' while text messages are still active: m1",
    ),
    (
        &[r#"{"type":"REASONING_MESSAGE_START","messageId":"m2","role":"reasoning"}"#, END],
        "Cannot send 'RUN_FINISHED' while reasoning messages are still active: m2",
    ),
    (
        &[r#"{"type":"REASONING_START","messageId":"m3"}"#, END],
        "Cannot send 'RUN_FINISHED' while reasoning spans are still active: m3",
    ),
    (
        &[r#"{"type":"TOOL_CALL_START","toolCallId":"c1","toolCallName":"n"}"#, END],
        "Cannot send 'RUN_FINISHED' while tool calls are still active: c1",
    ),
    (
        &[r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o2","name":"n"}"#, END],
        "Cannot send 'RUN_FINISHED' while subagents are still active: o2",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m4"}"#,
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m4"}"#,
        ],
        "Cannot send 'TEXT_MESSAGE_START' event: A text message with ID 'm4' is already in progress. Complete it with 'TEXT_MESSAGE_END' first.",
    ),
    (
        &[r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m5","delta":"x"}"#],
        "Cannot send 'TEXT_MESSAGE_CONTENT' event: No active text message found with ID 'm5'. Start a text message with 'TEXT_MESSAGE_START' first.",
    ),
    (
        &[r#"{"type":"TEXT_MESSAGE_END","messageId":"m6"}"#],
        "Cannot send 'TEXT_MESSAGE_END' event: No active text message found with ID 'm6'. A 'TEXT_MESSAGE_START' event must be sent first.",
    ),
    (
        &[
            r#"{"type":"TOOL_CALL_START","toolCallId":"c2","toolCallName":"n"}"#,
            r#"{"type":"TOOL_CALL_START","toolCallId":"c2","toolCallName":"n"}"#,
        ],
        "Cannot send 'TOOL_CALL_START' event: A tool call with ID 'c2' is already in progress. Complete it with 'TOOL_CALL_END' first.",
    ),
    (
        &[r#"{"type":"TOOL_CALL_ARGS","toolCallId":"c3","delta":"x"}"#],
        "Cannot send 'TOOL_CALL_ARGS' event: No active tool call found with ID 'c3'. Start a tool call with 'TOOL_CALL_START' first.",
    ),
    (
        &[r#"{"type":"TOOL_CALL_END","toolCallId":"c4"}"#],
        "Cannot send 'TOOL_CALL_END' event: No active tool call found with ID 'c4'. A 'TOOL_CALL_START' event must be sent first.",
    ),
    (
        &[r#"{"type":"REASONING_START","messageId":"m7"}"#, r#"{"type":"REASONING_START","messageId":"m7"}"#],
        "Cannot send 'REASONING_START' event: A reasoning span with ID 'm7' is already in progress. Complete it with 'REASONING_END' first.",
    ),
    (
        &[r#"{"type":"REASONING_END","messageId":"m8"}"#],
        "Cannot send 'REASONING_END' event: No active reasoning span found with ID 'm8'. A 'REASONING_START' event must be sent first.",
    ),
    (
        &[
            r#"{"type":"REASONING_MESSAGE_START","messageId":"m9","role":"reasoning"}"#,
            r#"{"type":"REASONING_MESSAGE_START","messageId":"m9","role":"reasoning"}"#,
        ],
        "Cannot send 'REASONING_MESSAGE_START' event: A reasoning message with ID 'm9' is already in progress. Complete it with 'REASONING_MESSAGE_END' first.",
    ),
    (
        &[r#"{"type":"REASONING_MESSAGE_END","messageId":"m10"}"#],
        "Cannot send 'REASONING_MESSAGE_END' event: No active reasoning message found with ID 'm10'. Start a reasoning message with 'REASONING_MESSAGE_START' first.",
    ),
    (
        &[
            r#"{"type":"STEP_STARTED","stepName":"s-d","subagentRunId":"o3"}"#,
            r#"{"type":"STEP_STARTED","stepName":"s-d","subagentRunId":"o3"}"#,
        ],
        "Step \"s-d\" is already active for 'STEP_STARTED' in subagent 'o3'",
    ),
    (
        &[r#"{"type":"STEP_FINISHED","stepName":"s-e"}"#],
        "Cannot send 'STEP_FINISHED' for step \"s-e\" that was not started",
    ),
    (
        &[
            r#"{"type":"STEP_STARTED","stepName":"s-f"}"#,
            r#"{"type":"STEP_FINISHED","stepName":"s-f","subagentRunId":"o4"}"#,
        ],
        "Cannot send 'STEP_FINISHED' for step \"s-f\" attributed to subagent 'o4': that step is open under the parent agent. A step must be finished by whoever started it.",
    ),
    (
        &[
            r#"{"type":"STEP_STARTED","stepName":"s-g","subagentRunId":"o5"}"#,
            r#"{"type":"STEP_FINISHED","stepName":"s-g"}"#,
        ],
        "Cannot send 'STEP_FINISHED' for step \"s-g\" attributed to the parent agent: that step is open under subagent 'o5'. A step must be finished by whoever started it.",
    ),
    (
        &[
            r#"{"type":"STEP_STARTED","stepName":"s-h","subagentRunId":"o6"}"#,
            r#"{"type":"STEP_FINISHED","stepName":"s-h","subagentRunId":"o7"}"#,
        ],
        "Cannot send 'STEP_FINISHED' for step \"s-h\" attributed to subagent 'o7': that step is open under subagent 'o6'. A step must be finished by whoever started it.",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m11","subagentRunId":"o8"}"#,
            r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m11","delta":"x","subagentRunId":"o9"}"#,
        ],
        "Cannot send 'TEXT_MESSAGE_CONTENT': subagentRunId 'o9' does not match the message 'm11' opener's subagent 'o8'.",
    ),
    (
        &[
            r#"{"type":"TOOL_CALL_START","toolCallId":"c5","toolCallName":"n"}"#,
            r#"{"type":"TOOL_CALL_END","toolCallId":"c5","subagentRunId":"o10"}"#,
        ],
        "Cannot send 'TOOL_CALL_END': subagentRunId 'o10' does not match the tool call 'c5' opener's subagent '(the parent agent)'.",
    ),
    (
        &[
            r#"{"type":"REASONING_START","messageId":"m12","subagentRunId":"o11"}"#,
            r#"{"type":"REASONING_MESSAGE_START","messageId":"m12","role":"reasoning","subagentRunId":"o12"}"#,
        ],
        "Cannot send 'REASONING_MESSAGE_START': subagentRunId 'o12' does not match the reasoning message 'm12' opener's subagent 'o11'.",
    ),
    (
        &[
            r#"{"type":"ACTIVITY_SNAPSHOT","messageId":"m13","activityType":"p","content":{}}"#,
            r#"{"type":"ACTIVITY_DELTA","messageId":"m13","activityType":"p","patch":[],"subagentRunId":"o13"}"#,
        ],
        "Cannot send 'ACTIVITY_DELTA': subagentRunId 'o13' does not match the activity 'm13' opener's subagent '(the parent agent)'.",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m14"}"#,
            r#"{"type":"TOOL_CALL_START","toolCallId":"c6","toolCallName":"n","parentMessageId":"m14","subagentRunId":"o14"}"#,
        ],
        "Cannot send 'TOOL_CALL_START': subagentRunId 'o14' does not match its parent message 'm14' owner '(the parent agent)'. A tool call belongs to the message that carries it.",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m15","subagentRunId":"o15"}"#,
            r#"{"type":"TOOL_CALL_START","toolCallId":"c7","toolCallName":"n"}"#,
            r#"{"type":"TOOL_CALL_END","toolCallId":"c7"}"#,
            r#"{"type":"TOOL_CALL_START","toolCallId":"c7","toolCallName":"n","parentMessageId":"m15"}"#,
        ],
        "Cannot send 'TOOL_CALL_START': tool call 'c7' is owned by '(the parent agent)' but its parent message 'm15' is owned by 'o15'. A tool call belongs to the message that carries it.",
    ),
    (
        &[
            r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o16","name":"n"}"#,
            r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o16","name":"n"}"#,
        ],
        "Cannot send 'SUBAGENT_STARTED': subagent 'o16' is already active. Finish it with 'SUBAGENT_FINISHED' first.",
    ),
    (
        &[
            r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o17","name":"n"}"#,
            r#"{"type":"SUBAGENT_FINISHED","subagentRunId":"o17"}"#,
            r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o17","name":"n"}"#,
        ],
        "Cannot send 'SUBAGENT_STARTED': subagent 'o17' has already finished in this run. Subagent IDs are per-invocation and cannot be reused.",
    ),
    (
        &[r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o18","name":"n","parentSubagentRunId":"o19"}"#],
        "Cannot send 'SUBAGENT_STARTED': parentSubagentRunId 'o19' has not been started in this run.",
    ),
    (
        &[r#"{"type":"SUBAGENT_ERROR","subagentRunId":"o20","message":"x"}"#],
        "Cannot send 'SUBAGENT_ERROR': no active subagent found with ID 'o20'. A 'SUBAGENT_STARTED' event must be sent first.",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m16","delta":"x"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m16","role":"user"}"#,
        ],
        "Cannot continue text message 'm16': chunk role 'user' does not match the open stream's role 'assistant'.",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m17","delta":"x"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m17","name":"N"}"#,
        ],
        "Cannot continue text message 'm17': chunk name 'N' does not match the open stream's name (absent).",
    ),
    (
        &[
            r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c8","toolCallName":"n"}"#,
            r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c8","toolCallName":"k"}"#,
        ],
        "Cannot continue tool call 'c8': chunk toolCallName 'k' does not match the open stream's toolCallName 'n'.",
    ),
    (
        &[
            r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c9","toolCallName":"n","parentMessageId":"p"}"#,
            r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c9","parentMessageId":"q"}"#,
        ],
        "Cannot continue tool call 'c9': chunk parentMessageId 'q' does not match the open stream's parentMessageId 'p'.",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m18","delta":"x","subagentRunId":"o21"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m18","delta":"x","subagentRunId":"o22"}"#,
        ],
        "Cannot continue text message 'm18': chunk subagentRunId 'o22' does not match the open stream's subagent 'o21'.",
    ),
    (&[r#"{"type":"TEXT_MESSAGE_CHUNK","delta":"x"}"#], "First TEXT_MESSAGE_CHUNK must have a messageId"),
    (&[r#"{"type":"TOOL_CALL_CHUNK","toolCallName":"n"}"#], "First TOOL_CALL_CHUNK must have a toolCallId"),
    (&[r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c10"}"#], "First TOOL_CALL_CHUNK must have a toolCallName"),
    (
        &[r#"{"type":"REASONING_MESSAGE_CHUNK","delta":"x"}"#],
        "First REASONING_MESSAGE_CHUNK must have a messageId",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m19","delta":"x","subagentRunId":"o23"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m20","delta":"x","subagentRunId":"o24"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","delta":"x"}"#,
        ],
        "Ambiguous TEXT_MESSAGE_CHUNK: it carries neither a messageId nor a subagentRunId, but 2 lanes have an open text message. Attribute the chunk to the subagent it belongs to.",
    ),
    (
        &[r#"{"type":"CUSTOM","name":"n","value":1,"subagentRunId":null}"#],
        "Cannot send 'CUSTOM' with 'subagentRunId: null'. The field is optional — omit it entirely.",
    ),
    (
        &[r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o25"}"#],
        "Cannot send 'SUBAGENT_STARTED' without a 'name'.",
    ),
    (&[r#"{"type":"CUSTOM","name":1,"value":1}"#], "Invalid input: expected string, received number"),
    (
        &[r#"{"type":"CUSTOM","name":"n","value":1,"metadata":[]}"#],
        "Invalid input: expected object, received array",
    ),
    (
        &[r#"{"type":"REASONING_MESSAGE_START","messageId":"m","role":"user"}"#],
        "Invalid input: expected \\\"reasoning\\\"",
    ),
    (
        &[r#"{"type":"TEXT_MESSAGE_START","messageId":"m","role":"owl"}"#],
        "Invalid option: expected one of \\\"developer\\\"|\\\"system\\\"",
    ),
    (
        &[
            r#"{"type":"RUN_FINISHED","threadId":"t1","runId":"r1","outcome":{"type":"interrupt","interrupts":[]}}"#,
        ],
        "Too small: expected array to have >=1 items",
    ),
    (&["7"], "Invalid event: the frame is not a JSON object."),
    (&["{}"], "Invalid event: the frame carries no event type."),
    (&["{nonsense"], "Unexpected token 'n', \"{nonsense\" is not valid JSON"),
];

/// What is said of a stream, the agent's era given, and what the reference client warns of.
pub(crate) const WARNED: &[(&[&str], Option<&str>, &str)] = &[
    (
        &[r#"{"type":"FUTURE_EVENT"}"#],
        None,
        "[ag-ui][enforce] Dropping unrecognised event 'FUTURE_EVENT': no middleware translated it and the protocol does not describe it.",
    ),
    (
        &[r#"{"type":"CUSTOM","name":"n","value":1,"future":1}"#],
        None,
        "[ag-ui][enforce] Removed unrecognised material at '/future' on CUSTOM. Nothing handled it; see the repo-root DEPRECATIONS.md if it is a retired shape.",
    ),
    (
        &[r#"{"type":"THINKING_START","title":"hm"}"#],
        None,
        "[ag-ui][compat] Converting deprecated THINKING_START to REASONING_START. The old shape leaves the protocol after its shim window — see the repo-root DEPRECATIONS.md. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence.",
    ),
    (
        &[r#"{"type":"THINKING_START","title":"hm"}"#],
        None,
        "[ag-ui][compat] Dropping THINKING_START.title \"hm\": REASONING_START has no title field, so the span's label cannot be carried and nothing downstream can recover it. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence.",
    ),
    (
        &[r#"{"type":"THINKING_END"}"#],
        None,
        "[ag-ui][compat] Minting a messageId ('1b4e') for THINKING_END: no THINKING opener preceded it, so there was no id to continue. The id is this client's invention, not the producer's, and verification will reject the translated event for naming something nothing opened. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence.",
    ),
    (
        &[r#"{"type":"THINKING_TEXT_MESSAGE_START"}"#],
        Some("0.0.45"),
        "AG-UI is converting THINKING_TEXT_MESSAGE_START to REASONING_MESSAGE_START. To remove this warning, upgrade your AG-UI integration package (e.g. @ag-ui/langgraph). To surpress it, set SUPPRESS_TRANSFORMATION_WARNINGS=true in your .env file.",
    ),
    (
        &[r#"{"type":"RUN_FINISHED","threadId":"t1","runId":"r1","outcome":null}"#],
        None,
        "[ag-ui][compat] Converting deprecated RUN_FINISHED.outcome: null to an absent field. The old shape leaves the protocol after its shim window — see the repo-root DEPRECATIONS.md. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence.",
    ),
    (
        &[r#"{"type":"TOOL_CALL_START","toolCallId":"c1","toolCallName":"n","parentMessageId":null}"#],
        None,
        "[ag-ui][compat] Converting deprecated TOOL_CALL_START.parentMessageId: null to an absent field. The old shape leaves the protocol after its shim window — see the repo-root DEPRECATIONS.md. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence.",
    ),
    (
        &[
            r#"{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"u","role":"user","content":[{"type":"binary","mimeType":"image/png","url":"https://example.com/a.png"}]}]}"#,
        ],
        None,
        "[ag-ui][compat] Converting deprecated binary input content to the modern media content parts. The old shape leaves the protocol after its shim window — see the repo-root DEPRECATIONS.md. Set SUPPRESS_TRANSFORMATION_WARNINGS=true to silence.",
    ),
    (
        &[
            r#"{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"u","role":"user","content":[{"type":"binary","mimeType":"image/png","id":"f1"}]}]}"#,
        ],
        None,
        "[ag-ui][compat] A binary content part carries only an id ('f1') and cannot be converted to a modern media part; a 1.0 peer will not accept it. Provide data or a url. See the repo-root DEPRECATIONS.md.",
    ),
    (
        &[r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o1","name":"n"}"#],
        Some("0.0.57"),
        "AG-UI is dropping SUBAGENT_STARTED because the target agent predates subagent support. To remove this warning, upgrade your AG-UI integration package. To suppress it, set SUPPRESS_TRANSFORMATION_WARNINGS=true in your .env file.",
    ),
    (
        &[r#"{"type":"STATE_DELTA","delta":[{"op":"remove","path":"/a"}]}"#],
        None,
        "Failed to apply state patch:\nCurrent state: {}\nPatch operations: []\nError: failure",
    ),
    (
        &[
            r#"{"type":"ACTIVITY_SNAPSHOT","messageId":"a1","activityType":"p","content":{}}"#,
            r#"{"type":"ACTIVITY_DELTA","messageId":"a1","activityType":"p","patch":[{"op":"remove","path":"/a"}]}"#,
        ],
        None,
        "Failed to apply activity patch for 'a1': failure",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m1"}"#,
            r#"{"type":"ACTIVITY_DELTA","messageId":"m1","activityType":"p","patch":[]}"#,
        ],
        None,
        "ACTIVITY_DELTA: Message 'm1' is not an activity message",
    ),
    (
        &[
            r#"{"type":"ACTIVITY_SNAPSHOT","messageId":"a2","activityType":"p","content":{}}"#,
            r#"{"type":"TEXT_MESSAGE_START","messageId":"a2"}"#,
        ],
        None,
        "TEXT_MESSAGE_START: Message 'a2' is an activity message — message ids must be unique across activity and text messages",
    ),
    (
        &[
            r#"{"type":"ACTIVITY_SNAPSHOT","messageId":"a3","activityType":"p","content":{}}"#,
            r#"{"type":"REASONING_MESSAGE_START","messageId":"a3","role":"reasoning"}"#,
        ],
        None,
        "REASONING_MESSAGE_START: Message 'a3' is an activity message — message ids must be unique across activity and reasoning messages",
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m2"}"#,
            r#"{"type":"MESSAGES_SNAPSHOT","messages":[]}"#,
            r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m2","delta":"x"}"#,
        ],
        None,
        "TEXT_MESSAGE_CONTENT: No message found with ID 'm2'",
    ),
    (
        &[
            r#"{"type":"TOOL_CALL_START","toolCallId":"c2","toolCallName":"n"}"#,
            r#"{"type":"MESSAGES_SNAPSHOT","messages":[]}"#,
            r#"{"type":"TOOL_CALL_ARGS","toolCallId":"c2","delta":"x"}"#,
        ],
        None,
        "TOOL_CALL_ARGS: No message found containing tool call with ID 'c2'",
    ),
    (
        &["!", r#"{"type":"RUN_STARTED","threadId":"t1","runId":"r1","protocolVersion":"v7"}"#],
        None,
        "[ag-ui] The producer declared protocol version 'v7', which this client cannot interpret.",
    ),
    (
        &["!", r#"{"type":"RUN_STARTED","threadId":"t1","runId":"r1","protocolVersion":"1.7"}"#],
        None,
        "[ag-ui] The producer speaks protocol 1.7; this client speaks 1.0. Unrecognised material will be stripped with warnings.",
    ),
];
