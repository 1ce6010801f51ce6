//! What generated code does: every golden is compiled, with warnings as errors, and used.

#![deny(warnings, missing_docs)]
// clippy.toml exempts test functions from this, but not the functions that they share.
#![allow(clippy::unwrap_used)]

pub mod anything;
pub mod awkward_names;
pub mod choice;
pub mod closed_object;
pub mod combinations;
pub mod composition;
pub mod constants;
pub mod document;
pub mod enumerations;
pub mod inline_types;
pub mod lists_and_maps;
pub mod nullable;
pub mod numbers;
pub mod open_object;
pub mod recursion;
pub mod strings;
pub mod tagged_union;
pub mod typed_members;

use agui_types::runtime::{Definition, DefinitionVisitor, decode, decode_lenient, decode_strict, encode};
use serde::de::DeserializeOwned;

/// The value is written as this text in every way, and however the text is read, it is this value.
#[track_caller]
fn round_trip<T: Definition + DeserializeOwned>(value: &T, json: &str) {
    written_as(value, json);
    read_as(value, json);
}

/// The value is written as this text in every way.
#[track_caller]
fn written_as<T: Definition>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), json);
    let mut out = b"before".to_vec();
    encode(value, &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), format!("before{json}"));
}

/// However the text is read, it is this value, with nothing unknown in it.
#[track_caller]
fn read_as<T: Definition + DeserializeOwned>(value: &T, json: &str) {
    assert_eq!(decode::<T>(json.as_bytes()).as_ref(), Ok(value));
    assert_eq!(decode_strict::<T>(json.as_bytes()).as_ref(), Ok(value));
    let lenient = decode_lenient::<T>(json.as_bytes()).unwrap();
    assert_eq!((lenient.value.as_ref(), lenient.unrecognised.as_slice()), (Some(value), &[][..]));
    assert_eq!(&serde_json::from_str::<T>(json).unwrap(), value);
    let parsed: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(&serde_json::from_value::<T>(parsed).unwrap(), value);
}

/// The text is refused in all ways, at `pointer`, with a message that contains `message`.
#[track_caller]
fn refused<T: Definition + DeserializeOwned>(json: &str, pointer: &str, message: &str) {
    let lenient = decode_lenient::<T>(json.as_bytes()).map(|lenient| lenient.value);
    let found =
        [decode::<T>(json.as_bytes()).map(Some), decode_strict::<T>(json.as_bytes()).map(Some), lenient];
    for error in found.map(Result::unwrap_err) {
        assert!(!error.is_syntax(), "{json} is no JSON");
        assert_eq!(error.pointer(), pointer, "{error}");
        assert!(error.message().contains(message), "{error}");
    }
    assert!(serde_json::from_str::<T>(json).is_err());
}

/// The text is refused when read strictly; read leniently it is `value`, and `unrecognised` goes.
#[track_caller]
fn partly_known<T: Definition>(json: &str, value: Option<&T>, unrecognised: &[&str]) {
    assert!(decode_strict::<T>(json.as_bytes()).is_err());
    let lenient = decode_lenient::<T>(json.as_bytes()).unwrap();
    assert_eq!(lenient.value.as_ref(), value);
    assert_eq!(lenient.unrecognised.iter().map(ToString::to_string).collect::<Vec<_>>(), unrecognised);
}

/// What is said instead of writing a value that breaks the rules.
#[track_caller]
fn unwritable<T: Definition>(value: &T) -> String {
    let mut out = b"before".to_vec();
    let message = encode(value, &mut out).unwrap_err().to_string();
    assert_eq!(out, b"before");
    assert!(serde_json::to_string(value).is_err(), "written: {message}");
    message
}

/// The names that a generated `visit_definitions` shows.
#[derive(Default)]
struct Names(Vec<&'static str>);

impl DefinitionVisitor for Names {
    fn visit<T: Definition>(&mut self, name: &'static str) {
        self.0.push(name);
    }
}
