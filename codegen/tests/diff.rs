//! A synthetic next version of the protocol: what changes, and how each change is classed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail a test"
)]

use agui_codegen::diff::{Change, Diff, Rust, Wire, diff, json, markdown, text};
use agui_codegen::{Schema, adopt};
use serde_json::{Map, Value, json};
use std::path::Path;

fn current() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/ag-ui-1.0.json");
    Schema::read(path).unwrap().document().clone()
}

/// An edit of the schema, and the rows that it has to give.
struct Case {
    edit: fn(&mut Value),
    rows: &'static [Row],
}

/// Pointer, kind, wire, Rust, message.
type Row = (&'static str, &'static str, Wire, Rust, &'static str);

macro_rules! cases {
    ($($($pointer:literal $kind:literal $wire:ident $rust:ident $message:literal),+ => $edit:expr;)*) => {
        &[$(Case { edit: $edit, rows: &[$(($pointer, $kind, Wire::$wire, Rust::$rust, $message)),+] }),*]
    };
}

fn at<'v>(schema: &'v mut Value, pointer: &str) -> &'v mut Map<String, Value> {
    schema
        .pointer_mut(pointer)
        .and_then(Value::as_object_mut)
        .unwrap_or_else(|| panic!("nothing at {pointer}"))
}

fn list<'v>(schema: &'v mut Value, pointer: &str) -> &'v mut Vec<Value> {
    schema
        .pointer_mut(pointer)
        .and_then(Value::as_array_mut)
        .unwrap_or_else(|| panic!("no list at {pointer}"))
}

fn put(schema: &mut Value, pointer: &str, name: &str, value: Value) {
    at(schema, pointer).insert(name.to_owned(), value);
}

fn drop_at(schema: &mut Value, pointer: &str, name: &str) {
    at(schema, pointer).remove(name).unwrap_or_else(|| panic!("no {name} at {pointer}"));
}

fn no_longer_required(schema: &mut Value, definition: &str, name: &str) {
    list(schema, &format!("/$defs/{definition}/required")).retain(|required| required != name);
}

/// What an old peer copes with: the whole workspace has to compile with these.
const COMPATIBLE: &[Case] = cases! {
    "/$id" "version" Compatible Patch "version 1.0 → 1.1" =>
        |s| { s["$id"] = json!("https://ag-ui.com/spec/1.1/schema.json"); };
    "/$defs/RunErrorEvent/properties/retryAfter" "property-added" Compatible Minor "the optional property `retryAfter` is new" =>
        |s| put(s, "/$defs/RunErrorEvent/properties", "retryAfter", json!({ "type": "integer", "minimum": 0, "description": "Wait." }));
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
const BREAKING: &[Case] = cases! {
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
    "/$defs/DataSource/properties/value" "type" Breaking Breaking "a string became an integer" =>
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
    "/$defs/AgentDescription" "definition-renamed" Compatible Breaking "`IdentityCapabilities` is called `AgentDescription` now" =>
        |s| {
            let definition = at(s, "/$defs").remove("IdentityCapabilities").unwrap();
            put(s, "/$defs", "AgentDescription", definition);
            put(s, "/$defs/AgentCapabilities/properties/identity", "$ref", json!("#/$defs/AgentDescription"));
        };
    "/$defs/ToolCall/properties/type" "constant" Breaking Patch "the constant \"function\" became \"tool\"" =>
        |s| put(s, "/$defs/ToolCall/properties/type", "const", json!("tool"));
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

fn edited(cases: &[&[Case]]) -> Schema {
    let mut schema = current();
    for case in cases.iter().copied().flatten() {
        (case.edit)(&mut schema);
    }
    Schema::from(schema)
}

fn compared(new: &Schema) -> Diff {
    diff(&Schema::from(current()), new).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn assert_rows(found: &[Change], cases: &[&[Case]]) {
    let row = |change: &Change| {
        let Change { pointer, kind, wire, rust, message, .. } = change;
        format!("{pointer} {kind} {wire} {rust} {message}")
    };
    let mut found: Vec<_> = found.iter().map(row).collect();
    let rows = cases.iter().copied().flatten().flat_map(|case| case.rows);
    let mut expected: Vec<_> = rows.map(|(p, k, w, r, m)| format!("{p} {k} {w} {r} {m}")).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn each_of_the_changes_is_classed_right_on_its_own() {
    assert!(COMPATIBLE.len() + BREAKING.len() >= 25);
    for case in BREAKING {
        let mut schema = current();
        (case.edit)(&mut schema);
        assert_rows(&compared(&Schema::from(schema)).changes, &[std::slice::from_ref(case)]);
    }
}

#[test]
fn all_changes_together_give_one_row_each() {
    assert_rows(&compared(&edited(&[COMPATIBLE, BREAKING])).changes, &[COMPATIBLE, BREAKING]);
}

#[test]
fn the_summary_is_the_worst_of_all() {
    let none = compared(&Schema::from(current()));
    assert_eq!((none.changes.len(), none.wire(), none.rust()), (0, Wire::Compatible, Rust::Patch));
    let minor = compared(&edited(&[COMPATIBLE]));
    assert_eq!((minor.wire(), minor.rust(), minor.is_breaking()), (Wire::Compatible, Rust::Minor, false));
    let breaking = compared(&edited(&[COMPATIBLE, BREAKING]));
    assert_eq!(
        (breaking.wire(), breaking.rust(), breaking.is_breaking()),
        (Wire::Breaking, Rust::Breaking, true)
    );
}

#[test]
fn prose_and_order_count_for_nothing() {
    let mut other = current();
    other["title"] = json!("Something else");
    put(&mut other, "/$defs/Tool", "description", json!("Something else."));
    list(&mut other, "/$defs/Event/oneOf").reverse();
    list(&mut other, "/$defs/EventType/enum").reverse();
    assert_eq!(compared(&Schema::from(other)).changes, []);
}

#[test]
fn the_renderings_name_every_pointer() {
    let diff = compared(&edited(&[COMPATIBLE, BREAKING]));
    let (plain, colour, markdown, json) =
        (text(&diff, false), text(&diff, true), markdown(&diff), json(&diff));
    for change in &diff.changes {
        assert!(plain.contains(&change.pointer) && colour.contains(&change.pointer), "{change:?}");
        assert!(markdown.contains(&format!("`#{}`", change.pointer)), "{change:?}");
    }
    assert!(!plain.contains('\x1b') && colour.contains("\x1b[31m"));
    assert_eq!(json["changes"].as_array().unwrap().len(), diff.changes.len());
    assert_eq!(json["summary"], json!({ "wire": "breaking", "rust": "breaking" }));
    let row = json["changes"].as_array().unwrap().iter().find(|row| row["kind"] == "default").unwrap();
    assert_eq!(row["pointer"], "/$defs/ActivitySnapshotEvent/properties/replace");
    assert_eq!(text(&compared(&Schema::from(current())), true), "no change in meaning\n");
}

#[test]
fn adopting_takes_the_structure_and_leaves_the_prose() {
    let mut foreign = edited(&[COMPATIBLE]).document().clone();
    for definition in at(&mut foreign, "/$defs").values_mut() {
        definition["description"] = json!("Words of somebody else.");
    }
    put(
        &mut foreign,
        "/$defs/RunErrorEvent/properties/retryAfter",
        "description",
        json!("Words of somebody else."),
    );
    let old = Schema::from(current());
    let adopted = adopt(&Schema::from(foreign.clone()), &old).unwrap();
    let text = adopted.text();
    assert!(!text.contains("somebody else"), "prose was taken over");
    assert_eq!(diff(&Schema::from(foreign), &adopted.schema).unwrap().changes, [], "the structure changed");
    let pointers: Vec<_> = adopted.undescribed.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/$defs/BaseEvent/properties/traceId",
            "/$defs/Context",
            "/$defs/HeartbeatEvent",
            "/$defs/HeartbeatEvent/properties/type",
            "/$defs/RunErrorEvent/properties/retryAfter",
        ]
    );
    let document = adopted.schema.document();
    for pointer in [
        "/$defs/RunErrorEvent/description",
        "/$defs/Event/description",
        "/$defs/Tool/properties/name/description",
        "/description",
    ] {
        assert_eq!(document.pointer(pointer), old.document().pointer(pointer), "{pointer}");
    }
    assert_eq!(document["title"], current()["title"].as_str().unwrap().replace("1.0", "1.1"));
    assert_eq!(adopted.schema.version(), Some("1.1"));
}

#[test]
fn adopting_what_is_ours_already_changes_nothing() {
    let old = Schema::from(current());
    let adopted = adopt(&old, &old).unwrap();
    assert_eq!(adopted.schema.document(), old.document());
    assert_eq!(adopted.undescribed, []);
}
