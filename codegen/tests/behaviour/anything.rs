//! Members of any type, and of any but `null`.

/// What `anything.json` gives; formatted by the generator.
#[path = "../goldens/anything.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{refused, round_trip, unwritable, written_as};
use generated::{Envelope, Something};
use serde_json::{Value, json};

#[test]
fn any_value_is_taken_and_kept() {
    round_trip(&Envelope::new(json!({ "a": [1, null] }), 1), r#"{"payload":{"a":[1,null]},"detail":1}"#);
    round_trip(&Envelope::new(Value::Null, "a"), r#"{"payload":null,"detail":"a"}"#);
    let all = Envelope::new(1, 2).either("a").list(vec![json!(null)]).open(false).proof(Value::Null);
    round_trip(&all, r#"{"payload":1,"detail":2,"either":"a","list":[null],"open":false,"proof":null}"#);
    round_trip(&Envelope::new(1, 2).either(Value::Null), r#"{"payload":1,"detail":2,"either":null}"#);
}

#[test]
fn null_is_refused_where_it_is_excluded() {
    refused::<Envelope>(r#"{"payload":1,"detail":null}"#, "/detail", "null is not allowed here");
    refused::<Envelope>(r#"{"payload":1,"detail":1,"seal":null}"#, "/seal", "null is not allowed here");
    refused::<Envelope>(r#"{"payload":1,"detail":1,"mark":null}"#, "/mark", "null is not allowed here");
    refused::<Envelope>(r#"{"payload":1,"detail":1,"rest":[1,null]}"#, "/rest/1", "null is not allowed here");
    refused::<Something>("null", "", "null is not allowed here");
    assert!(unwritable(&Envelope::new(1, Value::Null)).starts_with("/detail: null is not allowed here"));
}

#[test]
fn setting_an_optional_member_to_an_excluded_null_leaves_it_out() {
    round_trip(&Envelope::new(1, 2).seal(Value::Null), r#"{"payload":1,"detail":2}"#);
    let mut envelope = Envelope::new(1, 2);
    envelope.seal = Some(Value::Null);
    written_as(&envelope, r#"{"payload":1,"detail":2}"#);
    let mark = Something::try_from(json!(3)).unwrap();
    round_trip(&Envelope::new(1, 2).mark(mark).seal("s"), r#"{"payload":1,"detail":2,"mark":3,"seal":"s"}"#);
}
