//! The protocol's rules, as far as they concern single documents: small examples with their outcome.
//!
//! Every test names the rules it pins. The schema is asked about every example too, so that no table
//! can contradict it.

mod envelope;
mod families;
mod members;
mod processing;

use crate::support::definitions::{Definition, Removed, RemovedKind};
use crate::support::{json, schema};
use serde_json::Value;

/// The document is valid, decodes in every way, and is encoded again just as it came.
#[track_caller]
fn accepted(definition: &str, document: &Value) {
    assert!(schema::own().accepts(definition, document), "{}", schema::own().verdict(definition, document));
    let (definition, text) = (Definition::named(definition), document.to_string());
    let value = definition.strict(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let tolerant = definition.tolerant(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(value.equals(&*tolerant), "{text}: {value:?} and {tolerant:?}");
    let lenient = definition.lenient(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(lenient.removed.is_empty(), "{text}: {lenient:?}");
    assert!(lenient.value.is_some_and(|lenient| value.equals(&*lenient)), "{text}: {value:?}");
    let encoded = value.encode().unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(json::same(document, &serde_json::from_str(&encoded).unwrap()), "{text} became {encoded}");
}

/// The document is invalid, and refused in every way because of what `pointer` leads to.
#[track_caller]
fn malformed(definition: &str, document: &Value, pointer: &str) {
    assert!(!schema::own().accepts(definition, document), "valid: {document}");
    let (definition, text) = (Definition::named(definition), document.to_string());
    let errors = [
        ("decode_strict", definition.strict(&text).err()),
        ("decode", definition.tolerant(&text).err()),
        ("decode_lenient", definition.lenient(&text).err()),
    ];
    for (decoder, error) in errors {
        let error = error.unwrap_or_else(|| panic!("{decoder} accepts {text}"));
        assert_eq!(error.pointer(), pointer, "{decoder} of {text}: {error}");
        assert!(!error.is_syntax(), "{decoder} of {text}: {error}");
    }
}

/// The document is invalid, but leniently decoded as if it were `left`, with the removals reported.
#[track_caller]
fn unrecognised(definition: &str, document: &Value, left: Option<&Value>, removed: &[(&str, RemovedKind)]) {
    assert!(!schema::own().accepts(definition, document), "valid: {document}");
    let (definition, text) = (Definition::named(definition), document.to_string());
    assert!(definition.strict(&text).is_err(), "decode_strict accepts {text}");
    let lenient = definition.lenient(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let expected: Vec<Removed> = removed
        .iter()
        .map(|(pointer, kind)| Removed { pointer: (*pointer).to_owned(), kind: kind.clone() })
        .collect();
    assert_eq!(lenient.removed, expected, "{text}");
    match (lenient.value, left) {
        (Some(value), Some(left)) => {
            let left = definition.strict(left.to_string()).unwrap_or_else(|error| panic!("{left}: {error}"));
            assert!(value.equals(&*left), "{text}: {value:?} instead of {left:?}");
        }
        (None, None) => {}
        (value, left) => panic!("{text}: {value:?} instead of {left:?}"),
    }
}

fn variant(tag: &str) -> RemovedKind {
    RemovedKind::Variant(tag.to_owned())
}

fn value(value: &str) -> RemovedKind {
    RemovedKind::Value(value.to_owned())
}
