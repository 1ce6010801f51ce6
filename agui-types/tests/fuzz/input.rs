//! Inputs as a fuzzer makes them: valid documents, spoilt as JSON and then as bytes.

use crate::support::definitions::Definition;
use crate::support::generate;
use crate::support::json::{self, Order};
use crate::support::mutate::{Mutation, mutate};
use crate::support::property::Subject;
use crate::support::rng::Rng;
use crate::support::schema::Schema;
use crate::support::shape::Shape;
use crate::support::sites::sites;
use serde_json::Value;

/// What peers send each other, by itself more interesting than its parts.
pub(crate) const WHOLE: [&str; 3] = ["Event", "RunAgentInput", "AgentCapabilities"];

/// What JSON is made of, what this protocol is made of, and what readers disagree about.
const TOKENS: [&str; 34] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "true",
    "0",
    "-",
    "-0.0",
    "1e3",
    "0.5",
    "1e999",
    "\\ud800",
    "\\ud83d\\ude00",
    "\\u0000",
    "\u{feff}",
    "9007199254740992",
    "-9007199254740992.0",
    "18446744073709551616",
    "{}",
    "[]",
    "\"\"",
    "\"type\":",
    "\"role\":",
    "\"op\":",
    ",\"x\":0",
    ",\"x\":0,\"x\":0",
    "\"type\":\"CUSTOM\",",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
];

/// Members, and more than one of a name, to be put in front of others.
const MEMBERS: [&str; 9] = [
    "\"x\":0,",
    "\"x\":0,\"x\":0,",
    "\"x\":{\"y\":0,\"y\":0},",
    "\"x\":\"\\udc00\",",
    "\"x\":-1e999,",
    "\"type\":\"CUSTOM\",",
    "\"id\":\"\",",
    "\"metadata\":{},",
    "\"rawEvent\":0,",
];

/// A definition and an input for it.
pub(crate) fn input(schema: &'static Schema, rng: &mut Rng) -> (Subject, Vec<u8>) {
    let definition = match rng.u8(..4) {
        0 => rng.choice(Definition::all().collect::<Vec<_>>()).unwrap(),
        1 => Definition::named(rng.choice(WHOLE).unwrap()),
        _ => Definition::named(WHOLE[0]),
    };
    let subject = Subject { schema, definition };
    let document = spoilt(subject, rng);
    let order = rng.choice([Order::Sorted, Order::Shuffled, Order::TagsLast]).unwrap();
    let mut bytes = json::respell(&document, order, rng).into_bytes();
    // Broken bytes are mostly no JSON, about which there is little to say.
    if rng.u8(..3) == 0 {
        for _ in 0..rng.u8(1..=3) {
            damage(&mut bytes, subject, rng);
        }
    }
    (subject, bytes)
}

/// A document with up to three things wrong.
fn spoilt(subject: Subject, rng: &mut Rng) -> Value {
    let Subject { schema, .. } = subject;
    let mut document = generate::document(schema, subject.shape(), rng);
    for _ in 0..rng.u8(..=3) {
        if rng.u8(..6) == 0 {
            graft(&mut document, subject, rng);
            continue;
        }
        // What a later version may send is judged in the most involved way.
        let mutation = match rng.u8(..4) {
            0 => Mutation::UnknownMember,
            1 => rng.choice([Mutation::OtherValue, Mutation::OtherConstant]).unwrap(),
            _ => rng.choice(Mutation::ALL).unwrap(),
        };
        if let Some(mutant) = mutate(schema, subject.shape(), mutation, &document, rng) {
            document = mutant.document;
        }
    }
    document
}

/// Puts a part of another document, or a valid one of another definition, somewhere.
fn graft(document: &mut Value, subject: Subject, rng: &mut Rng) {
    let Subject { schema, .. } = subject;
    let definitions: Vec<&str> = schema.definitions().collect();
    let other: &'static Shape = match rng.bool() {
        true => subject.shape(),
        false => schema.shape(rng.choice(definitions).unwrap()),
    };
    let donor = generate::document(schema, other, rng);
    let pick = |shape, document: &Value, rng: &mut Rng| {
        rng.choice(sites(schema, shape, document)).expect("at least the document").pointer
    };
    let (from, to) = (pick(other, &donor, rng), pick(subject.shape(), document, rng));
    *document.pointer_mut(&to).unwrap() = donor.pointer(&from).unwrap().clone();
}

/// Damages a text without knowing what it means.
fn damage(bytes: &mut Vec<u8>, subject: Subject, rng: &mut Rng) {
    let range = |length: usize, rng: &mut Rng| {
        let start = rng.usize(..=length);
        start..start + rng.usize(..=(length - start).min(16))
    };
    let at = rng.usize(..=bytes.len());
    match rng.u8(..10) {
        0 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
        1 if at < bytes.len() => bytes[at] = rng.u8(..),
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(range(bytes.len(), rng))),
        4 => {
            let copied = bytes[range(bytes.len(), rng)].to_vec();
            bytes.splice(at..at, copied);
        }
        5 => {
            let replaced = range(bytes.len(), rng);
            bytes.splice(replaced, rng.choice(TOKENS).unwrap().bytes());
        }
        6 => {
            let other = generate::document(subject.schema, subject.shape(), rng).to_string();
            let tail = rng.usize(..=other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other.as_bytes()[tail..]);
        }
        7 => drop(bytes.splice(at..at, rng.choice(TOKENS).unwrap().bytes())),
        _ => {
            let begins = |(index, byte): (usize, &u8)| matches!(byte, b'{' | b',').then_some(index + 1);
            let starts: Vec<usize> = bytes.iter().enumerate().filter_map(begins).collect();
            let Some(start) = rng.choice(starts) else { return };
            bytes.splice(start..start, rng.choice(MEMBERS).unwrap().bytes());
        }
    }
}
