//! Streams, and pieces of what the reference client says of them.

pub(crate) const END: &str = r#"{"type":"RUN_FINISHED","threadId":"t1","runId":"r1"}"#;

/// Events of a run, and the error, in pieces, that the reference client has for them.
pub(crate) const REJECTED: &[(&[&str], &[&str])] = &[
    (&["!", r#"{"type":"STEP_STARTED","stepName":"a"}"#], &["First event", "be 'RUN_STARTED'"]),
    (
        &[r#"{"type":"RUN_ERROR","message":"x"}"#, r#"{"type":"CUSTOM","name":"n","value":1}"#],
        &["event type 'CUSTOM'", "already errored"],
    ),
    (&[END, r#"{"type":"RAW","event":1}"#], &["event type 'RAW'", "already finished with"]),
    (
        &[r#"{"type":"RUN_STARTED","threadId":"t1","runId":"r2"}"#],
        &["Cannot send 'RUN_STARTED'", "run is still active"],
    ),
    (
        &[r#"{"type":"STEP_STARTED","stepName":"s-a"}"#, r#"{"type":"STEP_STARTED","stepName":"s-b"}"#, END],
        &["while steps are", "active: s-a, s-b"],
    ),
    (
        &[r#"{"type":"STEP_STARTED","stepName":"s-c","subagentRunId":"o1"}"#, END],
        &["while steps are", "active: s-c (subagent 'o1')"],
    ),
    (
        &[r#"{"type":"TEXT_MESSAGE_START","messageId":"m1"}"#, END],
        &["while text messages", "still active: m1"],
    ),
    (
        &[r#"{"type":"REASONING_MESSAGE_START","messageId":"m2","role":"reasoning"}"#, END],
        &["while reasoning messages", "still active: m2"],
    ),
    (
        &[r#"{"type":"REASONING_START","messageId":"m3"}"#, END],
        &["while reasoning spans", "still active: m3"],
    ),
    (
        &[r#"{"type":"TOOL_CALL_START","toolCallId":"c1","toolCallName":"n"}"#, END],
        &["while tool calls", "still active: c1"],
    ),
    (
        &[r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o2","name":"n"}"#, END],
        &["while subagents are", "still active: o2"],
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m4"}"#,
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m4"}"#,
        ],
        &["text message with ID 'm4'", "already in progress"],
    ),
    (
        &[r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m5","delta":"x"}"#],
        &["Cannot send 'TEXT_MESSAGE_CONTENT'", "found with ID 'm5'"],
    ),
    (&[r#"{"type":"TEXT_MESSAGE_END","messageId":"m6"}"#], &["No active text message", "with ID 'm6'"]),
    (
        &[
            r#"{"type":"TOOL_CALL_START","toolCallId":"c2","toolCallName":"n"}"#,
            r#"{"type":"TOOL_CALL_START","toolCallId":"c2","toolCallName":"n"}"#,
        ],
        &["tool call with ID 'c2'", "already in progress"],
    ),
    (
        &[r#"{"type":"TOOL_CALL_ARGS","toolCallId":"c3","delta":"x"}"#],
        &["active tool call found", "found with ID 'c3'"],
    ),
    (&[r#"{"type":"TOOL_CALL_END","toolCallId":"c4"}"#], &["Cannot send 'TOOL_CALL_END'", "ID 'c4'"]),
    (
        &[r#"{"type":"REASONING_START","messageId":"m7"}"#, r#"{"type":"REASONING_START","messageId":"m7"}"#],
        &["reasoning span with ID 'm7'", "Complete it"],
    ),
    (&[r#"{"type":"REASONING_END","messageId":"m8"}"#], &["active reasoning span", "found with ID 'm8'"]),
    (
        &[
            r#"{"type":"REASONING_MESSAGE_START","messageId":"m9","role":"reasoning"}"#,
            r#"{"type":"REASONING_MESSAGE_START","messageId":"m9","role":"reasoning"}"#,
        ],
        &["reasoning message with ID 'm9'", "already in progress"],
    ),
    (
        &[r#"{"type":"REASONING_MESSAGE_END","messageId":"m10"}"#],
        &["active reasoning message found", "found with ID 'm10'"],
    ),
    (
        &[
            r#"{"type":"STEP_STARTED","stepName":"s-d","subagentRunId":"o3"}"#,
            r#"{"type":"STEP_STARTED","stepName":"s-d","subagentRunId":"o3"}"#,
        ],
        &["step \"s-d\" is already active", "in subagent 'o3'"],
    ),
    (&[r#"{"type":"STEP_FINISHED","stepName":"s-e"}"#], &["step \"s-e\"", "was not started"]),
    (
        &[
            r#"{"type":"STEP_STARTED","stepName":"s-f"}"#,
            r#"{"type":"STEP_FINISHED","stepName":"s-f","subagentRunId":"o4"}"#,
        ],
        &["attributed to subagent 'o4'", "is open under"],
    ),
    (
        &[
            r#"{"type":"STEP_STARTED","stepName":"s-g","subagentRunId":"o5"}"#,
            r#"{"type":"STEP_FINISHED","stepName":"s-g"}"#,
        ],
        &["step \"s-g\" attributed to", "open under subagent 'o5'"],
    ),
    (
        &[
            r#"{"type":"STEP_STARTED","stepName":"s-h","subagentRunId":"o6"}"#,
            r#"{"type":"STEP_FINISHED","stepName":"s-h","subagentRunId":"o7"}"#,
        ],
        &["attributed to subagent 'o7'", "open under subagent 'o6'"],
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m11","subagentRunId":"o8"}"#,
            r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m11","delta":"x","subagentRunId":"o9"}"#,
        ],
        &["subagentRunId 'o9' does not match", "message 'm11' opener's subagent 'o8'"],
    ),
    (
        &[
            r#"{"type":"TOOL_CALL_START","toolCallId":"c5","toolCallName":"n"}"#,
            r#"{"type":"TOOL_CALL_END","toolCallId":"c5","subagentRunId":"o10"}"#,
        ],
        &["tool call 'c5' opener's subagent"],
    ),
    (
        &[
            r#"{"type":"REASONING_START","messageId":"m12","subagentRunId":"o11"}"#,
            r#"{"type":"REASONING_MESSAGE_START","messageId":"m12","role":"reasoning","subagentRunId":"o12"}"#,
        ],
        &["reasoning message 'm12' opener's subagent 'o11'"],
    ),
    (
        &[
            r#"{"type":"ACTIVITY_SNAPSHOT","messageId":"m13","activityType":"p","content":{}}"#,
            r#"{"type":"ACTIVITY_DELTA","messageId":"m13","activityType":"p","patch":[],"subagentRunId":"o13"}"#,
        ],
        &["activity 'm13' opener's subagent"],
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m14"}"#,
            r#"{"type":"TOOL_CALL_START","toolCallId":"c6","toolCallName":"n","parentMessageId":"m14","subagentRunId":"o14"}"#,
        ],
        &["its parent message 'm14' owner"],
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m15","subagentRunId":"o15"}"#,
            r#"{"type":"TOOL_CALL_START","toolCallId":"c7","toolCallName":"n"}"#,
            r#"{"type":"TOOL_CALL_END","toolCallId":"c7"}"#,
            r#"{"type":"TOOL_CALL_START","toolCallId":"c7","toolCallName":"n","parentMessageId":"m15"}"#,
        ],
        &["parent message 'm15' is owned by 'o15'"],
    ),
    (
        &[
            r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o16","name":"n"}"#,
            r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o16","name":"n"}"#,
        ],
        &["subagent 'o16' is already active"],
    ),
    (
        &[
            r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o17","name":"n"}"#,
            r#"{"type":"SUBAGENT_FINISHED","subagentRunId":"o17"}"#,
            r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o17","name":"n"}"#,
        ],
        &["subagent 'o17' has already finished"],
    ),
    (
        &[r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o18","name":"n","parentSubagentRunId":"o19"}"#],
        &["parentSubagentRunId 'o19'", "has not been started"],
    ),
    (
        &[r#"{"type":"SUBAGENT_ERROR","subagentRunId":"o20","message":"x"}"#],
        &["active subagent found", "ID 'o20'"],
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m16","delta":"x"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m16","role":"user"}"#,
        ],
        &["continue text message 'm16'", "open stream's role 'assistant'"],
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m17","delta":"x"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m17","name":"N"}"#,
        ],
        &["message 'm17': chunk name 'N'"],
    ),
    (
        &[
            r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c8","toolCallName":"n"}"#,
            r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c8","toolCallName":"k"}"#,
        ],
        &["tool call 'c8': chunk toolCallName"],
    ),
    (
        &[
            r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c9","toolCallName":"n","parentMessageId":"p"}"#,
            r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c9","parentMessageId":"q"}"#,
        ],
        &["tool call 'c9': chunk parentMessageId"],
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m18","delta":"x","subagentRunId":"o21"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m18","delta":"x","subagentRunId":"o22"}"#,
        ],
        &["text message 'm18': chunk subagentRunId", "stream's subagent 'o21'"],
    ),
    (&[r#"{"type":"TEXT_MESSAGE_CHUNK","delta":"x"}"#], &["First TEXT_MESSAGE_CHUNK must"]),
    (
        &[r#"{"type":"TOOL_CALL_CHUNK","toolCallName":"n"}"#],
        &["First TOOL_CALL_CHUNK", "must have a toolCallId"],
    ),
    (
        &[r#"{"type":"TOOL_CALL_CHUNK","toolCallId":"c10"}"#],
        &["First TOOL_CALL_CHUNK", "must have a toolCallName"],
    ),
    (&[r#"{"type":"REASONING_MESSAGE_CHUNK","delta":"x"}"#], &["First REASONING_MESSAGE_CHUNK must"]),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m19","delta":"x","subagentRunId":"o23"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","messageId":"m20","delta":"x","subagentRunId":"o24"}"#,
            r#"{"type":"TEXT_MESSAGE_CHUNK","delta":"x"}"#,
        ],
        &["Ambiguous TEXT_MESSAGE_CHUNK", "lanes have an open"],
    ),
    (
        &[r#"{"type":"CUSTOM","name":"n","value":1,"subagentRunId":null}"#],
        &["'CUSTOM' with 'subagentRunId: null'"],
    ),
    (&[r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o25"}"#], &["'SUBAGENT_STARTED' without a 'name'"]),
    (&[r#"{"type":"CUSTOM","name":1,"value":1}"#], &["expected string, received number"]),
    (&[r#"{"type":"CUSTOM","name":"n","value":1,"metadata":[]}"#], &["expected object, received array"]),
    (
        &[r#"{"type":"REASONING_MESSAGE_START","messageId":"m","role":"user"}"#],
        &["expected \\\"reasoning\\\""],
    ),
    (
        &[r#"{"type":"TEXT_MESSAGE_START","messageId":"m","role":"owl"}"#],
        &["Invalid option", "expected one of"],
    ),
    (
        &[
            r#"{"type":"RUN_FINISHED","threadId":"t1","runId":"r1","outcome":{"type":"interrupt","interrupts":[]}}"#,
        ],
        &["Too small: expected array"],
    ),
    (&["7"], &["not a JSON object"]),
    (&["{}"], &["carries no event type"]),
    (&["{nonsense"], &["not valid JSON"]),
];

/// What is said of a stream, the agent's era given, and what the reference client warns of, in pieces.
pub(crate) const WARNED: &[(&[&str], Option<&str>, &[&str])] = &[
    (&[r#"{"type":"FUTURE_EVENT"}"#], None, &["unrecognised event 'FUTURE_EVENT'"]),
    (&[r#"{"type":"CUSTOM","name":"n","value":1,"future":1}"#], None, &["material at '/future' on CUSTOM"]),
    (&[r#"{"type":"THINKING_START","title":"hm"}"#], None, &["deprecated THINKING_START to"]),
    (&[r#"{"type":"THINKING_START","title":"hm"}"#], None, &["Dropping THINKING_START.title"]),
    (&[r#"{"type":"THINKING_END"}"#], None, &["Minting a messageId", "for THINKING_END: no THINKING"]),
    (
        &[r#"{"type":"THINKING_TEXT_MESSAGE_START"}"#],
        Some("0.0.45"),
        &["converting THINKING_TEXT_MESSAGE_START to"],
    ),
    (
        &[r#"{"type":"RUN_FINISHED","threadId":"t1","runId":"r1","outcome":null}"#],
        None,
        &["deprecated RUN_FINISHED.outcome: null to"],
    ),
    (
        &[r#"{"type":"TOOL_CALL_START","toolCallId":"c1","toolCallName":"n","parentMessageId":null}"#],
        None,
        &["TOOL_CALL_START.parentMessageId: null to"],
    ),
    (
        &[
            r#"{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"u","role":"user","content":[{"type":"binary","mimeType":"image/png","url":"https://example.com/a.png"}]}]}"#,
        ],
        None,
        &["deprecated binary input"],
    ),
    (
        &[
            r#"{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"u","role":"user","content":[{"type":"binary","mimeType":"image/png","id":"f1"}]}]}"#,
        ],
        None,
        &["only an id ('f1')"],
    ),
    (
        &[r#"{"type":"SUBAGENT_STARTED","subagentRunId":"o1","name":"n"}"#],
        Some("0.0.57"),
        &["is dropping SUBAGENT_STARTED"],
    ),
    (&[r#"{"type":"STATE_DELTA","delta":[{"op":"remove","path":"/a"}]}"#], None, &["apply state patch"]),
    (
        &[
            r#"{"type":"ACTIVITY_SNAPSHOT","messageId":"a1","activityType":"p","content":{}}"#,
            r#"{"type":"ACTIVITY_DELTA","messageId":"a1","activityType":"p","patch":[{"op":"remove","path":"/a"}]}"#,
        ],
        None,
        &["activity patch for 'a1'"],
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m1"}"#,
            r#"{"type":"ACTIVITY_DELTA","messageId":"m1","activityType":"p","patch":[]}"#,
        ],
        None,
        &["Message 'm1' is not an activity"],
    ),
    (
        &[
            r#"{"type":"ACTIVITY_SNAPSHOT","messageId":"a2","activityType":"p","content":{}}"#,
            r#"{"type":"TEXT_MESSAGE_START","messageId":"a2"}"#,
        ],
        None,
        &["Message 'a2' is an activity message"],
    ),
    (
        &[
            r#"{"type":"ACTIVITY_SNAPSHOT","messageId":"a3","activityType":"p","content":{}}"#,
            r#"{"type":"REASONING_MESSAGE_START","messageId":"a3","role":"reasoning"}"#,
        ],
        None,
        &["Message 'a3' is an activity message"],
    ),
    (
        &[
            r#"{"type":"TEXT_MESSAGE_START","messageId":"m2"}"#,
            r#"{"type":"MESSAGES_SNAPSHOT","messages":[]}"#,
            r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m2","delta":"x"}"#,
        ],
        None,
        &["TEXT_MESSAGE_CONTENT: No message found", "with ID 'm2'"],
    ),
    (
        &[
            r#"{"type":"TOOL_CALL_START","toolCallId":"c2","toolCallName":"n"}"#,
            r#"{"type":"MESSAGES_SNAPSHOT","messages":[]}"#,
            r#"{"type":"TOOL_CALL_ARGS","toolCallId":"c2","delta":"x"}"#,
        ],
        None,
        &["No message found", "with ID 'c2'"],
    ),
    (
        &["!", r#"{"type":"RUN_STARTED","threadId":"t1","runId":"r1","protocolVersion":"v7"}"#],
        None,
        &["declared protocol version 'v7'"],
    ),
    (
        &["!", r#"{"type":"RUN_STARTED","threadId":"t1","runId":"r1","protocolVersion":"1.7"}"#],
        None,
        &["producer speaks protocol 1.7"],
    ),
];
