//! Unions told apart by JSON type.

/// What `choice.json` gives; formatted by the generator.
#[path = "../goldens/choice.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, read_as, refused, round_trip, unwritable};
use generated::{
    Body, BodyPart, Caption, Letter, LetterStamp, Postcard, Scalar, Size, SizeObject, SizeString, Text,
};
use serde_json::json;

#[test]
fn the_json_type_selects_the_variant() {
    round_trip(&Letter::new("Dear"), r#"{"body":"Dear"}"#);
    round_trip(&Letter::new(vec![BodyPart::new("D")]).stamp(0.5), r#"{"body":[{"text":"D"}],"stamp":0.5}"#);
    round_trip(&Letter::new("D").stamp(true), r#"{"body":"D","stamp":true}"#);
    read_as(&Letter::new("D").stamp(2.0), r#"{"stamp":2,"body":"D"}"#);
    round_trip(&Size::from(9), "9");
    round_trip(&Size::from(SizeString::Large), r#""large""#);
    round_trip(&Size::from(SizeObject::new(1, 2)), r#"{"width":1,"height":2}"#);
}

#[test]
fn equal_choices_of_equal_name_are_one_type() {
    let body: Body = "Dear".into();
    round_trip(&Postcard::new().body(body.clone()), r#"{"body":"Dear"}"#);
    assert_eq!(Letter::new(body.clone()).body, body);
}

#[test]
fn a_list_of_types_is_a_choice() {
    let list = vec![json!(1), json!("a")];
    let object: serde_json::Map<_, _> = [("a".to_owned(), json!([]))].into_iter().collect();
    for (value, json) in [
        (Scalar::from("a"), r#""a""#),
        (Scalar::from(-1), "-1"),
        (Scalar::from(false), "false"),
        (Scalar::from(list), r#"[1,"a"]"#),
        (Scalar::from(object), r#"{"a":[]}"#),
    ] {
        round_trip(&value, json);
    }
    read_as(&Scalar::Integer(2), "2.0");
    refused::<Scalar>("2.5", "", "floating point `2.5`");
    refused::<Scalar>("null", "", "expected a boolean or a number or a string or an array or an object");
}

#[test]
fn alternatives_that_would_share_a_name_are_named_by_their_json_types() {
    round_trip(&Caption::String("a".to_owned()), r#""a""#);
    round_trip(&Caption::Object(Text::new("de", "b")), r#"{"language":"de","words":"b"}"#);
}

#[test]
fn alternatives_have_rules() {
    refused::<Letter>(r#"{"body":[]}"#, "/body", "0 items, expected at least 1");
    refused::<Letter>(r#"{"body":1}"#, "/body", "expected a string or an array");
    refused::<Letter>(r#"{"body":[{"text":"a"},{"text":2}]}"#, "/body/1/text", "invalid type: integer `2`");
    refused::<Letter>(r#"{"body":"a","stamp":-1}"#, "/stamp", "-1 is out of bounds, expected at least 0");
    refused::<Size>("10", "", "10 is out of bounds, expected at most 9");
    assert_eq!(unwritable(&Letter::new(Body::Parts(vec![]))), "/body: 0 items, expected at least 1");
    assert_eq!(unwritable(&LetterStamp::Number(-1.0)), "-1 is out of bounds, expected at least 0");
    assert_eq!(unwritable(&Caption::from("x".repeat(21))), "21 characters, expected at most 20");
}

#[test]
fn unknown_material_is_found_inside() {
    let known = Letter::new(vec![BodyPart::new("a")]);
    partly_known(r#"{"body":[{"text":"a","size":3}]}"#, Some(&known), &["/body/0/size: unknown member"]);
    partly_known::<Size>(r#""huge""#, None, &["document: unknown value `huge`"]);
}
