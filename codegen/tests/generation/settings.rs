//! What the settings change. (That `reuse` compiles is shown by the package `examples/extended`.)

use agui_codegen::{Generator, Schema, Settings, UnknownMembers, generate};
use serde_json::json;

fn schema() -> Schema {
    Schema::from(json!({ "$defs": {
        "Colour": { "enum": ["red", "green"] },
        "Point": {
            "type": "object", "required": ["x", "colour"], "unevaluatedProperties": false,
            "properties": { "x": { "type": "integer" }, "colour": { "$ref": "#/$defs/Colour" } },
        },
        "Line": {
            "type": "object", "required": ["from", "to"], "unevaluatedProperties": false,
            "properties": { "from": { "$ref": "#/$defs/Point" }, "to": { "$ref": "#/$defs/Point" } },
        },
    }}))
}

fn generated(settings: &Settings) -> String {
    generate(&schema(), settings).unwrap().as_str().to_owned()
}

#[test]
fn a_replaced_definition_is_imported_and_not_generated() {
    let code = generated(&Settings::default().replace("Point", "::geometry::Vector"));
    assert!(code.contains("pub use ::geometry::Vector as Point;"), "{code}");
    assert!(!code.contains("pub struct Point"), "{code}");
    assert!(code.contains("pub from: Point,"), "{code}");
    let code = generated(&Settings::default().replace("Point", "::geometry::Point"));
    assert!(code.contains("pub use ::geometry::Point;"), "{code}");
}

#[test]
fn what_cannot_be_replaced_is_an_error() {
    let settings = Settings::default().replace("Circle", "::geometry::Circle");
    let error = generate(&schema(), &settings).unwrap_err().to_string();
    assert_eq!(error, "#: there is no definition `Circle` to be replaced; correct the name in the settings");
    let settings = Settings::default().replace("Point", "not a path");
    let error = generate(&schema(), &settings).unwrap_err().to_string();
    assert!(error.starts_with("settings: `not a path` is not a path"), "{error}");
}

#[test]
fn reuse_takes_what_is_the_same_all_the_way_down() {
    let mut other = schema();
    other.add_value("Colour", "blue").unwrap();
    other.define("Alone", json!({ "type": "array", "items": { "type": "string" } })).unwrap();
    let settings = Settings::default().reuse(other, "::palette");
    let code = generated(&settings);
    // `Colour` differs, and so does everything that contains it.
    assert!(!code.contains("pub use"), "{code}");
    let code = generated(&Settings::default().reuse(schema(), "::palette"));
    for name in ["Colour", "Line", "Point"] {
        assert!(code.contains(&format!("pub use ::palette::{name};")), "{code}");
    }
}

#[test]
fn derives_are_added_to_every_type() {
    let code = generated(&Settings::default().derive("Eq").derive("::other::Derive"));
    assert_eq!(code.matches("#[derive(Clone, Debug, PartialEq, Eq, ::other::Derive)]").count(), 2, "{code}");
    // What a type has already it does not get twice.
    assert_eq!(code.matches("PartialOrd, Ord, Hash, ::other::Derive)]").count(), 1, "{code}");
}

#[test]
fn unknown_members_can_be_denied() {
    assert!(generated(&Settings::default()).contains("rt::decodable!(Point, decode_object, plain);"));
    let code = generated(&Settings::default().unknown_members(UnknownMembers::Deny));
    assert!(code.contains("rt::decodable!(Point, decode_object, plain_strict);"), "{code}");
}

#[test]
fn the_generator_writes_a_file_and_names_the_schema_in_errors() {
    let folder = tempfile::tempdir().unwrap();
    let (schema, out) = (folder.path().join("shapes.json"), folder.path().join("shapes.rs"));
    std::fs::write(&schema, self::schema().document().to_string()).unwrap();
    Generator::new(&schema).settings(Settings::default().runtime("crate::rt")).out(&out).build().unwrap();
    assert!(std::fs::read_to_string(&out).unwrap().contains("use crate::rt as rt;"));
    std::fs::write(&schema, r#"{"$defs":{"A":{"if":true}}}"#).unwrap();
    let error = Generator::new(&schema).out(&out).build().unwrap_err().to_string();
    assert!(error.contains("shapes.json") && error.contains("#/$defs/A/if: the keyword"), "{error}");
}
