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
    let current = std::fs::read_to_string(path("../schema/current")).unwrap();
    Schema::read(path("../schema").join(current.trim())).unwrap()
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

/// A section with its title, which is the name of its definition.
fn titled(section: &str) -> (String, &str) {
    (bare(section.lines().next().unwrap()), section)
}

/// Text without markup but for links: two texts that read the same are the same.
fn bare(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').unwrap();
        out.extend(char::from_u32(number.parse().unwrap()));
        out.push_str(rest);
    }
    let out = out.replace("<code>", "").replace("</code>", "").replace(['\\', '`', '\u{200b}'], "");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
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
        let sections: BTreeMap<_, _> = sections(&markdown).into_values().map(titled).collect();
        for (name, definition) in schema.document()["$defs"].as_object().unwrap() {
            let section = bare(sections.get(name).unwrap_or_else(|| panic!("{name} is missing")));
            // What is wrapped in `null` has a section of its own for its members.
            let members = if section.contains("The type is ") { bare(&markdown) } else { section.clone() };
            let properties = definition.get("properties").and_then(Value::as_object);
            for (member, property) in properties.into_iter().flatten() {
                let description = property.get("description").and_then(Value::as_str);
                assert!(members.contains(&bare(&format!("| `{member}` |"))), "{name}.{member}\n{members}");
                assert!(
                    members.contains(&bare(description.unwrap_or_default())),
                    "{name}.{member}\n{members}"
                );
            }
            let description = definition.get("description").and_then(Value::as_str).unwrap_or_default();
            assert!(section.contains(&bare(description)), "{name} lacks its description:\n{section}");
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
    assert_eq!(reference(&Schema::from(schema)).unwrap(), SHAPES);
}

const SHAPES: &str = r##"# Shapes

<!-- Written by `agui-codegen docs`; change the schema instead. -->

All of them.

Twice.

- `$id`: `https://a.example/1.2/schema.json`
- Version: 1.2

## Overview

### Unions

- [Shape](#Shape), by `kind`:
  - `point`: [Point](#Point)
  - `spot`: [Spot](#Spot)

### Objects

- [Point](#Point): A place.
- [Spot](#Spot)

### Choices

- [Choice](#Choice)

### Enumerations

- [Colour](#Colour)

### Other types

- [Alias](#Alias)
- [Name](#Name)

## Definitions

### <a id="Alias"></a>Alias

Defined at `#/$defs/Alias`.

The type is [Name](#Name).

### <a id="Choice"></a>Choice

Defined at `#/$defs/Choice`.

The type is [Name](#Name) or list of (string or `null`), told apart by JSON type.

- [Name](#Name): One.

### <a id="Colour"></a>Colour

Defined at `#/$defs/Colour`.

One of these strings:

| Value | Description |
| --- | --- |
| `red` | As a \| rose. |
| `blue` | |

### <a id="Name"></a>Name

Defined at `#/$defs/Name`.

The type is string, 1 to 9 characters, matching `^(a|b)`.

### <a id="Point"></a>Point

A place. Anywhere.

Defined at `#/$defs/Point`.

| Member | Type | Presence | Limits | Default | Description |
| --- | --- | --- | --- | --- | --- |
| `kind` | `"point"` | required | | | |
| `tags` | list of [Name](#Name) | optional | at least 1 item | | |
| `x` | number | optional | at least 0, below 1 | `0.5` | To the right \| left. |

Open: the type of other members is integer.

### <a id="Shape"></a>Shape

Defined at `#/$defs/Shape`.

One of these objects, told apart by `kind`:

| `kind` | Definition | Description |
| --- | --- | --- |
| `point` | [Point](#Point) | A place. |
| `spot` | [Spot](#Spot) | |

### <a id="Spot"></a>Spot

Defined at `#/$defs/Spot`.

| Member | Type | Presence |
| --- | --- | --- |
| `kind` | `"spot"` | required |

Closed: there are no other members.
"##;
