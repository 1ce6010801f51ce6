//! Combinations of optional members, and unions that are simpler than they are written.

/// What `combinations.json` gives; formatted by the generator.
#[path = "../goldens/combinations.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, refused, round_trip, unwritable};
use generated::{Code, Contact, Glob, Kind, Level, Member, Paint, Step, Task};

#[test]
fn one_combination_excludes_the_other() {
    let task = || Task::new("a");
    round_trip(&task().run("ls"), r#"{"name":"a","run":"ls"}"#);
    round_trip(&task().script("a.sh").runner("sh"), r#"{"name":"a","runner":"sh","script":"a.sh"}"#);
    // Half of a combination is none.
    round_trip(&task().run("ls").runner("sh"), r#"{"name":"a","run":"ls","runner":"sh"}"#);
    let none = "exactly one of `run`, `script` and `runner` is required";
    refused::<Task>(r#"{"name":"a"}"#, "", none);
    refused::<Task>(r#"{"script":"a.sh","name":"a"}"#, "", none);
    let both = r#"{"name":"a","run":"ls","runner":"sh","script":"a.sh"}"#;
    refused::<Task>(both, "", "`run` excludes `script` and `runner`");
    assert_eq!(unwritable(&task().check(true).presence(false)), none);
}

#[test]
fn at_least_one_combination_is_there() {
    let phone = Contact::new().phone("1");
    round_trip(&phone.clone().mail("a@b"), r#"{"mail":"a@b","phone":"1"}"#);
    round_trip(&phone, r#"{"phone":"1"}"#);
    assert_eq!(unwritable(&Contact::new()), "at least one of `mail`, `phone` is required");
    refused::<Member>(r#"{"since":1999}"#, "", "at least one of `mail`, `phone` is required");
    round_trip(&Member::new().mail("a@b").since(1999), r#"{"since":1999,"mail":"a@b"}"#);
}

#[test]
fn what_is_unknown_takes_the_object_with_it_if_it_was_needed() {
    let unknown = &["/colour: unknown value `green`"];
    partly_known::<Paint>(r#"{"colour":"green"}"#, None, unknown);
    partly_known(r#"{"colour":"green","removed":true}"#, Some(&Paint::new().removed(true)), unknown);
    refused::<Paint>(r#"{"value":1}"#, "", "at least one of `colour`, `removed` is required");
}

#[test]
fn the_only_combination_is_required() {
    round_trip(&Step::new("ls"), r#"{"run":"ls"}"#);
    refused::<Step>("{}", "", "missing field `run`");
}

#[test]
fn keywords_beside_a_union_are_for_the_members_of_their_type() {
    round_trip(&Glob::from("*.rs"), r#""*.rs""#);
    round_trip(&Glob::from(vec!["*.rs".to_owned()]), r#"["*.rs"]"#);
    refused::<Glob>(r#""""#, "", "0 characters");
    refused::<Glob>("[]", "", "0 items");
    refused::<Glob>(r#"["a",""]"#, "/1", "0 characters");
}

#[test]
fn what_another_member_admits_anyway_adds_nothing() {
    round_trip(&Level::from("low"), r#""low""#);
    round_trip(&Level::from("lower"), r#""lower""#);
    let code: Code = -1;
    round_trip(&code, "-1");
}

#[test]
fn enumerations_are_put_together() {
    assert_eq!(Kind::ALL, [Kind::Class, Kind::Enum, Kind::Any]);
    round_trip(&Kind::Any, r#""any""#);
    partly_known::<Kind>(r#""other""#, None, &["document: unknown value `other`"]);
}
