//! Closed sets of strings.

/// What `enumerations.json` gives; formatted by the generator.
#[path = "../goldens/enumerations.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, refused, round_trip};
use generated::{Alarm, Level, Odd, Only, Volume, Weekday};

#[test]
fn values_are_written_as_they_are() {
    round_trip(&Weekday::Tuesday, r#""tuesday""#);
    round_trip(&Level::Off, r#""off""#);
    round_trip(&Volume::Quiet, r#""quiet""#);
    round_trip(&Only::Only, r#""only""#);
    round_trip(&Alarm::new(Weekday::Monday).level(Level::Low), r#"{"day":"monday","level":"low"}"#);
}

#[test]
fn odd_values_have_a_variant_each() {
    let odd = [
        "self",
        "type",
        "new-style",
        "2nd",
        "+1",
        "-1",
        "err",
        "ok",
        "none",
        "UPPER_CASE",
        "with space",
        "é",
        "don't",
        "",
    ];
    assert_eq!(Odd::ALL.iter().map(|odd| odd.as_str()).collect::<Vec<_>>(), odd);
    for value in Odd::ALL {
        round_trip(value, &format!("\"{value}\""));
        assert_eq!(value.as_str().parse::<Odd>().as_ref(), Ok(value));
    }
    assert_eq!((Odd::Self_.as_str(), Odd::X2nd.as_str(), Odd::Minus1.as_str()), ("self", "2nd", "-1"));
}

#[test]
fn unknown_values_are_dropped_with_what_needs_them() {
    let error = "sunday".parse::<Weekday>().unwrap_err();
    assert_eq!(error.to_string(), "unknown value `sunday`, expected one of `monday`, `tuesday`, `wednesday`");
    partly_known::<Alarm>(r#"{"day":"sunday"}"#, None, &["/day: unknown value `sunday`"]);
    partly_known(
        r#"{"day":"monday","level":"odd","days":["x","tuesday"]}"#,
        Some(&Alarm::new(Weekday::Monday).days(vec![Weekday::Tuesday])),
        &["/level: unknown value `odd`", "/days/0: unknown value `x`"],
    );
    let error = agui_types::runtime::decode::<Alarm>(br#"{"day":"monday","level":"odd"}"#).unwrap_err();
    assert_eq!(error.pointer(), "/level");
}

#[test]
fn other_types_are_malformed() {
    refused::<Weekday>("1", "", "expected a string");
    refused::<Alarm>(r#"{"day":"monday","days":[null]}"#, "/days/0", "expected a string");
}
