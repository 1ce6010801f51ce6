//! Objects that are closed: required and optional members, and nothing else.

/// What `closed_object.json` gives; formatted by the generator.
#[path = "../goldens/closed_object.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{Names, partly_known, read_as, refused, round_trip};
use agui_types::runtime::decode;
use generated::{Address, Nothing, Parcel, Timetable, visit_definitions};

fn parcel() -> Parcel {
    Parcel::new(Address::new("Here"), Address::new("There").street("High Street"), 250).fragile(true)
}

const PARCEL: &str = r#"{"sender":{"town":"Here"},"recipient":{"town":"There","street":"High Street"},"weight":250,"fragile":true}"#;

#[test]
fn members_are_written_in_the_order_of_the_constructor() {
    round_trip(&parcel(), PARCEL);
    read_as(&Address::new("a").street("b"), r#"{"street":"b","town":"a"}"#);
}

#[test]
fn absent_is_left_out_and_null_is_no_substitute() {
    let bare = Parcel::new(Address::new("a"), Address::new("b"), 0);
    round_trip(&bare, r#"{"sender":{"town":"a"},"recipient":{"town":"b"},"weight":0}"#);
    refused::<Parcel>(&PARCEL.replace("true", "null"), "/fragile", "null");
}

#[test]
fn unknown_members_are_skipped_reported_or_refused() {
    let json = PARCEL.replace(r#""street""#, r#""~/road""#).replace("250", r#"250,"colour":[{}]"#);
    let known = Parcel { recipient: Address::new("There"), ..parcel() };
    assert_eq!(decode::<Parcel>(json.as_bytes()).unwrap(), known);
    partly_known(&json, Some(&known), &["/recipient/~0~1road: unknown member", "/colour: unknown member"]);
}

#[test]
fn errors_name_the_place() {
    refused::<Parcel>(&PARCEL.replace("250", "-1"), "/weight", "expected an integer between 0");
    refused::<Parcel>(&PARCEL.replace("250", r#""250""#), "/weight", "invalid type: string");
    refused::<Parcel>(r#"{"sender":{"town":"a"},"recipient":{"town":"b"}}"#, "", "missing field `weight`");
    refused::<Parcel>(r#"{"sender":{}}"#, "/sender", "missing field `town`");
    refused::<Parcel>(r#"{"sender":[]}"#, "/sender", "expected an object (Address)");
    refused::<Address>(r#"{"town":"a","town":"b"}"#, "", "duplicate field `town`");
}

#[test]
fn an_empty_object_is_an_object() {
    round_trip(&Nothing::new(), "{}");
    assert_eq!(Nothing::default(), Nothing::new());
    partly_known(r#"{"a":1}"#, Some(&Nothing::new()), &["/a: unknown member"]);
    refused::<Nothing>("null", "", "expected an object (Nothing)");
}

#[test]
fn the_constructor_takes_what_is_required_however_much_it_is() {
    let json = r#"{"monday":1,"tuesday":2,"wednesday":3,"thursday":4,"friday":5,"saturday":6,"sunday":7,"holiday":8}"#;
    round_trip(&Timetable::new(1, 2, 3, 4, 5, 6, 7, 8), json);
}

#[test]
fn all_definitions_can_be_visited() {
    let mut names = Names::default();
    visit_definitions(&mut names);
    assert_eq!(names.0, ["Address", "Nothing", "Parcel", "Timetable"]);
}
