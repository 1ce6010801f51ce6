//! Objects whose further members have a type.

/// What `typed_members.json` gives; formatted by the generator.
#[path = "../goldens/typed_members.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, refused, round_trip, unwritable};
use generated::{Directory, Inventory, Person, Ratings};

#[test]
fn further_members_are_typed() {
    let mut inventory = Inventory::new("north");
    inventory.extra.insert("nuts".to_owned(), 40);
    inventory.extra.insert("bolts".to_owned(), 0);
    round_trip(&inventory, r#"{"warehouse":"north","bolts":0,"nuts":40}"#);
    let mut directory = Directory::new().head(Person::new("1"));
    directory.extra.insert("Ann".to_owned(), Person::new("2"));
    round_trip(&directory, r#"{"head":{"phone":"1"},"Ann":{"phone":"2"}}"#);
}

#[test]
fn further_members_are_checked() {
    refused::<Inventory>(r#"{"warehouse":"n","nuts":"40"}"#, "/nuts", "invalid type: string");
    refused::<Inventory>(
        r#"{"warehouse":"n","a/b":1001}"#,
        "/a~1b",
        "1001 is out of bounds, expected at most 1000",
    );
    refused::<Directory>(r#"{"Ann":{}}"#, "/Ann", "missing field `phone`");
    partly_known(
        r#"{"Ann":{"phone":"2","age":3}}"#,
        Some(&Directory { extra: [("Ann".to_owned(), Person::new("2"))].into(), ..Directory::new() }),
        &["/Ann/age: unknown member"],
    );
}

#[test]
fn further_members_may_be_lists_with_rules_or_null() {
    let mut ratings = Ratings::new("tea");
    ratings.extra.insert("Ann".to_owned(), Some(vec![1, 5]));
    ratings.extra.insert("Bob".to_owned(), None);
    round_trip(&ratings, r#"{"of":"tea","Ann":[1,5],"Bob":null}"#);
    refused::<Ratings>(r#"{"of":"tea","Ann":[1,6]}"#, "/Ann/1", "6 is out of bounds");
    ratings.extra.insert("Cem".to_owned(), Some(vec![]));
    assert_eq!(unwritable(&ratings), "/Cem: 0 items, expected at least 1");
}

#[test]
fn further_members_are_checked_when_written() {
    let mut inventory = Inventory::new("n");
    inventory.extra.insert("nuts".to_owned(), 1001);
    assert_eq!(unwritable(&inventory), "/nuts: 1001 is out of bounds, expected at most 1000");
}
