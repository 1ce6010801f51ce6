//! What holds for all bytes: decoders and schema agree about them, and what is decoded can be encoded.
//!
//! Schema and decoders cannot be asked the same about every input:
//!
//! - Bytes that are no JSON have no schema. All decoders refuse them, as bad syntax.
//! - JSON of which readers make different things, *ambiguous* here: an object with two members of one name,
//!   and what serde_json's values cannot hold (a lone surrogate, a number beyond the range of a double, more
//!   than 127 levels). `decode_strict` refuses it wherever it stands. The others may accept it within what
//!   they skip, and then only there: something was removed and what is left is sound.
//! - Numbers are compared as serde_json reads them: an integer of more than 64 bits is the double next to
//!   it. That is what the `jsonschema` crate gets to see.
//!
//! Of everything else the verdicts are the same.

use super::definitions::{Decoded, Definition, Lenient};
use super::json::{self, Ordered};
use super::schema::Schema;
use super::shape::Shape;
use super::unrecognised::{Stripped, strip, strip_members};
use agui_types::Event;
use agui_types::runtime::DecodeError;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::fmt::{Debug, Display};

/// A definition, and the schema that says what it is.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) schema: &'static Schema,
    pub(crate) definition: Definition,
}

/// What an input was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    NoJson,
    Ambiguous,
    Malformed,
    /// Well-formed but for what is unrecognised.
    Unrecognised,
    Valid,
}

impl Subject {
    /// The shape of the definition.
    pub(crate) fn shape(&self) -> &'static Shape {
        self.schema.shape(self.definition.name)
    }

    /// Whether the schema accepts a document as the definition.
    pub(crate) fn accepts(&self, document: &Value) -> bool {
        self.schema.accepts(self.definition.name, document)
    }

    /// A description of a failure: what is wrong, the document, what the schema says and what we do.
    pub(crate) fn failure(&self, wrong: impl Display, text: &str, ours: impl Display) -> String {
        let schema = match serde_json::from_str(text) {
            Ok(document) => self.schema.verdict(self.definition.name, &document),
            Err(error) => format!("not JSON: {error}"),
        };
        format!("{wrong}\n  document: {text}\n  schema:   {schema}\n  decoder:  {ours}")
    }

    /// Checks everything there is to check of arbitrary bytes.
    pub(crate) fn check(&self, bytes: &[u8]) -> Result<Verdict, String> {
        // Whatever it answers about broken bytes, it has to answer.
        let peeked = Event::peek_type(bytes);
        let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| is_json(text)) else {
            return self.refuses_as_syntax(bytes);
        };
        let document = serde_json::from_str::<Value>(text).ok();
        let ordered = serde_json::from_str::<Ordered>(text).ok();
        let Some((document, _)) = document.zip(ordered.filter(|ordered| !ordered.repeats_a_member())) else {
            return self.is_sound_about_ambiguity(text);
        };
        let event = Definition::named("Event");
        if self.definition.name == event.name {
            self.peeks_what_is_there(text, &document, peeked.map(|found| found.map(name)))?;
        }
        self.check_document(text, &document, "")
    }

    /// Checks the decoders on a document without ambiguities, `text` being one of its spellings. Errors
    /// have to point at `culprit` or inside.
    pub(crate) fn check_document(
        &self,
        text: &str,
        document: &Value,
        culprit: &str,
    ) -> Result<Verdict, String> {
        let point = |decoder: &str, error: &DecodeError| {
            let inside = error.pointer().strip_prefix(culprit);
            let inside = inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            let wrong = match document.pointer(error.pointer()) {
                _ if error.is_syntax() => "called bad JSON",
                None => "the error's pointer leads nowhere",
                Some(_) if !inside => "the error's pointer leads elsewhere",
                Some(_) => return Ok(()),
            };
            Err(self.failure(format_args!("{wrong} by `{decoder}`"), text, error))
        };
        let valid = self.accepts(document);
        self.strict(text, valid, point)?;
        self.tolerant(text, document, point)?;
        let well_formed = self.lenient(text, document, point)?;
        if valid {
            self.encodes(text, document)?;
        }
        Ok(match (valid, well_formed) {
            (true, _) => Verdict::Valid,
            (false, true) => Verdict::Unrecognised,
            (false, false) => Verdict::Malformed,
        })
    }

    /// `decode_strict` accepts what the schema accepts.
    fn strict(&self, text: &str, valid: bool, point: impl Point) -> Result<(), String> {
        match (self.definition.strict(text), valid) {
            (Ok(_), true) => Ok(()),
            (Ok(value), false) => Err(self.failure("accepted by `decode_strict`", text, debug(value))),
            (Err(error), true) => Err(self.failure("refused by `decode_strict`", text, error)),
            (Err(error), false) => point("decode_strict", &error),
        }
    }

    /// `decode` accepts what the schema accepts without unknown members, from text and from values.
    fn tolerant(&self, text: &str, document: &Value, point: impl Point) -> Result<(), String> {
        let known = strip_members(self.schema, self.shape(), document.clone()).document;
        let known = known.filter(|known| self.accepts(known));
        let indirect = self.definition.indirect(document.clone());
        match (self.definition.tolerant(text), known) {
            (Ok(value), Some(known)) => {
                let expected = self.definition.strict(known.to_string());
                if !expected.is_ok_and(|expected| value.equals(&*expected)) {
                    return Err(self.failure("another value by `decode`", text, debug(value)));
                }
                match indirect {
                    Ok(indirect) if indirect.equals(&*value) => Ok(()),
                    other => {
                        let ours = format!("{value:?}\n  and {other:?}");
                        Err(self.failure("another result from a `serde_json::Value`", text, ours))
                    }
                }
            }
            (Ok(value), None) => Err(self.failure("accepted by `decode`", text, debug(value))),
            (Err(error), Some(_)) => Err(self.failure("refused by `decode`", text, error)),
            (Err(error), None) => match indirect {
                Ok(value) => {
                    Err(self.failure("accepted from a `serde_json::Value` alone", text, debug(value)))
                }
                Err(_) => point("decode", &error),
            },
        }
    }

    /// `decode_lenient` removes what is unrecognised, and accepts what is well-formed but for that. Says
    /// whether it is.
    fn lenient(&self, text: &str, document: &Value, point: impl Point) -> Result<bool, String> {
        let expected = strip(self.schema, self.shape(), document.clone());
        let well_formed = expected.is_well_formed(self.schema, self.definition.name);
        match (self.definition.lenient(text), well_formed) {
            (Ok(lenient), true) if self.is_what_is_left(&lenient, &expected) => Ok(true),
            (Ok(lenient), well_formed) => {
                let wrong = if well_formed { "another result of" } else { "accepted by" };
                let ours = format!("{lenient:?}\n  expected: {expected:?}");
                Err(self.failure(format_args!("{wrong} `decode_lenient`"), text, ours))
            }
            (Err(error), true) => Err(self.failure("refused by `decode_lenient`", text, error)),
            (Err(error), false) => point("decode_lenient", &error).map(|()| false),
        }
    }

    fn is_what_is_left(&self, lenient: &Lenient, expected: &Stripped) -> bool {
        let value = match (&lenient.value, &expected.document) {
            (None, None) => true,
            (Some(value), Some(left)) => {
                self.definition.strict(left.to_string()).is_ok_and(|left| value.equals(&*left))
            }
            _ => false,
        };
        let removed = match lenient.omitted {
            0 => lenient.removed == expected.removed,
            omitted => lenient.removed.len() + omitted == expected.removed.len(),
        };
        value && removed
    }

    /// All ways to decode a valid document have one result; it encodes to the same JSON, which decodes to
    /// an equal value again. Returns the encoding.
    pub(crate) fn encodes(&self, text: &str, document: &Value) -> Result<String, String> {
        let definition = self.definition;
        let strict = definition.strict(text).map_err(|error| self.failure("refused", text, error))?;
        let tolerant =
            definition.tolerant(text).map_err(|error| self.failure("refused by `decode`", text, error))?;
        let lenient = definition
            .lenient(text)
            .map_err(|error| self.failure("refused by `decode_lenient`", text, error))?;
        let indirect = definition
            .indirect(document.clone())
            .map_err(|error| self.failure("refused as a `serde_json::Value`", text, error))?;
        if !lenient.removed.is_empty() {
            return Err(self.failure("something valid was removed", text, debug(lenient)));
        }
        let lenient = lenient.value.ok_or_else(|| self.failure("nothing left", text, "None"))?;
        for other in [&tolerant, &lenient, &indirect] {
            if !strict.equals(&**other) {
                let ours = format!("{strict:?}\n  and {other:?}");
                return Err(self.failure("decoders differ", text, ours));
            }
        }

        let encoded = self.encodes_to_itself(text, &*strict)?;
        let back: Value = serde_json::from_str(&encoded).map_err(|error| format!("{error}: {encoded}"))?;
        if !json::same(document, &back) {
            return Err(self.failure("the encoding differs from the document", text, encoded));
        }
        if !self.accepts(&back) {
            return Err(self.failure("the encoding is invalid", &encoded, "made it"));
        }
        Ok(encoded)
    }

    /// A decoded value can be encoded, in one way, and comes back from there.
    fn encodes_to_itself(&self, text: &str, decoded: &dyn Decoded) -> Result<String, String> {
        let encoded = decoded.encode().map_err(|error| self.failure("cannot be encoded", text, error))?;
        let again = self
            .definition
            .strict(&encoded)
            .map_err(|error| self.failure("the encoding is refused", &encoded, error))?;
        if !again.equals(decoded) {
            return Err(self.failure("the encoding decodes to something else", &encoded, debug(again)));
        }
        let value = decoded.to_value().map_err(|error| self.failure("cannot become a value", text, error))?;
        if serde_json::from_str::<Value>(&encoded).ok().as_ref() != Some(&value) {
            return Err(self.failure("text and value differ", &encoded, value));
        }
        Ok(encoded)
    }

    fn refuses_as_syntax(&self, bytes: &[u8]) -> Result<Verdict, String> {
        let definition = self.definition;
        for (decoder, error) in [
            ("decode_strict", definition.strict(bytes).err()),
            ("decode", definition.tolerant(bytes).err()),
            ("decode_lenient", definition.lenient(bytes).err()),
        ] {
            if !error.as_ref().is_some_and(DecodeError::is_syntax) {
                let text = bytes.escape_ascii().to_string();
                return Err(self.failure(format_args!("no JSON by `{decoder}`"), &text, debug(error)));
            }
        }
        Ok(Verdict::NoJson)
    }

    fn is_sound_about_ambiguity(&self, text: &str) -> Result<Verdict, String> {
        if let Ok(value) = self.definition.strict(text) {
            return Err(self.failure("ambiguous, but accepted by `decode_strict`", text, debug(value)));
        }
        match (self.definition.tolerant(text), self.definition.lenient(text)) {
            (Ok(tolerant), Ok(Lenient { value: Some(lenient), removed, .. }))
                if !removed.is_empty() && tolerant.equals(&*lenient) =>
            {
                self.encodes_to_itself(text, &*lenient)?;
            }
            (Ok(tolerant), lenient) => {
                let ours = format!("{tolerant:?}\n  and {lenient:?}");
                return Err(self.failure("ambiguous, but accepted by `decode`", text, ours));
            }
            (Err(_), Ok(lenient)) if lenient.removed.is_empty() => {
                return Err(self.failure("ambiguous, but nothing was removed", text, debug(lenient)));
            }
            (Err(_), Ok(lenient)) => {
                lenient.value.map(|value| self.encodes_to_itself(text, &*value)).transpose()?;
            }
            (Err(_), Err(_)) => {}
        }
        Ok(Verdict::Ambiguous)
    }

    /// `peek_type` finds the discriminator that the document has; `None` if the schema does not know it.
    fn peeks_what_is_there(
        &self,
        text: &str,
        document: &Value,
        peeked: Result<Option<String>, DecodeError>,
    ) -> Result<(), String> {
        let Shape::Tagged(union) = self.schema.resolve(self.shape()) else { return Ok(()) };
        let tag = document.get(&union.tag).and_then(Value::as_str);
        let known = tag.map(|tag| union.variants.contains_key(tag).then(|| tag.to_owned()));
        if peeked.as_ref().ok() == known.as_ref() {
            return Ok(());
        }
        Err(self.failure("another type by `peek_type`", text, debug(peeked)))
    }
}

/// What is wrong with where an error of a decoder points, if anything is.
trait Point: FnOnce(&str, &DecodeError) -> Result<(), String> {}

impl<F: FnOnce(&str, &DecodeError) -> Result<(), String>> Point for F {}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The wire name of an enumeration's value.
fn name(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        other => panic!("not a name: {other:?}"),
    }
}

fn debug(value: impl Debug) -> String {
    format!("{value:?}")
}
