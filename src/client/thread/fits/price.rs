//! What a check costs, and how much it may.

use super::Checker;
use super::verdict::{Unfit, unusable};
use serde_json::{Map, Value};

/// All that a check may cost. One is about 50 nanoseconds.
pub(super) const ALL: usize = 1 << 21;

/// A schema for one value, without what it says.
const SCHEMA: usize = 8;

/// The bytes of a text that are copied or compared for one.
const BYTES: usize = 16;

impl Checker<'_> {
    /// Pays for looking at a value by a schema once, without what is in either. What is not looked at costs nothing, however
    /// long it is.
    pub(super) fn pay_for(&self, schema: &Map<String, Value>, value: &Value) -> Result<(), Unfit> {
        self.spend(SCHEMA)?;
        for (keyword, says) in schema {
            self.spend(match (&**keyword, value) {
                ("const" | "enum" | "required" | "type" | "dependentRequired", _) => whole(says),
                ("minLength" | "maxLength", Value::String(text)) => 1 + text.len() / BYTES,
                ("uniqueItems", Value::Array(_)) => 2 * whole(value),
                _ => itself(says),
            })?;
        }
        match value {
            Value::Object(members) => self.spend(members.keys().map(|name| 1 + name.len() / BYTES).sum()),
            Value::Array(elements) => self.spend(elements.len()),
            _ => Ok(()),
        }
    }

    pub(super) fn spend(&self, work: usize) -> Result<(), Unfit> {
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
}

/// A value and all that is in it.
fn whole(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(whole).sum(),
        Value::Object(members) => members.iter().map(|(name, value)| name.len() / BYTES + whole(value)).sum(),
        other => itself(other),
    }
}

/// A value without what is in it.
fn itself(value: &Value) -> usize {
    1 + match value {
        Value::String(text) => text.len() / BYTES,
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    }
}
