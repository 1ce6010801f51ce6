//! Names that mean something in Rust, or in the generated code, or are no identifiers.

/// What `awkward_names.json` gives; formatted by the generator.
#[path = "../goldens/awkward_names.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, refused, round_trip};
use generated::{A, D, Err, From, Ok, S, Self_, ToOwned, TwoWordsOne, Type, V, X1st};
use serde_json::json;
use std::string::String as Text;

#[test]
fn members_may_be_called_anything() {
    let mut option = generated::Option::new("t", "e")
        .self_(1)
        .gen_(true)
        .new_("n")
        .extra("x")
        .field("f")
        .value(2)
        .is_open(false)
        .to_string("s")
        .kebab_case("k")
        .with_space("w")
        .x2nd("2")
        .id("i")
        .a_b_c("c")
        .x("empty")
        .é("é")
        .rt("r");
    option.extra_.insert("more".to_owned(), json!(1));
    let json = r#"{"type":"t","entries":"e","":"empty","$id":"i","2nd":"2","a/b~c":"c","extra":"x","field":"f","gen":true,"isOpen":false,"kebab-case":"k","new":"n","rt":"r","self":1,"toString":"s","value":2,"with space":"w","é":"é","more":1}"#;
    round_trip(&option, json);
    refused::<generated::Option>(r#"{"type":"t","entries":"e","a/b~c":"cc"}"#, "/a~1b~0c", "2 characters");
    refused::<generated::Option>(r#"{"type":"t","entries":""}"#, "/entries", "0 characters");
    refused::<generated::Option>(r#"{"type":"t","entries":"e","value":4}"#, "/value", "4 is out of bounds");
    refused::<generated::Option>(r#"{"type":"t","entries":"e","":1}"#, "/", "invalid type: integer `1`");
}

#[test]
fn definitions_may_be_called_like_the_prelude() {
    let mut result =
        generated::Result::from(Ok::new("t").meta(1).clone_("c").from_(2).tag("g").serialize("s"));
    round_trip(
        &result,
        r#"{"fields":"ok","type":"t","clone":"c","from":2,"meta":1,"serialize":"s","tag":"g"}"#,
    );
    assert_eq!((result.tag(), result.type_(), result.meta()), ("ok", Type::Ok, Some(1)));
    assert_eq!((result.clone_(), result.from_(), result.serialize()), (Some("c"), Some(2), Some("s")));
    assert_eq!(result.clone(), result);
    *result.clone_mut() = None;
    round_trip(&generated::Result::from(Err::new("t")), r#"{"fields":"err","type":"t"}"#);
    let short = generated::String::try_from("abc").unwrap();
    round_trip(&generated::Box::from(short.clone()), r#""abc""#);
    let list: generated::Vec = vec![short];
    round_trip(&generated::Box::from(list), r#"["abc"]"#);
    refused::<generated::Box>(r#"["abc","abcd"]"#, "/1", "4 characters");
    round_trip(&From::new().into("i").some("s"), r#"{"into":"i","some":"s"}"#);
    assert_eq!(Text::from(generated::Into::from("i")), "i");
    round_trip(&ToOwned::A, r#""a""#);
    let carrier: generated::Carrier = true;
    round_trip(&carrier, "true");
}

#[test]
fn definitions_may_be_called_like_type_parameters() {
    let mut a = A::new().s(S::try_from(1).unwrap()).d(D::new().a(A::new())).v(V::try_from(vec![1]).unwrap());
    a.extra.insert("more".to_owned(), S::try_from(2).unwrap());
    round_trip(&a, r#"{"d":{"a":{}},"s":1,"v":[1],"more":2}"#);
    refused::<A>(r#"{"more":3}"#, "/more", "3 is out of bounds");
    refused::<A>(r#"{"v":[1,0]}"#, "/v/1", "0 is out of bounds");
    partly_known(r#"{"d":{"x":1}}"#, Some(&A::new().d(D::new())), &["/d/x: unknown member"]);
}

#[test]
fn definitions_may_be_no_identifiers() {
    let list = TwoWordsOne::from(vec![TwoWordsOne::from(vec![])]);
    round_trip(&X1st::new().list(list), r#"{"list":[[]]}"#);
    round_trip(&Self_::from(X1st::new()), "{}");
    round_trip(&Self_::from("a"), r#""a""#);
}
