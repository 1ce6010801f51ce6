//! The run input by serde's derive alone: the same content as ours, nothing checked.
//!
//! The reference keeps the parameters of tools as unparsed text, which no reader of them could use as
//! they are; this contestant parses all that ours parses, so the difference is what checking costs.

use super::{Contestant, Who, reading};
use crate::inputs::Inputs;
use serde::Deserialize;
use serde_json::{Map, Value};

pub(super) fn contestant(inputs: &Inputs) -> Contestant<'_> {
    Contestant::new(Who::Unchecked).reads_input(reading(&inputs.input, serde_json::from_slice::<Input>))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "fields are there to be filled")]
struct Input {
    thread_id: String,
    run_id: String,
    protocol_version: Option<String>,
    parent_run_id: Option<String>,
    state: Option<Value>,
    messages: Vec<Message>,
    tools: Option<Vec<Tool>>,
    context: Option<Vec<Context>>,
    forwarded_props: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "fields are there to be filled")]
struct Message {
    id: String,
    role: String,
    content: Option<String>,
    name: Option<String>,
    tool_calls: Option<Vec<ToolCall>>,
    tool_call_id: Option<String>,
    error: Option<String>,
    encrypted_value: Option<String>,
    metadata: Option<Map<String, Value>>,
    subagent_run_id: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are there to be filled")]
struct ToolCall {
    id: String,
    function: Function,
    metadata: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are there to be filled")]
struct Function {
    name: String,
    arguments: String,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are there to be filled")]
struct Tool {
    name: String,
    description: String,
    parameters: Option<Value>,
    metadata: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are there to be filled")]
struct Context {
    description: String,
    value: String,
}
