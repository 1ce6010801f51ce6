//! What comes before the tag of a union.

use serde_json::Value;
use std::borrow::Cow;
use std::collections::VecDeque;

/// Entries that came before the tag, in order. Mostly there is none or one, an id before the role of a
/// message, which then needs no memory of its own.
#[derive(Default)]
pub(in crate::runtime) struct Early<'de> {
    first: Option<EarlyEntry<'de>>,
    more: VecDeque<EarlyEntry<'de>>,
}

type EarlyEntry<'de> = (Cow<'de, str>, Value);

impl<'de> Early<'de> {
    pub(in crate::runtime) fn push(&mut self, key: Cow<'de, str>, value: Value) {
        if self.first.is_none() {
            self.first = Some((key, value));
        } else {
            self.more.push_back((key, value));
        }
    }

    pub(super) fn next(&mut self) -> Option<EarlyEntry<'de>> {
        self.first.take().or_else(|| self.more.pop_front())
    }
}
