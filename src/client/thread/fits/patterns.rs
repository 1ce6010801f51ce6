//! The regular expressions of a schema.

use super::Checker;
use super::verdict::{Fit, Seen, Unfit, misfit, unusable};
use regex_lite::{Regex, RegexBuilder};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;

/// Those that were made ready, each once, with what a byte of text costs; or why that is not possible.
pub(super) type Patterns<'s> = RefCell<HashMap<&'s str, Result<(Regex, usize), String>>>;

/// The bytes that an expression may take when it is made ready, and what it costs by the byte of text: as much as it may
/// have states to go through. Few take more than the first.
const SIZES: [(usize, usize); 2] = [(1 << 11, 4), (1 << 15, 64)];

/// What it costs to make an expression ready.
const READY: usize = 2_000;

impl<'s> Checker<'s> {
    pub(super) fn pattern<'v>(&self, pattern: &'s Value, text: &str) -> Fit<'v> {
        match pattern {
            Value::String(pattern) if self.matches(pattern, text)? => Ok(Seen::default()),
            Value::String(pattern) => misfit(format_args!("does not match `{pattern}`")),
            _ => unusable("`pattern` is no text"),
        }
    }

    pub(super) fn matches(&self, pattern: &'s str, text: &str) -> Result<bool, Unfit> {
        self.spend(1 + pattern.len())?;
        let mut patterns = self.patterns.borrow_mut();
        if !patterns.contains_key(pattern) {
            self.spend(READY)?;
            let ready = ready(pattern);
            if let Ok((regex, price)) = &ready {
                // What it takes to match grows with its groups.
                self.spend(READY / 4 * price * regex.captures_len())?;
            }
            patterns.insert(pattern, ready);
        }
        match patterns.get(pattern) {
            Some(Ok((regex, price))) => {
                self.spend(price.saturating_mul(text.len() + 1))?;
                Ok(regex.is_match(text))
            }
            Some(Err(why)) => unusable(format_args!("`{pattern}` is not understood: {why}")),
            None => Ok(false),
        }
    }
}

fn ready(pattern: &str) -> Result<(Regex, usize), String> {
    let build = |(size, price)| match RegexBuilder::new(pattern).size_limit(size).build() {
        Ok(regex) => Ok((regex, price)),
        Err(error) => Err(error.to_string()),
    };
    let [small, large] = SIZES;
    build(small).or_else(|_| build(large))
}
