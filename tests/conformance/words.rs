//! What the reference client says, and what we say to the same.
//!
//! The words of the corpus are those of another program. [`ERRORS`] and [`WARNINGS`] have phrases of theirs, with what
//! has to be the same in the structured form of what we say: the kind and the rules that it may name. Whatever a text names
//! beside that has to be named by ours. Of what is in no table we have to say the same words, or name the same id or path.

use crate::names::{are_in, has_word, types_agree};
use crate::tables::{ERRORS, WARNINGS};
use agui::client::{Rejection, RejectionKind, Warning, WarningKind};
use agui::codec::DecodeError;
use agui::compat::Conversion;
use std::collections::BTreeSet;

/// Phrases of the reference client, and what of ours they are about.
pub(crate) struct Words<K: 'static> {
    /// Each is as good as the others.
    pub(crate) phrases: &'static [&'static str],
    pub(crate) kind: K,
    /// Empty if any will do.
    pub(crate) rules: &'static [&'static str],
    /// Of these we say one; empty if that does not matter.
    pub(crate) ours: &'static [&'static str],
}

/// Why a stream or an input is refused.
#[derive(Debug)]
pub(crate) struct Refused {
    kind: RejectionKind,
    rule: &'static str,
    pointer: String,
    id: Option<String>,
    text: String,
}

impl From<&Rejection> for Refused {
    fn from(rejection: &Rejection) -> Self {
        Self {
            kind: rejection.kind(),
            rule: rejection.rule(),
            pointer: rejection.pointer().to_owned(),
            id: rejection.id().map(str::to_owned),
            text: rejection.to_string(),
        }
    }
}

impl From<&DecodeError> for Refused {
    fn from(error: &DecodeError) -> Self {
        let (kind, pointer) = (RejectionKind::Malformed, error.pointer().to_owned());
        Self { kind, rule: "PROC-17", pointer, id: None, text: error.to_string() }
    }
}

impl Refused {
    /// Whether a text names the id, or the path by its members.
    fn is_named_in(&self, text: &str) -> bool {
        let named = |name: &str| has_word(text, name);
        let members = self.pointer.split('/').filter(|member| member.parse::<usize>().is_err());
        let mut members = members.filter(|member| !member.is_empty()).peekable();
        self.id.as_deref().is_some_and(named) || (members.peek().is_some() && members.all(named))
    }
}

/// Something that we warn of.
#[derive(Debug)]
pub(crate) struct Warned {
    kind: WarningKind,
    rule: &'static str,
    text: String,
}

impl From<&Warning> for Warned {
    fn from(warning: &Warning) -> Self {
        Self { kind: warning.kind, rule: warning.rule, text: warning.to_string() }
    }
}

impl From<&Conversion> for Warned {
    fn from(conversion: &Conversion) -> Self {
        Self { kind: WarningKind::Translated, rule: "", text: conversion.to_string() }
    }
}

impl Warned {
    pub(crate) fn removed(text: String) -> Self {
        Self { kind: WarningKind::Removed, rule: "", text }
    }
}

/// Those that the reference client has as well: it accepts mistakes of producers that leave the stream readable without a
/// word, and drops some events for what is gone.
pub(crate) fn of_the_reference_too(warnings: &[Warned]) -> Vec<&Warned> {
    let silent = |warned: &Warned| match warned.kind {
        WarningKind::Inconsistent | WarningKind::Connection => true,
        WarningKind::NotApplied => matches!(warned.rule, "REAS-10" | "ACT-9"),
        _ => false,
    };
    warnings.iter().filter(|warned| !silent(warned)).collect()
}

/// Whether a failure is the one that this text is about. Without a refusal it has to be in what we say.
pub(crate) fn error(text: &str, refused: Option<&Refused>, said: &str) -> Result<(), String> {
    let Some(refused) = refused else {
        return if says(said, text) { Ok(()) } else { Err(format!("unmapped: `{text}` is not in `{said}`")) };
    };
    let Refused { kind, rule, id, text: ours, .. } = refused;
    let told = about(text, ERRORS, kind, rule, ours).map(|fits| {
        let named = format!("{ours} {}", id.as_deref().unwrap_or_default());
        // What is no JSON is no text to quote from.
        let is_frame = *kind == RejectionKind::Frame;
        let is_value = *kind == RejectionKind::Malformed;
        fits && (is_frame || are_in(text, &named)) && (!is_value || types_agree(text, ours))
    });
    verdict(text, says(ours, text), told, refused.is_named_in(text))
        .map_err(|why| format!("{why}, but: {refused:?}"))
}

/// Whether one of the warnings is the one that this text is about.
pub(crate) fn warning(text: &str, warnings: &[Warned]) -> Result<(), String> {
    let told = warnings.iter().filter_map(|Warned { kind, rule, text: ours }| {
        about(text, WARNINGS, kind, rule, ours).map(|fits| fits && are_in(text, ours))
    });
    let told = told.reduce(|one, other| one || other);
    let said = warnings.iter().any(|warned| says(&warned.text, text));
    let named = warnings.iter().any(|warned| names_in(text).any(|name| has_word(&warned.text, name)));
    verdict(text, said, told, named).map_err(|why| format!("{why}, but: {warnings:?}"))
}

/// Whether all phrases in a text are about what we say; `None` if there are none.
fn about<K: PartialEq>(text: &str, table: &[Words<K>], kind: &K, rule: &str, ours: &str) -> Option<bool> {
    let phrases = table.iter().flat_map(|words| words.phrases).filter(|phrase| text.contains(**phrase));
    let phrases: BTreeSet<_> = phrases.collect();
    let fits = |words: &Words<K>| {
        let rule = words.rules.is_empty() || words.rules.contains(&rule);
        let said = words.ours.is_empty() || words.ours.iter().any(|word| ours.contains(word));
        words.kind == *kind && rule && said
    };
    let fit = |phrase: &&&str| table.iter().any(|words| words.phrases.contains(*phrase) && fits(words));
    (!phrases.is_empty()).then(|| phrases.iter().all(fit))
}

/// Words by which nothing is told from anything else.
const COMMON: &[&str] = &[
    "a", "an", "call", "event", "for", "is", "it", "message", "no", "not", "of", "open", "or", "run", "text",
    "the", "was", "which", "while", "with",
];

/// Whether we say the same, in whole words.
fn says(ours: &str, text: &str) -> bool {
    text.is_empty() || !COMMON.contains(&text) && has_word(ours, text)
}

/// `said`: we say the same. `told`: it has phrases, and they are about what we say. `named`: it names what we name.
fn verdict(text: &str, said: bool, told: Option<bool>, named: bool) -> Result<(), String> {
    match (told, named) {
        _ if said => Ok(()),
        (Some(true), _) | (None, true) => Ok(()),
        (Some(false), _) => Err(format!("`{text}` is about something else")),
        (None, false) => Err(format!("unmapped: `{text}`")),
    }
}

/// Pointers, and what stands in quotes.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split(['\'', '"', '`']).skip(1).step_by(2);
    let pointers = text.split_whitespace().filter(|word| word.starts_with('/') && word.len() > 1);
    quoted.chain(pointers).filter(|name| !name.is_empty())
}
