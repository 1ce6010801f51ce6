//! Lists and maps, with rules for them and for what is in them.

/// What `lists_and_maps.json` gives; formatted by the generator.
#[path = "../goldens/lists_and_maps.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{refused, round_trip, unwritable};
use generated::{Bag, Captains, Crew, Names, Prices, Team};
use serde_json::json;
use std::collections::BTreeMap;

fn team() -> Team {
    Team::new(vec!["Ann".to_owned()])
}

#[test]
fn lists_and_maps_nest() {
    round_trip(&team().grid(vec![vec![1], vec![]]), r#"{"members":["Ann"],"grid":[[1],[]]}"#);
    let scores = BTreeMap::from([("b".to_owned(), 1.5), ("a".to_owned(), 0.0)]);
    round_trip(&team().scores(scores), r#"{"members":["Ann"],"scores":{"a":0.0,"b":1.5}}"#);
    let labels = BTreeMap::from([("a".to_owned(), vec!["x".to_owned()])]);
    round_trip(&team().labels(labels), r#"{"members":["Ann"],"labels":{"a":["x"]}}"#);
}

#[test]
fn an_empty_list_is_not_an_absent_one() {
    round_trip(&team().grid(vec![]), r#"{"members":["Ann"],"grid":[]}"#);
    assert_ne!(team().grid(vec![]), team());
}

#[test]
fn rules_hold_for_the_whole_and_for_each() {
    refused::<Team>(r#"{"members":[]}"#, "/members", "0 items, expected at least 1");
    refused::<Team>(r#"{"members":["a","b","c","d"]}"#, "/members", "4 items, expected at most 3");
    refused::<Team>(r#"{"members":["a",""]}"#, "/members/1", "0 characters");
    refused::<Team>(r#"{"members":["a"],"grid":[[1],[2,10]]}"#, "/grid/1/1", "10 is out of bounds");
    refused::<Team>(r#"{"members":["a"],"scores":{"a/b":-1}}"#, "/scores/a~1b", "-1 is out of bounds");
    refused::<Team>(r#"{"members":["a"],"captains":[]}"#, "/captains", "0 items");
    refused::<Team>(r#"{"members":{}}"#, "/members", "expected an array");
    assert_eq!(unwritable(&Team::new(vec![])), "/members: 0 items, expected at least 1");
    assert_eq!(
        unwritable(&team().grid(vec![vec![], vec![10]])),
        "/grid/1/0: 10 is out of bounds, expected at most 9"
    );
}

#[test]
fn definitions_are_aliases_or_check_themselves() {
    let names: Names = vec![];
    round_trip(&names, "[]");
    assert!(Captains::try_from(vec![]).is_err());
    let captains = Captains::try_from(vec!["Ann".to_owned()]).unwrap();
    assert_eq!(captains.len(), 1);
    round_trip(&team().captains(captains), r#"{"members":["Ann"],"captains":["Ann"]}"#);
    refused::<Prices>(r#"{"a":0}"#, "/a", "0 is out of bounds, expected more than 0");
    round_trip(&Prices::try_from(BTreeMap::from([("a".to_owned(), 0.5)])).unwrap(), r#"{"a":0.5}"#);
    refused::<Bag>(r#"{"a":1,"b":null}"#, "/b", "null is not allowed");
    round_trip(
        &Bag::try_from(serde_json::Map::from_iter([("a".to_owned(), json!([]))])).unwrap(),
        r#"{"a":[]}"#,
    );
}

#[test]
fn no_item_is_there_twice() {
    round_trip(&Crew::new().nicknames(vec!["a".to_owned(), "A".to_owned()]), r#"{"nicknames":["a","A"]}"#);
    refused::<Crew>(r#"{"nicknames":["a","b","a"]}"#, "/nicknames/2", "this item is there already");
    // Equal is what JSON Schema calls equal: numbers by value, objects whatever the order.
    let luggage = |items: &str| format!(r#"{{"luggage":{items}}}"#);
    for twice in ["[1,1.0]", "[0.0,-0.0]", r#"[{"a":1,"b":[2]},{"b":[2.0],"a":1}]"#, "[null,null]"] {
        refused::<Crew>(&luggage(twice), "/luggage/1", "this item is there already");
    }
    for once in ["[]", r#"[1,"1",true,[1],{"a":1}]"#, "[0,false,null,\"\"]", "[[1,2],[2,1]]"] {
        assert!(serde_json::from_str::<Crew>(&luggage(once)).is_ok(), "{once}");
    }
    let twice = Crew::new().luggage(Some(vec![json!(1), json!(1)]));
    assert_eq!(unwritable(&twice), "/luggage/1: this item is there already");
}

#[test]
fn maps_have_rules_for_their_size_and_their_names() {
    refused::<Crew>(r#"{"cabins":{}}"#, "/cabins", "0 members, expected at least 1");
    refused::<Crew>(r#"{"cabins":{"a":1,"b":2,"c":3}}"#, "/cabins", "3 members, expected at most 2");
    let flags = |name: &str| [(name.to_owned(), json!(1))].into_iter().collect::<serde_json::Map<_, _>>();
    round_trip(&Crew::new().flags(flags("abc")).notes(flags("/")), r#"{"flags":{"abc":1},"notes":{"/":1}}"#);
    refused::<Crew>(r#"{"flags":{"abcd":1}}"#, "/flags/abcd", "4 characters, expected at most 3");
    assert_eq!(
        unwritable(&Crew::new().flags(flags("B"))),
        "/flags/B: `B` does not match the pattern `^[a-z]+$`"
    );
}

#[test]
fn integers_are_multiples() {
    round_trip(&Crew::new().shifts(8), r#"{"shifts":8}"#);
    refused::<Crew>(r#"{"shifts":6}"#, "/shifts", "6 is not a multiple of 4");
}
