//! Numbers with bounds of all kinds.

/// What `numbers.json` gives; formatted by the generator.
#[path = "../goldens/numbers.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{read_as, refused, round_trip, unwritable};
use generated::{Count, Even, Gauge, Score};

/// The numbers at and just beyond the edge, by member.
#[test]
fn bounds_hold_exactly() {
    for (member, inside, outside) in [
        ("natural", &["0", "18446744073709551615"][..], &["-1", "18446744073709551616"][..]),
        ("positive", &["1"], &["0"]),
        ("percent", &["0", "100"], &["-1", "101"]),
        ("signed", &["-5", "5"], &["-6", "6"]),
        ("between", &["-4", "4"], &["-5", "5"]),
        ("ratio", &["0.0", "0.999"], &["-0.001", "1.0"]),
        ("angle", &["-179.9", "180.0"], &["-180.0", "180.1"]),
        ("whole", &["-9223372036854775808", "9223372036854775807"], &["9223372036854775808"]),
        ("large", &["18446744073709551615"], &["-1"]),
        ("safe", &["-9007199254740991", "9007199254740991"], &["9007199254740992", "-9007199254740992"]),
    ] {
        for number in inside {
            let json = format!("{{\"{member}\":{number}}}");
            let gauge = agui_types::runtime::decode::<Gauge>(json.as_bytes())
                .unwrap_or_else(|error| panic!("{error}"));
            round_trip(&gauge, &json);
        }
        for number in outside {
            refused::<Gauge>(&format!("{{\"{member}\":{number}}}"), &format!("/{member}"), "expected");
        }
    }
}

#[test]
fn an_integer_is_told_by_its_value() {
    read_as(&Gauge::new().percent(1).whole(-2), r#"{"percent":1.0,"whole":-2e0}"#);
    refused::<Gauge>(r#"{"whole":1.5}"#, "/whole", "floating point `1.5`");
    round_trip(&Gauge::new().either(1.5).any(-0.5), r#"{"any":-0.5,"either":1.5}"#);
    read_as(&Gauge::new().either(1.0).any(2.0), r#"{"any":2,"either":1}"#);
}

#[test]
fn what_is_out_of_bounds_is_not_written() {
    assert_eq!(
        unwritable(&Gauge::new().percent(101)),
        "/percent: 101 is out of bounds, expected at most 100"
    );
    assert_eq!(unwritable(&Gauge::new().between(5)), "/between: 5 is out of bounds, expected less than 5");
    assert_eq!(
        unwritable(&Gauge::new().angle(-180.0)),
        "/angle: -180 is out of bounds, expected more than -180"
    );
}

#[test]
fn a_definition_is_an_alias_or_checks_itself() {
    let count: Count = 3;
    round_trip(&count, "3");
    round_trip(&Even::try_from(8).unwrap(), "8");
    assert_eq!(u64::from(Even::try_from(2).unwrap()), 2);
    assert_eq!(Even::try_from(9).unwrap_err().to_string(), "9 is out of bounds, expected at most 8");
    refused::<Even>("1", "", "1 is out of bounds, expected at least 2");
    assert!(*Score::try_from(0.5).unwrap() < 1.0 && Score::try_from(f64::NAN).is_err());
}
