//! Whether an answer fits a schema: the vocabularies of JSON Schema 2020-12, within one document.
//!
//! The schemas come from agents, and validators for schemas that one trusts do as they are told: a chain of references in
//! `allOf` doubles the work with each link. This one has so much work to do and no more, and it is fifty packages less.

mod combined;
mod patterns;
mod pieces;
mod price;
mod references;
mod values;
mod verdict;

pub use verdict::Misfit;
pub(super) use verdict::Unfit;

use patterns::Patterns;
use serde_json::{Map, Value};
use std::cell::Cell;
use verdict::{All, Fit, Seen, misfit, unusable};

/// Whether an answer fits. What of a schema cannot be understood is unusable, and an answer that fits the rest with it.
pub(super) fn check(schema: &Map<String, Value>, answer: &Value) -> Result<(), Unfit> {
    let root = Value::Object(schema.clone());
    if root.to_string().len() > SIZE {
        return unusable("its schema is too large");
    }
    let checker = Checker { root: &root, work: Cell::new(price::ALL), patterns: Patterns::default() };
    match checker.fits(&root, answer, 0) {
        Ok(_) => Ok(()),
        Err(Unfit::Unusable(_)) if checker.work.get() == 0 => unusable("that takes too much work"),
        Err(Unfit::Unusable(why)) => unusable(format_args!("its schema is unusable: {why}")),
        Err(misfit) => Err(misfit),
    }
}

/// The bytes that a schema may have.
const SIZE: usize = 100_000;

/// So deep may schemas be in one another, references included.
const DEPTH: usize = 64;

/// One check.
struct Checker<'s> {
    /// The whole schema, where references lead.
    root: &'s Value,
    /// What is left of the work.
    work: Cell<usize>,
    patterns: Patterns<'s>,
}

impl<'s> Checker<'s> {
    /// Whether a value fits a schema, and what of it was looked at.
    fn fits<'v>(&self, schema: &'s Value, value: &'v Value, depth: usize) -> Fit<'v> {
        let members = match schema {
            Value::Bool(true) => return Ok(Seen::default()),
            Value::Bool(false) => return misfit("nothing fits here"),
            Value::Object(members) => members,
            other => return unusable(format_args!("{other} is no schema")),
        };
        if depth >= DEPTH {
            return unusable("it refers to itself without end, or goes too deep");
        }
        if members.contains_key("$id") && !std::ptr::eq(schema, self.root) {
            return unusable("there is a schema with an `$id` of its own in it");
        }
        self.pay_for(members, value)?;

        let mut all = All::default();
        for judge in values::ALL {
            all.and(judge(members, value).map(|()| Seen::default()))?;
        }
        if let (Value::String(text), Some(pattern)) = (value, members.get("pattern")) {
            all.and(self.pattern(pattern, text))?;
        }
        self.combined(members, value, depth + 1, &mut all)?;
        match value {
            Value::Object(parts) => self.members(members, parts, depth + 1, &mut all)?,
            Value::Array(elements) => self.elements(members, elements, depth + 1, &mut all)?,
            _ => {}
        }
        all.end()
    }
}
