//! Unions of objects, told apart by a constant member.

/// What `tagged_union.json` gives; formatted by the generator.
#[path = "../goldens/tagged_union.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, read_as, refused, round_trip};
use generated::{Circle, Drawing, Figure, FigureRightTriangle, Form, No, Reply, Square, Style, Yes};

#[test]
fn the_tag_selects_the_variant() {
    round_trip(&Figure::from(Circle::new(1.5)), r#"{"form":"circle","radius":1.5}"#);
    round_trip(&Figure::from(Square::new(2.0).label("s")), r#"{"form":"square","side":2.0,"label":"s"}"#);
    let triangle = FigureRightTriangle::new(vec![3.0, 4.0]);
    round_trip(&Figure::RightTriangle(triangle.clone()), r#"{"form":"right-triangle","legs":[3.0,4.0]}"#);
    round_trip(&triangle, r#"{"form":"right-triangle","legs":[3.0,4.0]}"#);
}

#[test]
fn the_tag_may_come_late() {
    read_as(&Figure::from(Circle::new(1.0).label("c")), r#"{"label":"c","radius":1,"form":"circle"}"#);
}

#[test]
fn what_variants_share_is_reached_without_matching() {
    let mut figure = Figure::from(Circle::new(1.0));
    assert_eq!((figure.tag(), figure.form(), figure.label()), ("circle", Form::Circle, None));
    *figure.label_mut() = Some("c".to_owned());
    assert_eq!(figure.label(), Some("c"));
    assert_eq!(Figure::from(Square::new(1.0).label("s")).label(), Some("s"));
    assert_eq!(
        (Circle::FORM, Square::FORM, FigureRightTriangle::FORM),
        ("circle", "square", "right-triangle")
    );
    assert_eq!(Reply::from(Yes::new(3)).at(), 3);
}

#[test]
fn errors_name_the_place_in_the_variant() {
    refused::<Figure>(
        r#"{"form":"circle","radius":0}"#,
        "/radius",
        "0 is out of bounds, expected more than 0",
    );
    refused::<Figure>(r#"{"form":"square"}"#, "", "missing field `side`");
    refused::<Figure>(r#"{"radius":1}"#, "", "missing field `form`");
    refused::<Figure>(r#"{"form":1}"#, "/form", "expected a string");
    refused::<Figure>(r#"{"form":"right-triangle","legs":[1]}"#, "/legs", "1 items, expected at least 2");
    refused::<Figure>(r#"{"form":"circle","form":"circle","radius":1}"#, "", "duplicate field `form`");
    refused::<Drawing>(
        r#"{"figures":[{"form":"circle","radius":"1"}]}"#,
        "/figures/0/radius",
        "invalid type",
    );
    refused::<Figure>("[]", "", "expected an object (Figure with a `form`)");
}

#[test]
fn unknown_variants_are_dropped_with_what_needs_them() {
    let json = r#"{"figures":[{"form":"star"},{"form":"circle","radius":1,"x":2}],"frame":{"points":5,"form":"star"}}"#;
    let known = Drawing::new(vec![Circle::new(1.0).into()]);
    partly_known(
        json,
        Some(&known),
        &[
            "/figures/0: unknown variant `star`",
            "/figures/1/x: unknown member",
            "/frame: unknown variant `star`",
        ],
    );
    partly_known::<Figure>(r#"{"form":"star"}"#, None, &["document: unknown variant `star`"]);
    let error = agui_types::runtime::decode::<Figure>(br#"{"form":"star"}"#).unwrap_err();
    assert_eq!((error.pointer(), error.message().contains("`right-triangle`")), ("/form", true), "{error}");
}

#[test]
fn a_large_member_is_boxed_and_set_as_if_it_were_not() {
    let circle = Circle::new(1.0).style(Style::new().fill("red"));
    assert_eq!(circle.style.as_ref().unwrap().fill.as_deref(), Some("red"));
    round_trip(&Figure::from(circle), r#"{"form":"circle","radius":1.0,"style":{"fill":"red"}}"#);
    assert!(size_of::<Figure>() <= 64, "{}", size_of::<Figure>());
}

#[test]
fn a_second_constant_is_checked_and_an_alias_is_followed() {
    round_trip(&Reply::No(No::new(1)), r#"{"zeal":"low","answer":"no","at":1}"#);
    assert_eq!(Reply::from(No::new(1)).tag(), "no");
    refused::<Reply>(r#"{"answer":"no","zeal":"high","at":1}"#, "/zeal", "expected the constant `\"low\"`");
    refused::<Reply>(r#"{"answer":"no","at":1}"#, "", "missing field `zeal`");
}
