//! A synthetic next version of the protocol: edits of the schema, and the row that `diff` has to give
//! for each. The example `next` prints the schemas for CI, which builds the workspace with them.

use agui_codegen::Schema;
use agui_codegen::diff::{Rust, Wire};
use serde_json::{Map, Value, json};
use std::path::Path;

pub(crate) fn current() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/ag-ui-1.0.json");
    Schema::read(path).unwrap().document().clone()
}

/// An edit of the schema, and the rows that it has to give.
pub(crate) struct Case {
    pub(crate) edit: fn(&mut Value),
    pub(crate) rows: &'static [Row],
}

/// Pointer, kind, wire, Rust, message.
pub(crate) type Row = (&'static str, &'static str, Wire, Rust, &'static str);

macro_rules! cases {
    ($($($pointer:literal $kind:literal $wire:ident $rust:ident $message:literal),+ => $edit:expr;)*) => {
        &[$(Case { edit: $edit, rows: &[$(($pointer, $kind, Wire::$wire, Rust::$rust, $message)),+] }),*]
    };
}

pub(crate) fn at<'v>(schema: &'v mut Value, pointer: &str) -> &'v mut Map<String, Value> {
    schema
        .pointer_mut(pointer)
        .and_then(Value::as_object_mut)
        .unwrap_or_else(|| panic!("nothing at {pointer}"))
}

pub(crate) fn list<'v>(schema: &'v mut Value, pointer: &str) -> &'v mut Vec<Value> {
    schema
        .pointer_mut(pointer)
        .and_then(Value::as_array_mut)
        .unwrap_or_else(|| panic!("no list at {pointer}"))
}

pub(crate) fn put(schema: &mut Value, pointer: &str, name: &str, value: Value) {
    at(schema, pointer).insert(name.to_owned(), value);
}

fn drop_at(schema: &mut Value, pointer: &str, name: &str) {
    at(schema, pointer).remove(name).unwrap_or_else(|| panic!("no {name} at {pointer}"));
}

fn no_longer_required(schema: &mut Value, definition: &str, name: &str) {
    list(schema, &format!("/$defs/{definition}/required")).retain(|required| required != name);
}

/// What an old peer copes with: the whole workspace has to compile with these.
pub(crate) const COMPATIBLE: &[Case] = cases! {
    "/$id" "version" Compatible Patch "version 1.0 → 1.1" =>
        |s| { s["$id"] = json!("https://ag-ui.com/spec/1.1/schema.json"); };
    "/$defs/RunErrorEvent/properties/retryAfter" "property-added" Compatible Minor "the optional property `retryAfter` is new" =>
        |s| put(s, "/$defs/RunErrorEvent/properties", "retryAfter", json!({ "type": "integer", "minimum": 0, "maximum": 86400, "description": "Wait." }));
    "/$defs/BaseEvent/properties/traceId" "property-added" Compatible Minor "the optional property `traceId` is new" =>
        |s| put(s, "/$defs/BaseEvent/properties", "traceId", json!({ "type": "string", "description": "Trace." }));
    "/$defs/HeartbeatEvent" "definition-added" Compatible Minor "`HeartbeatEvent` is new" =>
        |s| put(s, "/$defs", "HeartbeatEvent", json!({
            "type": "object", "description": "Alive.", "allOf": [{ "$ref": "#/$defs/BaseEvent" }],
            "properties": { "type": { "const": "HEARTBEAT", "description": "Marks it." } },
            "required": ["type"], "unevaluatedProperties": false,
        }));
    "/$defs/Event" "variant-added" Compatible Minor "the member `HEARTBEAT` is new" =>
        |s| list(s, "/$defs/Event/oneOf").push(json!({ "$ref": "#/$defs/HeartbeatEvent" }));
    "/$defs/EventType" "value-added" Compatible Minor "the value `HEARTBEAT` is new" =>
        |s| list(s, "/$defs/EventType/enum").push(json!("HEARTBEAT"));
    "/$defs/ReasoningEncryptedValueSubtype" "value-added" Compatible Minor "the value `span` is new" =>
        |s| list(s, "/$defs/ReasoningEncryptedValueSubtype/enum").push(json!("span"));
    "/$defs/Context" "openness" Compatible Minor "the object became open to further members" =>
        |s| drop_at(s, "/$defs/Context", "unevaluatedProperties");
    "/$defs/ToolCallChunkEvent/properties/delta" "default" Compatible Patch "absence means \"\" instead of nothing" =>
        |s| put(s, "/$defs/ToolCallChunkEvent/properties/delta", "default", json!(""));
};

/// What somebody rejects or loses, or what breaks Rust code.
pub(crate) const BREAKING: &[Case] = cases! {
    "/$defs/RunErrorEvent/properties/code" "property-required" Breaking Breaking "`code` became required" =>
        |s| list(s, "/$defs/RunErrorEvent/required").push(json!("code"));
    "/$defs/ToolCallStartEvent/properties/toolCallName" "property-optional" Breaking Breaking "`toolCallName` became optional" =>
        |s| no_longer_required(s, "ToolCallStartEvent", "toolCallName");
    "/$defs/StepStartedEvent/properties/kind" "property-added" Breaking Breaking "the required property `kind` is new" =>
        |s| {
            put(s, "/$defs/StepStartedEvent/properties", "kind", json!({ "type": "string" }));
            list(s, "/$defs/StepStartedEvent/required").push(json!("kind"));
        };
    "/$defs/RawEvent/properties/source" "property-removed" Breaking Breaking "the optional property `source` is gone" =>
        |s| drop_at(s, "/$defs/RawEvent/properties", "source");
    "/$defs/Tool/properties/summary" "property-renamed" Breaking Breaking "`description` is called `summary` now" =>
        |s| {
            let property = at(s, "/$defs/Tool/properties").remove("description").unwrap();
            put(s, "/$defs/Tool/properties", "summary", property);
            no_longer_required(s, "Tool", "description");
            list(s, "/$defs/Tool/required").push(json!("summary"));
        };
    "/$defs/DataSource/properties/value" "type" Breaking Breaking "a string became an integer",
    "/$defs/PartSource" "rust-type" Compatible Breaking "the method for `value` of all variants is gone" =>
        |s| put(s, "/$defs/DataSource/properties", "value", json!({ "type": "integer" }));
    "/$defs/FunctionCall/properties/arguments" "nullable" Breaking Breaking "`null` became a value" =>
        |s| put(s, "/$defs/FunctionCall/properties", "arguments", json!({ "type": ["string", "null"] }));
    "/$defs/TokenUsage/properties/inputTokens" "bounds" Breaking Patch "≥ 0, ≤ 1000000 instead of ≥ 0, ≤ 9007199254740991" =>
        |s| put(s, "/$defs/TokenUsage/properties/inputTokens", "maximum", json!(1_000_000));
    "/$defs/TokenUsage/properties/outputTokens" "rust-type" Compatible Breaking "the Rust type is `i64` instead of `u64`",
    "/$defs/TokenUsage/properties/outputTokens" "bounds" Breaking Patch "≥ -1, ≤ 9007199254740991 instead of ≥ 0, ≤ 9007199254740991" =>
        |s| put(s, "/$defs/TokenUsage/properties/outputTokens", "minimum", json!(-1));
    "/$defs/RunFinishedInterruptOutcome/properties/interrupts" "bounds" Breaking Patch "at least 2 items instead of at least 1 items" =>
        |s| put(s, "/$defs/RunFinishedInterruptOutcome/properties/interrupts", "minItems", json!(2));
    "/$defs/JsonPointer" "pattern" Breaking Patch "the pattern is `^/` instead of `^(/([^/~]|~[01])*)*$`" =>
        |s| put(s, "/$defs/JsonPointer", "pattern", json!("^/"));
    "/$defs/SubagentRunId" "pattern" Breaking Patch "the pattern is `^s` instead of none",
    "/$defs/SubagentRunId" "rust-type" Compatible Breaking "the Rust type gained or lost its check" =>
        |s| put(s, "/$defs/SubagentRunId", "pattern", json!("^s"));
    "/$defs/ActivitySnapshotEvent/properties/replace" "default" Breaking Patch "absence means false instead of true" =>
        |s| put(s, "/$defs/ActivitySnapshotEvent/properties/replace", "default", json!(false));
    "/$defs/AddOperation" "openness" Breaking Breaking "the object became closed to further members" =>
        |s| put(s, "/$defs/AddOperation", "additionalProperties", json!(false));
    "/$defs/TextMessageRole" "value-removed" Breaking Breaking "the value `system` is gone" =>
        |s| list(s, "/$defs/TextMessageRole/enum").retain(|value| value != "system");
    "/$defs/PartSource" "variant-removed" Breaking Breaking "the member `file` is gone",
    "/$defs/FileSource" "definition-removed" Breaking Breaking "`FileSource` is gone" =>
        |s| {
            list(s, "/$defs/PartSource/oneOf").retain(|member| member["$ref"] != "#/$defs/FileSource");
            drop_at(s, "/$defs", "FileSource");
        };
    "/$defs/ContentPart" "variant-added" Compatible Minor "the member `link` is new",
    "/$defs/LinkPart" "definition-added" Compatible Minor "`LinkPart` is new",
    // Methods of a union that serve all variants are as good as the variants.
    "/$defs/ContentPart" "rust-type" Compatible Breaking "the method for `id` of all variants is gone",
    "/$defs/ContentPart" "rust-type" Compatible Breaking "the method that changes `metadata` of all variants is gone" =>
        |s| {
            list(s, "/$defs/ContentPart/oneOf").push(json!({ "$ref": "#/$defs/LinkPart" }));
            put(s, "/$defs", "LinkPart", json!({
                "type": "object", "required": ["type", "href"], "unevaluatedProperties": false,
                "properties": { "type": { "const": "link" }, "href": { "type": "string" }, "id": { "type": "integer" } },
            }));
        };
    "/$defs/CriticMessage" "definition-added" Compatible Minor "`CriticMessage` is new",
    "/$defs/Message" "variant-added" Compatible Minor "the member `critic` is new",
    // `Role` does not list it.
    "/$defs/Message" "rust-type" Compatible Breaking "the methods for the tag return a string instead of `Role`",
    "/$defs/Message" "rust-type" Compatible Breaking "the method that changes `metadata` of all variants is gone",
    "/$defs/Message" "rust-type" Compatible Breaking "the method that changes `subagentRunId` of all variants is gone" =>
        |s| {
            list(s, "/$defs/Message/oneOf").push(json!({ "$ref": "#/$defs/CriticMessage" }));
            put(s, "/$defs", "CriticMessage", json!({
                "type": "object", "required": ["role", "id"], "unevaluatedProperties": false,
                "properties": { "role": { "const": "critic" }, "id": { "type": "string" } },
            }));
        };
    "/$defs/AgentDescription" "definition-renamed" Compatible Breaking "`IdentityCapabilities` is called `AgentDescription` now" =>
        |s| {
            let definition = at(s, "/$defs").remove("IdentityCapabilities").unwrap();
            put(s, "/$defs", "AgentDescription", definition);
            put(s, "/$defs/AgentCapabilities/properties/identity", "$ref", json!("#/$defs/AgentDescription"));
        };
    "/$defs/ToolCall/properties/type" "constant" Breaking Patch "the constant \"function\" became \"tool\"" =>
        |s| put(s, "/$defs/ToolCall/properties/type", "const", json!("tool"));
    "/$defs/ToolCallResultEvent/properties/role" "constant" Compatible Patch "the constant became an enumeration: another value is unrecognised now, not malformed",
    "/$defs/ToolCallResultEvent/properties/role" "value-added" Breaking Minor "the value `system` is new" =>
        |s| put(s, "/$defs/ToolCallResultEvent/properties", "role", json!({ "enum": ["tool", "system"] }));
    "/$defs/JsonPatch" "definition-kind" Breaking Breaking "a list became an object" =>
        |s| {
            put(s, "/$defs", "JsonPatch", json!({
                "type": "object", "unevaluatedProperties": false,
                "properties": { "operations": { "type": "array", "items": { "$ref": "#/$defs/JsonPatchOperation" } } },
            }));
        };
    "/$defs/ToolMessage" "required-order" Compatible Breaking "the constructor takes its arguments in another order" =>
        |s| list(s, "/$defs/ToolMessage/required").reverse();
    "/$defs/ResumeEntry/properties/payload" "nullable" Breaking Patch "`null` became a value" =>
        |s| put(s, "/$defs/ResumeEntry/properties", "payload", json!({}));
    "/$defs/SubagentFinishedOutcome" "discriminator" Breaking Breaking "the members are told apart by `kind` instead of `type`",
    "/$defs/SubagentFinishedSuccessOutcome/properties/type" "property-removed" Breaking Breaking "the required property `type` is gone",
    "/$defs/SubagentFinishedSuccessOutcome/properties/kind" "property-added" Breaking Minor "the required constant property `kind` is new",
    "/$defs/SubagentFinishedSuspendedOutcome/properties/type" "property-removed" Breaking Breaking "the required property `type` is gone",
    "/$defs/SubagentFinishedSuspendedOutcome/properties/kind" "property-added" Breaking Minor "the required constant property `kind` is new" =>
        |s| {
            for name in ["SubagentFinishedSuccessOutcome", "SubagentFinishedSuspendedOutcome"] {
                let tag = at(s, &format!("/$defs/{name}/properties")).remove("type").unwrap();
                put(s, &format!("/$defs/{name}/properties"), "kind", tag);
                no_longer_required(s, name, "type");
                list(s, &format!("/$defs/{name}/required")).push(json!("kind"));
            }
        };
    "/$ref" "root" Breaking Patch "the document describes something else" =>
        |s| { s["$ref"] = json!("#/$defs/RunAgentInput"); };
};

pub(crate) fn edited(cases: &[&[Case]]) -> Schema {
    let mut schema = current();
    for case in cases.iter().copied().flatten() {
        (case.edit)(&mut schema);
    }
    Schema::from(schema)
}
