//! Members for which `null` is a value: told apart from absence.

/// What `nullable.json` gives; formatted by the generator.
#[path = "../goldens/nullable.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, refused, round_trip, unwritable};
use generated::{
    MaybeBox, MaybeBoxValue, MaybeColour, MaybeColourValue, MaybePlace, MaybeShort, Place, Reading,
    ReadingGrade, ReadingOwner, ReadingStatus,
};

fn reading() -> Reading {
    Reading::new(None, None)
}

#[test]
fn required_and_nullable() {
    round_trip(&reading(), r#"{"value":null,"place":null}"#);
    round_trip(&Reading::new(Some(1.5), Some(Place::new("a"))), r#"{"value":1.5,"place":{"room":"a"}}"#);
    refused::<Reading>(r#"{"value":1}"#, "", "missing field `place`");
    refused::<Reading>(r#"{"value":"1","place":null}"#, "/value", "invalid type: string");
    refused::<Reading>(r#"{"value":null,"place":{}}"#, "/place", "missing field `room`");
}

#[test]
fn optional_and_nullable_means_three_things() {
    round_trip(&reading().unit(None), r#"{"value":null,"place":null,"unit":null}"#);
    round_trip(&reading().unit(Some("K".to_owned())), r#"{"value":null,"place":null,"unit":"K"}"#);
    assert_eq!((reading().unit, reading().unit(None).unit), (None, Some(None)));
}

#[test]
fn null_may_be_among_an_enumerations_values() {
    round_trip(&reading().status(None), r#"{"value":null,"place":null,"status":null}"#);
    round_trip(&reading().status(Some(ReadingStatus::Bad)), r#"{"value":null,"place":null,"status":"bad"}"#);
    round_trip(&reading().grade(ReadingGrade::A), r#"{"value":null,"place":null,"grade":"a"}"#);
    refused::<Reading>(r#"{"value":null,"place":null,"grade":null}"#, "/grade", "null");
    partly_known(
        r#"{"value":null,"place":null,"status":"ugly"}"#,
        Some(&reading()),
        &["/status: unknown value `ugly`"],
    );
}

#[test]
fn null_may_come_with_a_reference() {
    round_trip(&reading().maybe(None), r#"{"value":null,"place":null,"maybe":null}"#);
    round_trip(&reading().both(None), r#"{"value":null,"place":null,"both":null}"#);
    round_trip(&reading().both(Some(Place::new("b"))), r#"{"value":null,"place":null,"both":{"room":"b"}}"#);
}

#[test]
fn null_may_stand_in_lists_and_beside_objects_choices_and_maps() {
    round_trip(&reading().history(vec![None, Some(2)]), r#"{"value":null,"place":null,"history":[null,2]}"#);
    round_trip(&reading().mixed(None), r#"{"value":null,"place":null,"mixed":null}"#);
    round_trip(&reading().mixed(Some("a".into())), r#"{"value":null,"place":null,"mixed":"a"}"#);
    round_trip(&reading().mixed(Some(1.into())), r#"{"value":null,"place":null,"mixed":1}"#);
    round_trip(&reading().owner(None), r#"{"value":null,"place":null,"owner":null}"#);
    let owner = Some(ReadingOwner::new("Ann"));
    round_trip(&reading().owner(owner), r#"{"value":null,"place":null,"owner":{"name":"Ann"}}"#);
    let marks = [("a".to_owned(), true)].into();
    round_trip(&reading().marks(Some(marks)), r#"{"value":null,"place":null,"marks":{"a":true}}"#);
}

#[test]
fn rules_leave_null_alone() {
    refused::<Reading>(r#"{"value":-51,"place":null}"#, "/value", "-51 is out of bounds");
    refused::<Reading>(r#"{"value":null,"place":null,"history":[null,-1]}"#, "/history/1", "integer `-1`");
    refused::<Reading>(r#"{"value":null,"place":null,"owner":{"name":""}}"#, "/owner/name", "0 characters");
    assert_eq!(
        unwritable(&Reading::new(Some(-51.0), None)),
        "/value: -51 is out of bounds, expected at least -50"
    );
}

#[test]
fn definitions_may_be_nullable() {
    let none: MaybePlace = None;
    round_trip(&none, "null");
    round_trip(&MaybeColour::Some(MaybeColourValue::Green), r#""green""#);
    round_trip(&MaybeColour::None, "null");
    round_trip(&MaybeBox::Some(MaybeBoxValue::new().side(1)), r#"{"side":1}"#);
    round_trip(&MaybeBox::None, "null");
    round_trip(&MaybeShort::try_from(None).unwrap(), "null");
    round_trip(&MaybeShort::try_from(Some("abc".to_owned())).unwrap(), r#""abc""#);
    assert!(MaybeShort::try_from(Some("abcd".to_owned())).is_err());
    refused::<MaybeShort>(r#""abcd""#, "", "4 characters, expected at most 3");
}
