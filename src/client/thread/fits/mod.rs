//! Whether an answer fits a schema: the vocabularies of JSON Schema 2020-12, and what older drafts spell otherwise, within
//! one document.
//!
//! The schemas come from agents, and validators for schemas that one trusts do as they are told: a chain of references in
//! `allOf` doubles the work with each link. This one has so much work to do and no more, and it is fifty packages less.

mod combined;
mod pieces;
mod references;
mod values;
mod verdict;

pub use verdict::Misfit;
pub(super) use verdict::Unfit;

use regex_lite::RegexBuilder;
use serde_json::{Map, Value};
use std::cell::Cell;
use verdict::{All, Fit, Seen, misfit, unusable};

/// Whether an answer fits. What of a schema cannot be understood is unusable, and an answer that fits the rest with it.
pub(super) fn check(schema: &Map<String, Value>, answer: &Value) -> Result<(), Unfit> {
    let root = Value::Object(schema.clone());
    if root.to_string().len() > SIZE {
        return unusable("it is too large");
    }
    Checker { root: &root, work: Cell::new(WORK) }.fits(&root, answer, 0).map(drop)
}

/// The bytes that a schema may have.
const SIZE: usize = 100_000;

/// So much may be looked at: keywords, names, characters, pairs.
const WORK: usize = 1 << 18;

/// So deep may schemas be in one another, references included.
const DEPTH: usize = 64;

/// The bytes of a regular expression, made ready.
const PATTERN: usize = 1 << 20;

/// One check.
struct Checker<'s> {
    /// The whole schema, where references lead.
    root: &'s Value,
    /// What is left of the work.
    work: Cell<usize>,
}

impl<'s> Checker<'s> {
    /// Whether a value fits a schema, and what of it was looked at.
    fn fits<'v>(&self, schema: &'s Value, value: &'v Value, depth: usize) -> Fit<'v> {
        let schema = match schema {
            Value::Bool(true) => return Ok(Seen::default()),
            Value::Bool(false) => return misfit("nothing fits here"),
            Value::Object(schema) => schema,
            other => return unusable(format!("{other} is no schema")),
        };
        if depth >= DEPTH {
            return unusable("it refers to itself without end, or goes too deep");
        }
        if depth > 0 && schema.contains_key("$id") && !std::ptr::eq(schema, self.root_members()?) {
            return unusable("there is a schema with an `$id` of its own in it");
        }
        let listed = ["enum", "required"].iter().filter_map(|name| schema.get(*name)?.as_array());
        self.spend(1 + schema.len() + listed.map(Vec::len).sum::<usize>() + size(value))?;

        let mut all = All::default();
        for judge in values::ALL {
            all.and(judge(schema, value).map(|()| Seen::default()))?;
        }
        if let Value::String(text) = value {
            all.and(self.pattern(schema, text).map(|()| Seen::default()))?;
        }
        self.combined(schema, value, depth + 1, &mut all)?;
        match value {
            Value::Object(members) => self.members(schema, members, depth + 1, &mut all)?,
            Value::Array(elements) => self.elements(schema, elements, depth + 1, &mut all)?,
            _ => {}
        }
        all.end()
    }

    fn root_members(&self) -> Result<&'s Map<String, Value>, Unfit> {
        self.root.as_object().ok_or_else(|| Unfit::Unusable("it is no object".to_owned()))
    }

    fn spend(&self, work: usize) -> Result<(), Unfit> {
        match self.work.get().checked_sub(work) {
            Some(left) => {
                self.work.set(left);
                Ok(())
            }
            None => {
                self.work.set(0);
                unusable("it takes too much work")
            }
        }
    }

    fn pattern(&self, schema: &'s Map<String, Value>, text: &str) -> Result<(), Unfit> {
        match schema.get("pattern") {
            None => Ok(()),
            Some(Value::String(pattern)) if self.matches(pattern, text)? => Ok(()),
            Some(Value::String(pattern)) => misfit(format!("does not match `{pattern}`")),
            Some(_) => unusable("`pattern` is no text"),
        }
    }

    fn matches(&self, pattern: &str, text: &str) -> Result<bool, Unfit> {
        self.spend(pattern.len() + text.len())?;
        match RegexBuilder::new(pattern).size_limit(PATTERN).build() {
            Ok(regex) => Ok(regex.is_match(text)),
            Err(error) => unusable(format!("`{pattern}` is not understood: {error}")),
        }
    }
}

/// How much there is to be looked at beside what is in it.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    }
}
