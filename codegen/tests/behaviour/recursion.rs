//! Types that contain themselves, in every way in which that makes sense.

/// What `recursion.json` gives; formatted by the generator.
#[path = "../goldens/recursion.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, refused, round_trip};
use generated::{
    Brackets, Few, Folder, Literal, Negation, Nested, NestedObject, Person, PersonParent, Subtopics, Sum,
    Term, Topics,
};
use std::collections::BTreeMap;

#[test]
fn a_struct_may_contain_itself() {
    let inner = Folder::new("b");
    round_trip(
        &Folder::new("a")
            .folders(vec![inner.clone()])
            .parent(inner.clone())
            .link(inner.clone())
            .last(Some(inner)),
        r#"{"name":"a","folders":[{"name":"b"}],"last":{"name":"b"},"link":{"name":"b"},"parent":{"name":"b"}}"#,
    );
    round_trip(&Folder::new("a").last(None), r#"{"name":"a","last":null}"#);
    refused::<Folder>(
        r#"{"name":"a","parent":{"name":"b","parent":{}}}"#,
        "/parent/parent",
        "missing field `name`",
    );
}

#[test]
fn a_struct_may_contain_what_is_composed_of_it() {
    let parent = PersonParent::new("b").friend(Person::new()).parent(PersonParent::new("c"));
    round_trip(&Person::new().parent(parent), r#"{"parent":{"name":"b","friend":{},"parent":{"name":"c"}}}"#);
    refused::<Person>(r#"{"parent":{"name":"b","parent":{}}}"#, "/parent/parent", "missing field `name`");
}

#[test]
fn a_union_may_contain_itself() {
    let term =
        Negation::new(Sum::new(vec![Literal::new(1.0).into(), Negation::new(Literal::new(2.0)).into()]));
    round_trip(
        &Term::from(term),
        r#"{"op":"not","of":{"op":"sum","of":[{"op":"literal","value":1.0},{"op":"not","of":{"op":"literal","value":2.0}}]}}"#,
    );
    refused::<Term>(
        r#"{"op":"not","of":{"op":"sum","of":[{"op":"sum"}]}}"#,
        "/of/of/0",
        "missing field `of`",
    );
    partly_known(
        r#"{"of":[{"op":"literal","value":1},{"op":"not","of":{"op":"root"}}],"op":"sum"}"#,
        Some(&Term::from(Sum::new(vec![Literal::new(1.0).into()]))),
        &["/of/1/of: unknown variant `root`"],
    );
}

#[test]
fn a_choice_may_contain_itself() {
    let nested = Nested::List(vec![1.5.into(), NestedObject::new(Nested::List(vec![])).into()]);
    round_trip(&nested, r#"[1.5,{"only":[]}]"#);
    refused::<Nested>(
        r#"[1,[{"only":[true]}]]"#,
        "/1/0/only/0",
        "expected a number or an array or an object",
    );
}

#[test]
fn lists_and_maps_may_contain_nothing_else() {
    let brackets = Brackets::from(vec![Brackets::from(vec![]), Brackets::from(vec![Brackets::from(vec![])])]);
    round_trip(&brackets, "[[],[[]]]");
    assert_eq!(brackets.len(), 2);
    refused::<Brackets>("[[],[1]]", "/1/0", "expected an array");
    round_trip(&Few::try_from(vec![Few::try_from(vec![]).unwrap()]).unwrap(), "[[]]");
    refused::<Few>("[[[],[],[]]]", "/0", "3 items, expected at most 2");
    let leaf = Subtopics::from(Topics::from(BTreeMap::new()));
    round_trip(&Topics::from(BTreeMap::from([("a".to_owned(), leaf)])), r#"{"a":{}}"#);
}
