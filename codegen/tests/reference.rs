//! The Markdown reference of a schema: nothing is missing in it, and no link leads nowhere.
//!
//! `AGUI_REWRITE=1` rewrites `docs/protocol.md`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail a test"
)]

use agui_codegen::{Schema, reference};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

fn protocol() -> Schema {
    Schema::read(path("../schema/ag-ui-1.0.json")).unwrap()
}

/// The protocol and the goldens.
fn schemas() -> Vec<Schema> {
    let files = std::fs::read_dir(path("tests/goldens")).unwrap().map(|file| file.unwrap().path());
    let goldens = files.filter(|file| file.extension().is_some_and(|found| found == "json"));
    goldens.map(|file| Schema::read(file).unwrap()).chain([protocol()]).collect()
}

/// The sections by the names of their definitions' anchors.
fn sections(markdown: &str) -> BTreeMap<&str, &str> {
    let sections = markdown.split("\n### <a id=\"").skip(1);
    sections.map(|section| section.split_once("\"></a>").unwrap()).collect()
}

/// Text without markup: what a reader sees, but for links and code.
fn bare(text: &str) -> String {
    let text = text.replace("&#124;", "|").replace("<code>", "`").replace("</code>", "`");
    text.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The descriptions of all properties, wherever in the schema they are.
fn of_properties<'v>(schema: &'v Value, found: &mut Vec<&'v str>) {
    match schema {
        Value::Object(keywords) => {
            if let Some(Value::Object(properties)) = keywords.get("properties") {
                found
                    .extend(properties.values().filter_map(|property| property.get("description")?.as_str()));
            }
            keywords.values().for_each(|inner| of_properties(inner, found));
        }
        Value::Array(schemas) => schemas.iter().for_each(|inner| of_properties(inner, found)),
        _ => {}
    }
}

#[test]
fn the_protocol_is_current() {
    let (file, text) = (path("../docs/protocol.md"), reference(&protocol()).unwrap());
    if std::env::var_os("AGUI_REWRITE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let mut lines = committed.lines().zip(text.lines()).enumerate();
    let difference = lines.find(|(_, (old, new))| old != new);
    assert!(
        committed == text,
        "docs/protocol.md is not what its schema gives now, from {difference:?}; to rewrite it: \
         AGUI_REWRITE=1 cargo test -p agui-codegen --test reference"
    );
}

#[test]
fn every_definition_and_description_occurs() {
    for schema in schemas() {
        let markdown = reference(&schema).unwrap();
        let sections = sections(&markdown);
        for (name, definition) in schema.document()["$defs"].as_object().unwrap() {
            let section = bare(sections.get(name.as_str()).unwrap_or_else(|| panic!("{name} is missing")));
            let mut descriptions = Vec::from_iter(definition.get("description").and_then(Value::as_str));
            for (member, property) in
                definition.get("properties").and_then(Value::as_object).into_iter().flatten()
            {
                assert!(
                    section.contains(&bare(&format!("| `{member}` |"))) || member.is_empty(),
                    "{name}.{member}"
                );
                descriptions.extend(property.get("description").and_then(Value::as_str));
            }
            for description in descriptions {
                assert!(section.contains(&bare(description)), "{name} lacks: {description}\n{section}");
            }
        }
        let (text, mut descriptions) = (bare(&markdown), Vec::new());
        of_properties(schema.document(), &mut descriptions);
        for description in descriptions {
            assert!(text.contains(&bare(description)), "missing: {description}");
        }
    }
}

#[test]
fn every_link_has_its_target() {
    for schema in schemas() {
        let markdown = reference(&schema).unwrap();
        let anchors: Vec<_> = sections(&markdown).into_keys().collect();
        let links = markdown.split("](#").skip(1).map(|link| link.split_once(')').unwrap().0);
        let links: BTreeSet<_> = links.collect();
        assert!(links.iter().all(|link| anchors.contains(link)), "{links:?}\n{anchors:?}");
        assert!(anchors.iter().all(|anchor| links.contains(anchor)), "{links:?}\n{anchors:?}");
    }
}

#[test]
fn every_table_has_rows_of_one_width() {
    for schema in schemas() {
        let markdown = reference(&schema).unwrap();
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        let lines: Vec<_> = markdown.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|'))) {
            assert_eq!(columns(pair[0]), columns(pair[1]), "{pair:#?}");
        }
    }
}

#[test]
fn composed_members_are_in_the_section_of_each_object() {
    let markdown = reference(&protocol()).unwrap();
    let section = sections(&markdown)["TextMessageStartEvent"];
    for member in ["| `type` | `\"TEXT_MESSAGE_START\"` | required |", "| `timestamp` |", "| `messageId` |"] {
        assert!(section.contains(member), "{member} is missing in:\n{section}");
    }
}

#[test]
fn the_order_of_members_is_of_no_account() {
    let schema = |defaults: &str, members: &str| {
        let text = format!(r#"{{"$defs":{{"A":{{"type":"object","default":{defaults},{members}}}}}}}"#);
        reference(&Schema::parse(&text).unwrap()).unwrap()
    };
    let one =
        schema("0", r#""properties":{"a":{"type":"object","default":{"x":1,"y":2}},"b":{"type":"string"}}"#);
    let other =
        schema("0", r#""properties":{"b":{"type":"string"},"a":{"default":{"y":2,"x":1},"type":"object"}}"#);
    assert_eq!(one, other);
}

#[test]
fn all_kinds_are_rendered() {
    let schema = json!({
        "$id": "https://a.example/1.2/schema.json",
        "title": "Shapes",
        "description": "All of them.\n\nTwice.",
        "$defs": {
            "Alias": { "$ref": "#/$defs/Name" },
            "Choice": { "oneOf": [
                { "description": "One.", "$ref": "#/$defs/Name" },
                { "type": "array", "items": { "type": ["string", "null"] } },
            ]},
            "Colour": { "oneOf": [
                { "const": "red", "description": "As a | rose." },
                { "const": "blue" },
            ]},
            "Name": { "type": "string", "minLength": 1, "maxLength": 9, "pattern": "^(a|b)" },
            "Point": {
                "description": "A place. Anywhere.",
                "type": "object",
                "properties": {
                    "kind": { "const": "point" },
                    "x": { "type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.5,
                           "description": "To the\nright | left." },
                    "tags": { "type": "array", "items": { "$ref": "#/$defs/Name" }, "minItems": 1 },
                },
                "required": ["kind"],
                "additionalProperties": { "type": "integer" },
            },
            "Shape": { "oneOf": [{ "$ref": "#/$defs/Point" }, { "$ref": "#/$defs/Spot" }] },
            "Spot": { "type": "object", "properties": { "kind": { "const": "spot" } }, "required": ["kind"],
                      "additionalProperties": false },
        },
    });
    let expected = r#""#;
    assert_eq!(reference(&Schema::from(schema)).unwrap(), expected);
}
