//! Objects composed by `allOf`: flattened, in the order of the schema, with constants narrowed.

/// What `composition.json` gives; formatted by the generator.
#[path = "../goldens/composition.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, refused, round_trip};
use generated::{Car, Entity, Kind, Ship, Vehicle};
use serde_json::json;

#[test]
fn fragments_are_flattened_on_every_level() {
    round_trip(
        &Car::new("A 1", 4, 3).speed(1.5).since(1999),
        r#"{"kind":"car","id":"A 1","doors":4,"wheels":3,"since":1999,"speed":1.5}"#,
    );
    round_trip(&Ship::new("S", "Ann").wheels(0), r#"{"kind":"ship","id":"S","name":"Ann","wheels":0}"#);
    let mut vehicle = Vehicle::new(Kind::Plane, "P");
    vehicle.extra.insert("wings".to_owned(), json!(2));
    round_trip(&vehicle, r#"{"kind":"plane","id":"P","wings":2}"#);
    round_trip(&Entity::new(Kind::Car, "E"), r#"{"kind":"car","id":"E"}"#);
}

#[test]
fn a_narrowed_member_has_one_value() {
    assert_eq!(Car::KIND, "car");
    refused::<Car>(
        r#"{"kind":"ship","id":"A","doors":1,"wheels":1}"#,
        "/kind",
        "expected the constant `\"car\"`",
    );
    refused::<Car>(r#"{"id":"A","doors":1,"wheels":1}"#, "", "missing field `kind`");
    refused::<Car>(r#"{"kind":"car","id":"A","doors":1}"#, "", "missing field `wheels`");
}

#[test]
fn the_composing_object_decides_what_is_closed() {
    let json = r#"{"kind":"car","id":"A","doors":1,"wheels":1,"wings":2}"#;
    partly_known(json, Some(&Car::new("A", 1, 1)), &["/wings: unknown member"]);
}
