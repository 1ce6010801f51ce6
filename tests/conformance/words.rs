//! What the reference client says, and what we say to the same.
//!
//! The words of the corpus are those of another program. [`ERRORS`] and [`WARNINGS`] have them whole, with what has to
//! be the same in the structured form of what we say: the kind, the rules that it may name, and what is named. Of what
//! is in no table we have to say the same words, or name the same id or path.

use crate::excerpt::{Excerpt, excerpts, has_word};
use crate::tables::{ERRORS, WARNINGS};
use agui::client::{Rejection, RejectionKind, Warning, WarningKind};
use agui::codec::DecodeError;
use agui::compat::Conversion;

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
        return if said.contains(text) {
            Ok(())
        } else {
            Err(format!("unmapped: `{text}` is not in `{said}`"))
        };
    };
    let named = format!("{} {}", refused.text, refused.id.as_deref().unwrap_or_default());
    let fits = |words: &Words<RejectionKind>, excerpt: &Excerpt| {
        let rule = words.rules.is_empty() || words.rules.contains(&refused.rule);
        words.kind == refused.kind && rule && excerpt.is_named_by(&named)
    };
    judge(text, ERRORS, fits, said.contains(text) || refused.text.contains(text), || {
        refused.is_named_in(text)
    })
    .map_err(|why| format!("{why}, but: {refused:?}"))
}

/// Whether one of the warnings is the one that this text is about.
pub(crate) fn warning(text: &str, warnings: &[Warned]) -> Result<(), String> {
    let fits = |words: &Words<WarningKind>, excerpt: &Excerpt| {
        let mut of_kind = warnings.iter().filter(|warned| warned.kind == words.kind);
        of_kind.any(|warned| excerpt.is_named_by(&warned.text))
    };
    let said = warnings.iter().any(|warned| warned.text.contains(text));
    judge(text, WARNINGS, fits, said, || {
        warnings.iter().any(|warned| names_in(text).any(|name| has_word(&warned.text, name)))
    })
    .map_err(|why| format!("{why}, but: {warnings:?}"))
}

/// Words of the reference client, and what of ours they are about.
pub(crate) struct Words<K> {
    pub(crate) text: &'static str,
    pub(crate) kind: K,
    /// Empty if any will do.
    pub(crate) rules: &'static [&'static str],
}

fn judge<K>(
    text: &str,
    table: &[Words<K>],
    fits: impl Fn(&Words<K>, &Excerpt) -> bool,
    said: bool,
    named: impl Fn() -> bool,
) -> Result<(), String> {
    let mut known = false;
    for words in table {
        for template in owners(words.text) {
            for excerpt in excerpts(&template, text) {
                if fits(words, &excerpt) {
                    return Ok(());
                }
                known |= excerpt.is_plain();
            }
        }
    }
    match (said, known) {
        (true, _) => Ok(()),
        (false, true) => Err(format!("`{text}` is about something else")),
        (false, false) if named() => Ok(()),
        (false, false) => Err(format!("unmapped: `{text}`")),
    }
}

/// Where an owner stands, `@` in the table, the reference client has an id or words for the parent.
fn owners(template: &str) -> Vec<String> {
    match template.split_once('@') {
        None => vec![template.to_owned()],
        Some((before, after)) => {
            let rest = owners(after);
            let ways = ["…", "(the parent agent)"].map(|owner| format!("{before}{owner}"));
            ways.iter().flat_map(|way| rest.iter().map(move |rest| format!("{way}{rest}"))).collect()
        }
    }
}

/// Pointers, and what stands in quotes.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split(['\'', '"', '`']).skip(1).step_by(2);
    let pointers = text.split_whitespace().filter(|word| word.starts_with('/') && word.len() > 1);
    quoted.chain(pointers).filter(|name| !name.is_empty())
}
