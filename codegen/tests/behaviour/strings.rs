//! Strings with lengths and patterns, in place and as definitions.

/// What `strings.json` gives; formatted by the generator.
#[path = "../goldens/strings.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{refused, round_trip, unwritable};
use generated::{Account, Alias, Code, Id, Tight};

fn account() -> Account {
    Account::new("i", "Ann", Code::try_from("AB1").unwrap())
}

#[test]
fn strings_are_taken_in_every_form() {
    round_trip(&account(), r#"{"id":"i","name":"Ann","code":"AB1"}"#);
    let name = String::from("Ann");
    let given = Account::new(Id::from("i"), name, "AB1".parse::<Code>().unwrap()).nick("nick").zip("01234");
    round_trip(&given, r#"{"id":"i","name":"Ann","code":"AB1","nick":"nick","zip":"01234"}"#);
}

#[test]
fn lengths_count_characters() {
    round_trip(&account().nick("日本語"), r#"{"id":"i","name":"Ann","code":"AB1","nick":"日本語"}"#);
    let with = |nick: &str| format!(r#"{{"id":"i","name":"a","code":"AB1","nick":"{nick}"}}"#);
    refused::<Account>(&with("ab"), "/nick", "2 characters, expected at least 3");
    refused::<Account>(&with("abcdef"), "/nick", "6 characters, expected at most 5");
    assert_eq!(unwritable(&account().hint("a@b.example")), "/hint: 11 characters, expected at most 8");
}

#[test]
fn patterns_are_matched() {
    for (code, message) in [("AB", "does not match"), ("ab1", "does not match"), ("AB12345", "7 characters")]
    {
        refused::<Account>(&format!(r#"{{"id":"i","name":"a","code":"{code}"}}"#), "/code", message);
        assert!(Code::try_from(code).is_err() && code.parse::<Code>().is_err());
    }
    refused::<Account>(r#"{"id":"i","name":"a","code":"A1","zip":"1234"}"#, "/code", "`^[A-Z]{2}[0-9]+$`");
    assert_eq!(unwritable(&account().zip("1234x")), r"/zip: `1234x` does not match the pattern `^\d{5}$`");
}

#[test]
fn a_named_string_behaves_like_one() {
    let id = Id::from("x");
    assert!(id == "x" && id.as_str() == "x" && id.len() == 1);
    assert_eq!(format!("{id}"), "x");
    assert_eq!(String::from(id.clone()), "x");
    let ids = std::collections::BTreeMap::from([(id, 1)]);
    assert_eq!(ids.get("x"), Some(&1));
    let alias: Alias = Code::try_from("XY9").unwrap();
    round_trip(&alias, r#""XY9""#);
}

#[test]
fn rules_add_up() {
    round_trip(&Tight::try_from("abcd").unwrap(), r#""abcd""#);
    refused::<Tight>(r#""a""#, "", "1 characters, expected at least 2");
    refused::<Tight>(r#""abcde""#, "", "5 characters, expected at most 4");
}
