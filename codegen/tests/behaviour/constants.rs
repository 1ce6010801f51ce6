//! Members with one legal value.

/// What `constants.json` gives; formatted by the generator.
#[path = "../goldens/constants.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{read_as, refused, round_trip};
use generated::{Header, Options, OptionsMode, OptionsModesItem, Ping};

const HEADER: &str = r#"{"format":"log/1","version":1,"scale":0.5,"binary":true,"parent":null,"offset":-3,"fields":"a name that the generated code uses"}"#;

#[test]
fn constants_are_written_and_take_no_room() {
    round_trip(&Header::new(), HEADER);
    assert_eq!(Header::FORMAT, "log/1");
    assert_eq!(size_of::<Ping>(), 0);
    round_trip(&Ping::new(), r#"{"op":"ping"}"#);
}

#[test]
fn constants_are_checked() {
    for (found, other, pointer, message) in [
        (r#""log/1""#, r#""log/2""#, "/format", r#"expected the constant `"log/1"`"#),
        (r#""version":1"#, r#""version":2"#, "/version", "expected the constant `1`"),
        (r#""version":1"#, r#""version":"1""#, "/version", "expected the constant `1`"),
        ("0.5", "0.25", "/scale", "expected the constant `0.5`"),
        ("true", "false", "/binary", "expected the constant `true`"),
        ("null", "0", "/parent", "expected the constant `null`"),
        ("-3", "3", "/offset", "expected the constant `-3`"),
    ] {
        refused::<Header>(&HEADER.replace(found, other), pointer, message);
    }
    refused::<Header>(&HEADER.replace(r#""parent":null,"#, ""), "", "missing field `parent`");
    refused::<Header>(
        &HEADER.replace(r#""parent""#, r#""binary":true,"parent""#),
        "",
        "duplicate field `binary`",
    );
    refused::<Ping>("{}", "", "missing field `op`");
}

#[test]
fn numbers_are_constant_by_value() {
    read_as(&Header::new(), &HEADER.replace(r#""version":1"#, r#""version":1.0"#));
}

#[test]
fn constants_elsewhere_are_enumerations() {
    let options = Options::new().mode(OptionsMode::Fast).modes(vec![OptionsModesItem::Slow]);
    round_trip(&options, r#"{"mode":"fast","modes":["slow"]}"#);
}
