//! How unknown material is treated while decoding, and what was met.

use super::path;

/// Carried through one decode: the policy for unknown material and the findings.
#[derive(Debug, Default)]
pub struct Context {
    unknown: Unknown,
    found: Vec<Unrecognised>,
    omitted: usize,
}

/// What to do with members, union members and enum values that the schema does not describe.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unknown {
    /// Skip unknown members silently, fail on unknown union members and enum values.
    #[default]
    Ignore,
    /// Remove all of them and report each.
    Report,
    /// Fail on all of them.
    Deny,
}

/// Something that the schema does not describe and that a lenient decode removed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unrecognised {
    /// JSON Pointer to the unrecognised member or value in the document.
    pub pointer: String,
    /// What it is.
    pub kind: UnrecognisedKind,
}

/// The kinds of unrecognised material.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnrecognisedKind {
    /// A member of a closed object that the schema does not list (PROC-2).
    Member,
    /// A union member whose discriminator has a value that the schema does not list (PROC-1, PROC-3).
    Variant(String),
    /// A string outside a closed set of strings (PROC-3).
    Value(String),
}

impl std::fmt::Display for Unrecognised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pointer = if self.pointer.is_empty() { "document" } else { &self.pointer };
        match &self.kind {
            UnrecognisedKind::Member => write!(f, "{pointer}: unknown member"),
            UnrecognisedKind::Variant(tag) => write!(f, "{pointer}: unknown variant `{tag}`"),
            UnrecognisedKind::Value(value) => write!(f, "{pointer}: unknown value `{value}`"),
        }
    }
}

impl Context {
    /// Findings kept per document; a hostile document must not grow memory with its unknown members.
    pub const MAX_FOUND: usize = 256;

    /// A context with the given policy.
    #[must_use]
    pub fn new(unknown: Unknown) -> Self {
        Self { unknown, found: Vec::new(), omitted: 0 }
    }

    /// The policy for unknown material.
    #[must_use]
    pub fn unknown(&self) -> Unknown {
        self.unknown
    }

    /// What was removed so far, innermost path segments first until the decode has returned, and how
    /// many more there were than are kept.
    #[must_use]
    pub fn into_found(self) -> (Vec<Unrecognised>, usize) {
        (self.found, self.omitted)
    }

    /// Whether nothing was removed so far.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.found.is_empty() && self.omitted == 0
    }

    #[cold]
    pub(super) fn report(&mut self, pointer: String, kind: UnrecognisedKind) {
        if self.found.len() < Self::MAX_FOUND {
            self.found.push(Unrecognised { pointer, kind });
        } else {
            self.omitted += 1;
        }
    }

    /// Marks where a nested decode starts, for [`Context::nest`].
    pub(super) fn mark(&self) -> usize {
        self.found.len()
    }

    /// Puts `segment` before the paths of everything found since `mark`. Paths are completed on the
    /// way out, so a document without unknown material pays one comparison a container.
    pub(super) fn nest(&mut self, mark: usize, segment: impl std::fmt::Display) {
        if self.found.len() > mark {
            self.prefix(mark, &path::segment(segment));
        }
    }

    #[cold]
    fn prefix(&mut self, mark: usize, segment: &str) {
        for found in self.found.iter_mut().skip(mark) {
            found.pointer.insert_str(0, segment);
        }
    }
}
