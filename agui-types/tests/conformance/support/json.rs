//! JSON as text and as values: other spellings of a document, comparison by value, pointers.

use super::rng::Rng;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use std::collections::BTreeSet;
use std::fmt;

/// The order in which [`respell`] writes the members of every object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// By name, as serde_json keeps them.
    Sorted,
    /// At random.
    Shuffled,
    /// At random, but what may be a discriminator last.
    TagsLast,
}

/// Another spelling of the same document: order of members, white space, escapes. Numbers keep their
/// kind, so that equal texts decode to equal values.
pub(crate) fn respell(value: &Value, order: Order, rng: &mut Rng) -> String {
    let spaced = rng.u8(..4) == 0;
    let mut speller = Speller { text: String::new(), order, spaced, rng };
    speller.value(value);
    speller.text
}

struct Speller<'a> {
    text: String,
    order: Order,
    spaced: bool,
    rng: &'a mut Rng,
}

impl Speller<'_> {
    fn value(&mut self, value: &Value) {
        self.space();
        match value {
            Value::Array(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.text.push(',');
                    }
                    self.value(item);
                }
                self.space();
                self.text.push(']');
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                if self.order != Order::Sorted {
                    self.rng.shuffle(&mut members);
                }
                if self.order == Order::TagsLast {
                    members.sort_by_key(|(name, _)| ["type", "role", "op"].contains(&name.as_str()));
                }
                self.text.push('{');
                for (index, (name, member)) in members.into_iter().enumerate() {
                    if index > 0 {
                        self.text.push(',');
                    }
                    self.space();
                    self.string(name);
                    self.space();
                    self.text.push(':');
                    self.value(member);
                }
                self.space();
                self.text.push('}');
            }
            Value::String(string) => self.string(string),
            Value::Number(number) => self.number(number),
            Value::Null | Value::Bool(_) => self.text.push_str(&value.to_string()),
        }
        self.space();
    }

    fn space(&mut self) {
        if self.spaced && self.rng.u8(..4) == 0 {
            self.text.push(self.rng.choice([' ', '\n', '\t', '\r']).unwrap());
        }
    }

    /// `1.0`, `10e-1` and `1E0` are one number, and an integer to JSON Schema.
    fn number(&mut self, number: &Number) {
        // Zero has its own rules, and more digits would not fit.
        let whole = |float: &f64| float.fract() == 0.0 && (1.0..1e15).contains(&float.abs());
        let whole = number.as_f64().filter(|_| number.is_f64()).filter(whole).map(|float| float as i64);
        let text = match (whole, self.rng.u8(..4)) {
            (Some(integer), 0) => format!("{integer}0e-1"),
            (Some(integer), 1) => format!("{integer}E0"),
            (Some(integer), 2) if integer % 1000 == 0 => format!("{}.0e+3", integer / 1000),
            _ => number.to_string(),
        };
        self.text.push_str(&text);
    }

    fn string(&mut self, string: &str) {
        let escapes = self.rng.u8(..4) == 0;
        self.text.push('"');
        for character in string.chars() {
            if escapes && self.rng.bool() {
                // A character beyond the basic plane becomes a surrogate pair.
                for unit in character.encode_utf16(&mut [0; 2]) {
                    self.text.push_str(&match self.rng.bool() {
                        true => format!("\\u{unit:04x}"),
                        false => format!("\\u{unit:04X}"),
                    });
                }
                continue;
            }
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '/' if escapes => self.text.push_str("\\/"),
                '\u{8}' => self.text.push_str("\\b"),
                '\u{c}' => self.text.push_str("\\f"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '\0'..'\u{20}' => self.text.push_str(&format!("\\u{:04x}", u32::from(character))),
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }
}

/// Whether two documents are the same JSON, where `1.0` is `1` and the order of members is irrelevant.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            // Two integers are compared exactly; a float beside one is compared as what it is.
            let integers = (!left.is_f64()).then_some(()).zip((!right.is_f64()).then_some(()));
            if integers.is_some() { left == right } else { left.as_f64() == right.as_f64() }
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}

/// The pointer to a member of what `pointer` leads to.
pub(crate) fn member(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The pointer to the container of what `pointer` leads to, and the last segment as it is.
pub(crate) fn parent(pointer: &str) -> Option<(&str, String)> {
    let (container, segment) = pointer.rsplit_once('/')?;
    Some((container, segment.replace("~1", "/").replace("~0", "~")))
}

/// The names of an object's members in the order of the text; `None` if `pointer` leads to no object.
pub(crate) fn member_names<'t>(text: &'t Ordered, pointer: &str) -> Option<Vec<&'t str>> {
    match pointer.split('/').skip(1).try_fold(text, |node, segment| node.step(segment))? {
        Ordered::Object(members) => Some(members.iter().map(|(name, _)| name.as_str()).collect()),
        _ => None,
    }
}

/// The structure of a document with its members in the order of the text.
#[derive(Debug)]
pub(crate) enum Ordered {
    Scalar,
    List(Vec<Ordered>),
    Object(Vec<(String, Ordered)>),
}

impl Ordered {
    /// Whether an object anywhere has two members of one name.
    pub(crate) fn repeats_a_member(&self) -> bool {
        match self {
            Ordered::Scalar => false,
            Ordered::List(items) => items.iter().any(Self::repeats_a_member),
            Ordered::Object(members) => {
                let names: BTreeSet<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                names.len() < members.len() || members.iter().any(|(_, member)| member.repeats_a_member())
            }
        }
    }

    fn step(&self, segment: &str) -> Option<&Self> {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        match self {
            Ordered::Scalar => None,
            Ordered::List(items) => items.get(segment.parse::<usize>().ok()?),
            Ordered::Object(members) => {
                members.iter().find(|(name, _)| *name == segment).map(|(_, node)| node)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OrderedVisitor;

        impl<'de> Visitor<'de> for OrderedVisitor {
            type Value = Ordered;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Ordered, E> {
                Ok(Ordered::Scalar)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Ordered, E> {
                Ok(Ordered::Scalar)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Ordered, E> {
                Ok(Ordered::Scalar)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Ordered, E> {
                Ok(Ordered::Scalar)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Ordered, E> {
                Ok(Ordered::Scalar)
            }

            fn visit_str<E>(self, _: &str) -> Result<Ordered, E> {
                Ok(Ordered::Scalar)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Ordered, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Ordered::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Ordered, A::Error> {
                let mut members = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    members.push(entry);
                }
                Ok(Ordered::Object(members))
            }
        }

        deserializer.deserialize_any(OrderedVisitor)
    }
}
