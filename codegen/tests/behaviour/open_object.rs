//! Objects that are open: what the schema does not define is kept.

/// What `open_object.json` gives; formatted by the generator.
#[path = "../goldens/open_object.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{refused, round_trip, written_as};
use generated::{Anything, Book, Shelf};
use serde_json::json;

#[test]
fn unknown_members_are_kept() {
    let mut book = Book::new("On Trees").pages(3);
    book.extra_.insert("shelf".to_owned(), json!({ "row": [1, null] }));
    round_trip(&book, r#"{"title":"On Trees","pages":3,"shelf":{"row":[1,null]}}"#);
}

#[test]
fn a_member_called_extra_is_not_what_is_kept() {
    round_trip(&Book::new("a").extra("b"), r#"{"title":"a","extra":"b"}"#);
}

#[test]
fn what_is_kept_does_not_stand_in_for_what_is_defined() {
    let mut book = Book::new("a");
    book.extra_.insert("pages".to_owned(), json!(0));
    written_as(&book, r#"{"title":"a"}"#);
    refused::<Book>(r#"{"title":"a","pages":0}"#, "/pages", "0 is out of bounds, expected at least 1");
    refused::<Shelf>(r#"{"books":[{"title":"a"},{}]}"#, "/books/1", "missing field `title`");
}

#[test]
fn an_object_without_members_keeps_all() {
    let anything: Anything = [("a".to_owned(), json!(null))].into_iter().collect();
    round_trip(&anything, r#"{"a":null}"#);
    round_trip(&Shelf::new(), "{}");
}
