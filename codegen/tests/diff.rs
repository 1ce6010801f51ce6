//! A synthetic next version of the protocol: what changes, and how each change is classed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail a test"
)]

mod next;

use agui_codegen::diff::{Change, Diff, Rust, Wire, diff, json, markdown, text};
use agui_codegen::{Schema, adopt};
use next::{BREAKING, COMPATIBLE, Case, at, current, edited, list, put};
use serde_json::{Value, json};

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
fn a_constant_is_more_than_an_enumeration_of_one_value() {
    let schema = |role: &Value, required: &[&str]| {
        let message = json!({ "type": "object", "properties": { "role": role }, "required": required });
        Schema::from(json!({ "$defs": { "Message": message } }))
    };
    let (constant, one, two) =
        (json!({ "const": "a" }), json!({ "enum": ["a"] }), json!({ "enum": ["a", "b"] }));
    let rows = |old: &Value, new: &Value, required: &[&str]| -> Vec<String> {
        let found = diff(&schema(old, required), &schema(new, required)).unwrap();
        let row = |change: &Change| format!("{} {} {}", change.kind, change.wire, change.rust);
        found.changes.iter().map(row).collect()
    };
    // Optional, it is an enum of one variant either way; required, a constant takes no room.
    assert_eq!(rows(&constant, &one, &[]), ["constant compatible patch"]);
    assert_eq!(rows(&one, &constant, &[]), ["constant compatible patch"]);
    assert_eq!(rows(&constant, &two, &[]), ["constant compatible patch", "value-added breaking minor"]);
    assert_eq!(rows(&two, &constant, &[]), ["constant compatible patch", "value-removed breaking breaking"]);
    assert_eq!(rows(&one, &two, &[]), ["value-added compatible minor"]);
    let required = ["role"];
    assert_eq!(
        rows(&constant, &one, &required),
        ["definition-added compatible minor", "type compatible breaking"]
    );
    assert_eq!(
        rows(&one, &constant, &required),
        ["definition-removed compatible breaking", "type compatible breaking"]
    );
    assert_eq!(
        rows(&constant, &two, &required),
        ["definition-added compatible minor", "type breaking breaking"]
    );
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
