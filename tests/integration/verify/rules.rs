//! Every rule about order, by the smallest stream that breaks it and one that just does not.

use super::notation::events;
use agui::verify::{OrderViolation, Verifier};
use agui::{Event, RunAgentInput, Tool, UserMessage};
use std::collections::BTreeSet;

/// Who rejects the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Producers, and consumers, for whom the stream is broken (RUN-2, RUN-12, STEP-6, CHK-4).
    Both,
    /// Producers; consumers accept it.
    Producers,
}

use By::{Both, Producers};

/// Rule, who rejects, the stream whose last event breaks the rule, and the stream that is right.
///
/// Streams begin with `RUN_STARTED` unless they begin with `^`. Producers have been asked for run `r` of
/// thread `t`, with the tool `ask` and one user message, `u1`.
#[rustfmt::skip]
const RULES: &[(&str, By, &str, &str)] = &[
    ("RUN-1", Both, "^CUSTOM", "^RUN_STARTED; CUSTOM"),
    ("RUN-1", Both, "^RUN_FINISHED", "^RUN_ERROR"),
    ("RUN-1", Both, "^TEXT_MESSAGE_CHUNK m=m1", "^RUN_ERROR; RUN_STARTED"),
    ("RUN-4", Producers, "RUN_FINISHED runId=r2", "RUN_FINISHED"),
    ("RUN-5", Producers, "RUN_FINISHED threadId=t2", "RUN_FINISHED"),
    ("RUN-5", Producers, "^RUN_STARTED threadId=t2", "^RUN_STARTED"),
    ("RUN-9", Producers, "^RUN_STARTED protocolVersion=null", "^RUN_STARTED"),
    ("RUN-11", Both, "TEXT_MESSAGE_START m=m1; RUN_FINISHED", "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_END m=m1; RUN_FINISHED"),
    ("RUN-11", Both, "TOOL_CALL_START c=c1; RUN_FINISHED", "TOOL_CALL_START c=c1; TOOL_CALL_END c=c1; RUN_FINISHED"),
    ("RUN-11", Both, "REASONING_START m=s1; RUN_FINISHED", "REASONING_START m=s1; REASONING_END m=s1; RUN_FINISHED"),
    ("RUN-11", Both, "REASONING_MESSAGE_START m=m1; RUN_FINISHED", "REASONING_MESSAGE_START m=m1; REASONING_MESSAGE_END m=m1; RUN_FINISHED"),
    ("RUN-11", Both, "STEP_STARTED; RUN_FINISHED", "STEP_STARTED; STEP_FINISHED; RUN_FINISHED"),
    ("RUN-11", Both, "SUBAGENT_STARTED @s; RUN_FINISHED", "SUBAGENT_STARTED @s; SUBAGENT_ERROR @s; RUN_FINISHED"),
    // RUN-23: a failure ends everything open.
    ("RUN-11", Both, "TEXT_MESSAGE_START m=m1; RUN_FINISHED", "TEXT_MESSAGE_START m=m1; STEP_STARTED; RUN_ERROR"),
    ("RUN-16", Both, "RUN_FINISHED; CUSTOM", "RUN_FINISHED; RUN_ERROR"),
    ("RUN-16", Both, "RUN_FINISHED; RUN_FINISHED", "RUN_FINISHED"),
    ("RUN-17", Both, "RUN_ERROR; RUN_ERROR", "RUN_ERROR; RUN_STARTED runId=r2"),
    ("RUN-17", Both, "RUN_ERROR; RUN_FINISHED", "RUN_ERROR"),
    ("RUN-17", Both, "RUN_FINISHED; RUN_ERROR; RUN_ERROR", "RUN_FINISHED; RUN_ERROR; RUN_STARTED runId=r2"),
    ("RUN-21", Both, "RUN_STARTED runId=r2", "RUN_FINISHED; RUN_STARTED runId=r2"),
    // RUN-22: the next run knows nothing of what this one opened, whoever owned it.
    ("TXT-7", Both, "TEXT_MESSAGE_START m=m1; RUN_ERROR; RUN_STARTED runId=r2; TEXT_MESSAGE_CONTENT m=m1", "TEXT_MESSAGE_START m=m1; RUN_ERROR; RUN_STARTED runId=r2; TEXT_MESSAGE_START m=m1"),
    ("RUN-31", Both, r#"STEP_STARTED; RUN_FINISHED outcome={"type":"cancelled"}"#, r#"TOOL_CALL_START c=c1; TOOL_CALL_ARGS c=c1; TOOL_CALL_END c=c1; RUN_FINISHED outcome={"type":"cancelled"}"#),

    ("EVT-8", Producers, "RUN_FINISHED; RUN_STARTED", "RUN_FINISHED; RUN_STARTED runId=r2"),
    ("EVT-9", Producers, "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_END m=m1; REASONING_MESSAGE_START m=m1", "REASONING_START m=m1; REASONING_MESSAGE_START m=m1; REASONING_MESSAGE_END m=m1; REASONING_MESSAGE_START m=m1"),
    ("EVT-9", Producers, "TOOL_CALL_RESULT c=c1 m=m1; TOOL_CALL_RESULT c=c2 m=m1", "TOOL_CALL_RESULT c=c1 m=m1; TOOL_CALL_RESULT c=c2 m=m2"),
    ("EVT-9", Producers, "ACTIVITY_SNAPSHOT m=u1", "ACTIVITY_SNAPSHOT m=a1"),
    ("EVT-9", Producers, r#"MESSAGES_SNAPSHOT messages=[{"role":"user","id":"m1","content":""},{"role":"user","id":"m1","content":""}]"#, r#"MESSAGES_SNAPSHOT messages=[{"role":"user","id":"u1","content":""}]"#),
    ("EVT-9", Producers, r#"TOOL_CALL_RESULT c=c1 m=m1; MESSAGES_SNAPSHOT messages=[{"role":"user","id":"m1","content":""}]"#, r#"TOOL_CALL_RESULT c=c1 m=m1; MESSAGES_SNAPSHOT messages=[{"role":"tool","id":"m1","toolCallId":"c1","content":""}]"#),

    ("STEP-1", Both, "STEP_STARTED; STEP_STARTED", "STEP_STARTED; STEP_STARTED @s; STEP_STARTED stepName=act"),
    ("STEP-1", Both, "STEP_STARTED @s; STEP_STARTED @s", "STEP_STARTED; STEP_FINISHED; STEP_STARTED"),
    ("STEP-2", Both, "STEP_FINISHED", "STEP_STARTED; STEP_FINISHED"),
    ("STEP-2", Both, "STEP_STARTED; STEP_FINISHED; STEP_FINISHED", "STEP_STARTED @s; STEP_STARTED; STEP_FINISHED @s; STEP_FINISHED"),
    ("STEP-3", Both, "STEP_STARTED @s; STEP_FINISHED", "STEP_STARTED @s; STEP_FINISHED @s"),

    ("CHK-10", Both, "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_CHUNK m=m1", "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CHUNK m=m1"),
    ("CHK-10", Both, "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CONTENT m=m1", "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_START m=m2; TEXT_MESSAGE_CONTENT m=m2"),
    ("CHK-10", Both, "TOOL_CALL_CHUNK c=c1 toolCallName=search; TOOL_CALL_END c=c1", "TOOL_CALL_CHUNK c=c1 toolCallName=search; TOOL_CALL_RESULT c=c1"),
    // CHK-11: what consumers accept, since the START ends the chunk stream and reopens.
    ("CHK-10", Producers, "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_START m=m1", "TEXT_MESSAGE_CHUNK m=m1; CUSTOM; TEXT_MESSAGE_START m=m1"),
    ("CHK-10", Producers, "TEXT_MESSAGE_CHUNK m=m1 @s; TEXT_MESSAGE_START m=m1", "TEXT_MESSAGE_CHUNK m=m1 @s; CUSTOM @s; TEXT_MESSAGE_START m=m1"),
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "REASONING_MESSAGE_CHUNK", "REASONING_MESSAGE_CHUNK m=m1; REASONING_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TOOL_CALL_CHUNK toolCallName=search", "TOOL_CALL_CHUNK c=c1 toolCallName=search; TOOL_CALL_CHUNK"),
    ("CHK-12", Both, "TOOL_CALL_CHUNK c=c1", "TOOL_CALL_CHUNK c=c1 toolCallName=search; TOOL_CALL_CHUNK c=c1"),
    // CHK-27: a tag alone says which lane.
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CHUNK @s", "TEXT_MESSAGE_CHUNK m=m1 @s; TEXT_MESSAGE_CHUNK @s"),
    // CHK-18, CHK-19: one stream a lane.
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; REASONING_MESSAGE_CHUNK m=m2; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; REASONING_MESSAGE_CHUNK m=m2 @s; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; RUN_ERROR; RUN_STARTED runId=r2; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; RUN_FINISHED; RUN_STARTED runId=r2; TEXT_MESSAGE_CHUNK m=m1"),
    // CHK-20, CHK-21, CHK-22, CHK-23, CHK-24: what ends the stream of a lane.
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; CUSTOM; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; RAW; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; STATE_DELTA; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; STATE_DELTA @s; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; STATE_SNAPSHOT; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; ACTIVITY_SNAPSHOT m=a1; ACTIVITY_DELTA m=a1; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; STEP_STARTED; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; SUBAGENT_STARTED @s; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "STEP_STARTED; TEXT_MESSAGE_CHUNK m=m1; STEP_FINISHED; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; REASONING_ENCRYPTED_VALUE entityId=m1; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; TOOL_CALL_RESULT c=c1; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; TOOL_CALL_RESULT c=c1 @s; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; TOOL_CALL_START c=c1; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; TOOL_CALL_START c=c1 @s; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TOOL_CALL_START c=c1; TEXT_MESSAGE_CHUNK m=m1; TOOL_CALL_ARGS c=c1; TEXT_MESSAGE_CHUNK", "TOOL_CALL_START c=c1 @s; TEXT_MESSAGE_CHUNK m=m1; TOOL_CALL_ARGS c=c1 @s; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; REASONING_START m=s1; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; REASONING_START m=s1 @s; TEXT_MESSAGE_CHUNK"),
    ("CHK-12", Both, "TEXT_MESSAGE_CHUNK m=m1; MESSAGES_SNAPSHOT messages=[]; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1; MESSAGES_SNAPSHOT messages=[]; TEXT_MESSAGE_CHUNK m=m1"),
    ("CHK-12", Both, "SUBAGENT_STARTED @s; TEXT_MESSAGE_CHUNK m=m1 @s; SUBAGENT_FINISHED @s; TEXT_MESSAGE_CHUNK", "SUBAGENT_STARTED @s; TEXT_MESSAGE_CHUNK m=m1; SUBAGENT_FINISHED @s; TEXT_MESSAGE_CHUNK"),
    // CHK-14: an absent role is assistant.
    ("CHK-17", Both, "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CHUNK role=user", "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CHUNK role=assistant"),
    ("CHK-17", Both, "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CHUNK m=m1 name=Bob", "TEXT_MESSAGE_CHUNK m=m1 name=Bob; TEXT_MESSAGE_CHUNK m=m1 name=Bob"),
    ("CHK-17", Both, "TOOL_CALL_CHUNK c=c1 toolCallName=search; TOOL_CALL_CHUNK toolCallName=find", "TOOL_CALL_CHUNK c=c1 toolCallName=search; TOOL_CALL_CHUNK toolCallName=search"),
    ("CHK-17", Both, "TOOL_CALL_CHUNK c=c1 toolCallName=search; TOOL_CALL_CHUNK p=m1", "TOOL_CALL_CHUNK c=c1 toolCallName=search p=m1; TOOL_CALL_CHUNK p=m1"),
    ("CHK-25", Both, "TEXT_MESSAGE_CHUNK m=m1 @s; TEXT_MESSAGE_CHUNK m=m1 @s2", "TEXT_MESSAGE_CHUNK m=m1 @s; TEXT_MESSAGE_CHUNK m=m1 @s; TEXT_MESSAGE_CHUNK m=m1"),
    ("CHK-25", Both, "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CHUNK m=m1 @s", "TEXT_MESSAGE_CHUNK m=m1; TEXT_MESSAGE_CHUNK m=m2 @s"),
    // CHK-28: the parent's stream comes first.
    ("CHK-29", Both, "TEXT_MESSAGE_CHUNK m=m1 @s; TEXT_MESSAGE_CHUNK m=m2 @s2; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1 @s; TEXT_MESSAGE_CHUNK m=m2 @s2; TEXT_MESSAGE_CHUNK m=m3; TEXT_MESSAGE_CHUNK"),
    ("CHK-29", Both, "TEXT_MESSAGE_CHUNK m=m1 @s; TEXT_MESSAGE_CHUNK m=m2 @s2; TEXT_MESSAGE_CHUNK", "TEXT_MESSAGE_CHUNK m=m1 @s; REASONING_MESSAGE_CHUNK m=m2 @s2; TEXT_MESSAGE_CHUNK"),

    ("TXT-5", Producers, "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_END m=m1; TEXT_MESSAGE_START m=m1 role=user", "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_END m=m1; TEXT_MESSAGE_START m=m1 role=assistant"),
    ("TXT-5", Producers, "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_END m=m1; TEXT_MESSAGE_START m=m1 name=Bob", "TEXT_MESSAGE_START m=m1 name=Bob; TEXT_MESSAGE_END m=m1; TEXT_MESSAGE_START m=m1 name=Bob"),
    ("TXT-5", Producers, "TEXT_MESSAGE_START m=u1", "TEXT_MESSAGE_START m=u1 role=user"),
    ("TXT-5", Producers, "TEXT_MESSAGE_CHUNK m=m1; RUN_FINISHED; RUN_STARTED runId=r2; TEXT_MESSAGE_CHUNK m=m1 @s", "TEXT_MESSAGE_CHUNK m=m1 @s; RUN_FINISHED; RUN_STARTED runId=r2; TEXT_MESSAGE_CHUNK m=m1 @s"),
    ("TXT-7", Both, "TEXT_MESSAGE_CONTENT m=m1", "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_CONTENT m=m1"),
    ("TXT-7", Both, "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_END m=m1; TEXT_MESSAGE_CONTENT m=m1", "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_END m=m1; TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_CONTENT m=m1"),
    ("TXT-7", Both, "TEXT_MESSAGE_END m=m1", "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_END m=m1"),
    ("TXT-7", Both, "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_START m=m1", "TEXT_MESSAGE_START m=m1; TEXT_MESSAGE_START m=m2; TEXT_MESSAGE_CONTENT m=m1"),

    ("TOOL-7", Producers, "TOOL_CALL_START c=c1; TOOL_CALL_END c=c1; TOOL_CALL_START c=c1 toolCallName=find", "TOOL_CALL_START c=c1; TOOL_CALL_END c=c1; TOOL_CALL_START c=c1"),
    ("TOOL-7", Producers, "TOOL_CALL_START c=c1 p=m1; TOOL_CALL_END c=c1; TOOL_CALL_START c=c1 p=m2", "TOOL_CALL_START c=c1 p=m1; TOOL_CALL_END c=c1; TOOL_CALL_START c=c1 p=m1"),
    ("TOOL-7", Producers, "TOOL_CALL_START c=c1; RUN_ERROR; RUN_STARTED runId=r2; TOOL_CALL_START c=c1 @s", "TOOL_CALL_START c=c1; RUN_ERROR; RUN_STARTED runId=r2; TOOL_CALL_START c=c1"),
    ("TOOL-15", Both, "TOOL_CALL_ARGS c=c1", "TOOL_CALL_START c=c1; TOOL_CALL_ARGS c=c1"),
    ("TOOL-15", Both, "TOOL_CALL_START c=c1; TOOL_CALL_END c=c1; TOOL_CALL_ARGS c=c1", "TOOL_CALL_START c=c1; TOOL_CALL_END c=c1; TOOL_CALL_START c=c1; TOOL_CALL_ARGS c=c1"),
    ("TOOL-15", Both, "TOOL_CALL_END c=c1", "TOOL_CALL_START c=c1; TOOL_CALL_END c=c1"),
    ("TOOL-15", Both, "TOOL_CALL_START c=c1; TOOL_CALL_START c=c1", "TOOL_CALL_START c=c1; TOOL_CALL_START c=c2"),
    // TOOL-8: a result does not reopen.
    ("TOOL-15", Both, "TOOL_CALL_START c=c1; TOOL_CALL_END c=c1; TOOL_CALL_RESULT c=c1; TOOL_CALL_ARGS c=c1", "TOOL_CALL_START c=c1; TOOL_CALL_RESULT c=c1; TOOL_CALL_ARGS c=c1"),
    ("TOOL-20", Producers, "TOOL_CALL_START c=c1 toolCallName=ask; TOOL_CALL_END c=c1; TOOL_CALL_RESULT c=c1", "TOOL_CALL_START c=c1; TOOL_CALL_END c=c1; TOOL_CALL_RESULT c=c1"),
    ("TOOL-20", Producers, r#"TOOL_CALL_CHUNK c=c1 toolCallName=ask; MESSAGES_SNAPSHOT messages=[{"role":"tool","id":"m1","toolCallId":"c1","content":""}]"#, r#"TOOL_CALL_CHUNK c=c1 toolCallName=search; MESSAGES_SNAPSHOT messages=[{"role":"tool","id":"m1","toolCallId":"c1","content":""}]"#),
    ("TOOL-21", Producers, r#"TOOL_CALL_CHUNK c=c1 toolCallName=ask; RUN_FINISHED outcome={"type":"interrupt","interrupts":[{"id":"i1","reason":"x","toolCallId":"c1"}]}"#, r#"TOOL_CALL_CHUNK c=c1 toolCallName=search; RUN_FINISHED outcome={"type":"interrupt","interrupts":[{"id":"i1","reason":"x","toolCallId":"c1"}]}"#),
    ("TOOL-24", Producers, r#"TOOL_CALL_CHUNK c=c1 toolCallName=ask; RUN_FINISHED outcome={"type":"success","pendingToolCallIds":[]}"#, r#"TOOL_CALL_CHUNK c=c1 toolCallName=ask; RUN_FINISHED outcome={"type":"success","pendingToolCallIds":["c1"]}"#),
    ("TOOL-24", Producers, r#"RUN_FINISHED outcome={"type":"success","pendingToolCallIds":["c1"]}"#, r#"RUN_FINISHED outcome={"type":"success","pendingToolCallIds":[]}"#),
    ("TOOL-24", Producers, r#"TOOL_CALL_CHUNK c=c1 toolCallName=search; TOOL_CALL_RESULT c=c1; RUN_FINISHED outcome={"type":"success","pendingToolCallIds":["c1"]}"#, r#"TOOL_CALL_CHUNK c=c1 toolCallName=ask; TOOL_CALL_CHUNK c=c2 toolCallName=ask; RUN_FINISHED outcome={"type":"success","pendingToolCallIds":["c2","c1"]}"#),
    ("TOOL-24", Producers, r#"TOOL_CALL_CHUNK c=c1 toolCallName=ask; RUN_FINISHED outcome={"type":"success","pendingToolCallIds":["c1","c1"]}"#, r#"TOOL_CALL_CHUNK c=c1 toolCallName=ask; RUN_FINISHED"#),

    ("REAS-1", Both, "REASONING_START m=s1; REASONING_START m=s1", "REASONING_START m=s1; REASONING_START m=s2"),
    ("REAS-1", Both, "REASONING_END m=s1", "REASONING_START m=s1; REASONING_END m=s1"),
    ("REAS-1", Both, "REASONING_START m=s1; REASONING_END m=s1; REASONING_END m=s1", "REASONING_START m=s1; REASONING_END m=s1; REASONING_START m=s1; REASONING_END m=s1"),
    // REAS-2, REAS-3, REAS-5: a span opens no message, nor does a message need one.
    ("REAS-4", Both, "REASONING_START m=m1; REASONING_MESSAGE_CONTENT m=m1", "REASONING_MESSAGE_START m=m1; REASONING_MESSAGE_CONTENT m=m1"),
    ("REAS-4", Both, "REASONING_MESSAGE_END m=m1", "REASONING_MESSAGE_START m=m1; REASONING_START m=m1; REASONING_END m=m1; REASONING_MESSAGE_END m=m1"),
    ("REAS-4", Both, "REASONING_MESSAGE_START m=m1; REASONING_MESSAGE_START m=m1", "REASONING_MESSAGE_START m=m1; REASONING_MESSAGE_START m=m2"),

    ("ACT-7", Producers, "ACTIVITY_SNAPSHOT m=a1 @s; ACTIVITY_SNAPSHOT m=a1 replace=false @s2", "ACTIVITY_SNAPSHOT m=a1 @s; ACTIVITY_SNAPSHOT m=a1 replace=false @s"),
    ("ACT-8", Producers, "ACTIVITY_DELTA m=a1", "ACTIVITY_SNAPSHOT m=a1; ACTIVITY_DELTA m=a1"),
    ("ACT-8", Producers, "ACTIVITY_DELTA m=u1", "ACTIVITY_SNAPSHOT m=a1 replace=false; RUN_FINISHED; RUN_STARTED runId=r2; ACTIVITY_DELTA m=a1"),
    // ACT-6: a replacing snapshot changes the owner.
    ("ACT-14", Both, "ACTIVITY_SNAPSHOT m=a1; ACTIVITY_DELTA m=a1 @s", "ACTIVITY_SNAPSHOT m=a1; ACTIVITY_SNAPSHOT m=a1 @s; ACTIVITY_DELTA m=a1 @s; ACTIVITY_DELTA m=a1"),

    // SUB-7: an attribution needs no announcement, but it may not come before one.
    ("SUB-4", Producers, "CUSTOM @s; SUBAGENT_STARTED @s", "CUSTOM @s; SUBAGENT_STARTED @s2; CUSTOM @s2"),
    ("SUB-5", Both, "SUBAGENT_STARTED @s; SUBAGENT_STARTED @s", "SUBAGENT_STARTED @s; SUBAGENT_STARTED @s2"),
    ("SUB-5", Both, "SUBAGENT_STARTED @s; SUBAGENT_FINISHED @s; SUBAGENT_STARTED @s", "SUBAGENT_STARTED @s; SUBAGENT_FINISHED @s; RUN_FINISHED; RUN_STARTED runId=r2; SUBAGENT_STARTED @s"),
    ("SUB-6", Both, "SUBAGENT_FINISHED @s", "SUBAGENT_STARTED @s; SUBAGENT_FINISHED @s"),
    ("SUB-6", Both, "SUBAGENT_STARTED @s; SUBAGENT_ERROR @s; SUBAGENT_ERROR @s", "SUBAGENT_STARTED @s; SUBAGENT_STARTED @s2; SUBAGENT_ERROR @s; SUBAGENT_ERROR @s2"),
    // SUB-21: what was at work when the run failed is at work no more.
    ("SUB-6", Both, "SUBAGENT_STARTED @s; RUN_ERROR; RUN_STARTED runId=r2; SUBAGENT_FINISHED @s", "SUBAGENT_STARTED @s; RUN_ERROR; RUN_STARTED runId=r2; RUN_FINISHED runId=r2"),
    // SUB-12: continuations without a tag are their opener's.
    ("SUB-11", Both, "TEXT_MESSAGE_START m=m1 @s; TEXT_MESSAGE_CONTENT m=m1 @s2", "TEXT_MESSAGE_START m=m1 @s; TEXT_MESSAGE_CONTENT m=m1; TEXT_MESSAGE_END m=m1 @s"),
    ("SUB-11", Both, "TOOL_CALL_START c=c1; TOOL_CALL_ARGS c=c1 @s", "TOOL_CALL_START c=c1 @s; TOOL_CALL_ARGS c=c1 @s"),
    ("SUB-11", Both, "REASONING_START m=s1; REASONING_END m=s1 @s", "REASONING_START m=s1 @s; REASONING_END m=s1"),
    ("SUB-11", Both, "REASONING_MESSAGE_START m=m1 @s; REASONING_ENCRYPTED_VALUE entityId=m1 @s2", "REASONING_MESSAGE_START m=m1 @s; REASONING_ENCRYPTED_VALUE entityId=m1"),
    ("SUB-11", Both, "TOOL_CALL_START c=c1; REASONING_ENCRYPTED_VALUE subtype=tool-call entityId=c1 @s", "REASONING_ENCRYPTED_VALUE entityId=unknown @s"),
    ("SUB-14", Both, "TEXT_MESSAGE_START m=m1 @s; TEXT_MESSAGE_END m=m1; TEXT_MESSAGE_START m=m1 @s2", "TEXT_MESSAGE_START m=m1 @s; TEXT_MESSAGE_END m=m1; TEXT_MESSAGE_START m=m1"),
    ("SUB-14", Both, "REASONING_START m=m1 @s; REASONING_MESSAGE_START m=m1 @s2", "REASONING_START m=m1 @s; REASONING_MESSAGE_START m=m1 @s"),
    // TOOL-2: an untagged call inherits.
    ("SUB-15", Both, "TEXT_MESSAGE_START m=m1 @s; TOOL_CALL_START c=c1 p=m1 @s2", "TEXT_MESSAGE_START m=m1 @s; TOOL_CALL_START c=c1 p=m1; TOOL_CALL_ARGS c=c1 @s"),
    ("SUB-15", Producers, "TOOL_CALL_START c=c1 p=m1 @s; TEXT_MESSAGE_START m=m1", "TOOL_CALL_START c=c1 p=m1 @s; TEXT_MESSAGE_START m=m1 @s"),
    ("SUB-15", Producers, "TOOL_CALL_START c=c1 p=m1 @s; TOOL_CALL_START c=c2 p=m1 @s2", "TOOL_CALL_START c=c1 p=m1; TEXT_MESSAGE_START m=m1 @s; TOOL_CALL_START c=c2 p=m1 @s"),
    ("SUB-15", Producers, "TEXT_MESSAGE_CHUNK m=m1 @s; RUN_FINISHED; RUN_STARTED runId=r2; TOOL_CALL_START c=c1 p=m1 @s2", "TEXT_MESSAGE_CHUNK m=m1 @s; RUN_FINISHED; RUN_STARTED runId=r2; TOOL_CALL_START c=c1 p=m1 @s"),
    ("SUB-17", Both, "SUBAGENT_STARTED @s parentSubagentRunId=s2", "SUBAGENT_STARTED @s2; SUBAGENT_FINISHED @s2; SUBAGENT_STARTED @s parentSubagentRunId=s2"),
    // SUB-23: a snapshot says whose its messages and their calls are.
    ("SUB-14", Both, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1","subagentRunId":"s"}]; TEXT_MESSAGE_START m=m1 @s2"#, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1","subagentRunId":"s"}]; TEXT_MESSAGE_START m=m1 @s"#),
    ("SUB-14", Both, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1","subagentRunId":"s","toolCalls":[{"id":"c1","type":"function","function":{"name":"search","arguments":""}}]}]; TOOL_CALL_START c=c1 @s2"#, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1","subagentRunId":"s","toolCalls":[{"id":"c1","type":"function","function":{"name":"search","arguments":""}}]}]; TOOL_CALL_START c=c1 @s"#),

    // The parent agent's, too, as soon as somebody else speaks.
    ("SUB-14", Both, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1"}]; TEXT_MESSAGE_START m=m1 @s"#, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1"}]; TEXT_MESSAGE_START m=m1"#),
    ("SUB-14", Both, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1"}]; CUSTOM @s; TEXT_MESSAGE_START m=m1 @s"#, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1"}]; CUSTOM @s; TEXT_MESSAGE_START m=m1"#),
    ("SUB-14", Both, r#"^RUN_STARTED input={"threadId":"t","runId":"r","messages":[{"role":"assistant","id":"m1"}]}; TEXT_MESSAGE_START m=m1 @s"#, r#"^RUN_STARTED input={"threadId":"t","runId":"r","messages":[{"role":"assistant","id":"m1"}]}; TEXT_MESSAGE_START m=m1"#),
    ("SUB-14", Both, r#"MESSAGES_SNAPSHOT messages=[{"role":"reasoning","id":"m1","content":""}]; REASONING_START m=m1 @s"#, r#"MESSAGES_SNAPSHOT messages=[{"role":"reasoning","id":"m1","content":""}]; REASONING_START m=m1"#),
    ("SUB-15", Both, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1"}]; TOOL_CALL_START c=c1 p=m1 @s"#, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1"}]; TOOL_CALL_START c=c1 p=m1"#),
    ("SUB-11", Both, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1"}]; REASONING_ENCRYPTED_VALUE entityId=m1 @s"#, r#"MESSAGES_SNAPSHOT messages=[{"role":"assistant","id":"m1"}]; REASONING_ENCRYPTED_VALUE entityId=m1"#),
    ("ACT-14", Both, r#"MESSAGES_SNAPSHOT messages=[{"role":"activity","id":"a1","activityType":"plan","content":{}}]; ACTIVITY_DELTA m=a1 @s"#, r#"MESSAGES_SNAPSHOT messages=[{"role":"activity","id":"a1","activityType":"plan","content":{}}]; ACTIVITY_DELTA m=a1"#),

    ("INT-2", Producers, r#"RUN_FINISHED outcome={"type":"interrupt","interrupts":[{"id":"i1","reason":"x"},{"id":"i1","reason":"x"}]}"#, r#"RUN_FINISHED outcome={"type":"interrupt","interrupts":[{"id":"i1","reason":"x"},{"id":"i2","reason":"x"}]}"#),
];

/// The rules that the tests break, these here and those at the end of a stream.
pub(super) fn tested() -> BTreeSet<&'static str> {
    RULES.iter().map(|(rule, ..)| *rule).chain(["RUN-6", "TRN-2"]).collect()
}

#[test]
fn the_smallest_stream_breaks_its_rule() {
    for (rule, by, broken, _) in RULES {
        let violation = judge(producer(), broken).expect_err(broken);
        assert_eq!(violation.rule(), *rule, "{broken}: {violation}");
        assert!(violation.to_string().ends_with(&format!("({rule})")), "{violation}");
        assert!(!violation.is_truncation());
        match (by, judge(Verifier::consumer(), broken)) {
            (Both, Err(violation)) => assert_eq!(violation.rule(), *rule, "{broken}: {violation}"),
            (Both, Ok(())) => panic!("consumers accept {broken}"),
            (Producers, result) => result.unwrap_or_else(|violation| panic!("{broken}: {violation}")),
        }
    }
}

#[test]
fn a_stream_that_just_keeps_the_rule_is_accepted() {
    for (rule, _, _, fine) in RULES {
        for verifier in [Verifier::consumer(), Verifier::producer(), producer()] {
            let mut verifier = verifier;
            for event in stream(fine) {
                if let Err(violation) = verifier.check(&event) {
                    panic!("{rule}: {fine}: {violation}");
                }
            }
        }
    }
}

#[test]
fn sub_14_sub_23_of_many_messages_that_are_restated_each_keeps_its_owner() {
    let restated = |ids: std::ops::Range<usize>| {
        let messages: Vec<_> = ids.map(|id| format!(r#"{{"role":"assistant","id":"m{id}"}}"#)).collect();
        format!("MESSAGES_SNAPSHOT messages=[{}]", messages.join(","))
    };
    // More than are only noted down until somebody else speaks.
    let before = [restated(0..1500), restated(900..3000)].join("; ");
    for id in [0, 1, 899, 1100, 1499, 2999] {
        let text = format!("{before}; TEXT_MESSAGE_START m=m{id} @s");
        let violation = judge(Verifier::consumer(), &text).expect_err(&format!("m{id}"));
        assert_eq!(violation.rule(), "SUB-14", "m{id}: {violation}");
    }
    judge(Verifier::consumer(), &format!("{before}; TEXT_MESSAGE_START m=m3000 @s")).unwrap();
}

/// All but the last event are accepted; the verdict on that one, which leaves the verifier as it was.
fn judge(mut verifier: Verifier, text: &str) -> Result<(), OrderViolation> {
    let mut events = stream(text);
    let last = events.pop().unwrap();
    for event in events {
        verifier.check(&event).unwrap_or_else(|violation| panic!("{text}: too early: {violation}"));
    }
    let before = format!("{:?}", sorted(&verifier));
    let result = verifier.check(&last);
    assert!(result.is_ok() || format!("{:?}", sorted(&verifier)) == before, "{text}: the state changed");
    let again = verifier.check(&last);
    assert!(result.is_ok() || result == again, "{text}: {result:?}, then {again:?}");
    result
}

/// What can be seen of a verifier.
fn sorted(verifier: &Verifier) -> impl std::fmt::Debug {
    (
        (verifier.is_running(), verifier.run_id(), verifier.has_failed()),
        (verifier.open_text_messages(), verifier.open_tool_calls()),
        (verifier.open_reasoning_messages(), verifier.open_reasoning_spans()),
        (verifier.open_steps(), verifier.open_subagents(), verifier.pending_tool_calls()),
    )
}

fn stream(text: &str) -> Vec<Event> {
    match text.strip_prefix('^') {
        Some(text) => events(text),
        None => events(&format!("RUN_STARTED; {text}")),
    }
}

fn producer() -> Verifier {
    let mut input = RunAgentInput::new("t", "r", vec![UserMessage::new("u1", "Hi").into()]);
    input.tools = Some(vec![Tool::new("ask", "Asks.")]);
    Verifier::producer_for(&input)
}
