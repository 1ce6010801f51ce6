//! What the schema rejects is rejected, and the error says where.

use crate::support::cases::{Case, for_every_definition};
use crate::support::mutate::{Mutant, Mutation, mutate};
use crate::support::unrecognised::{strip, strip_members};
use agui_types::runtime::DecodeError;
use serde_json::Value;

#[test]
fn spoilt_documents_get_the_verdict_of_the_schema() {
    for_every_definition("spoilt_documents_get_the_verdict_of_the_schema", 300, |case| {
        let (mutation, Mutant { document, culprit }) = spoilt(case);
        let text = case.text(&document);
        strict_follows_the_schema(case, &text, &document, &culprit)
            .and_then(|()| tolerant_ignores_unknown_members_alone(case, &text, &document, &culprit))
            .and_then(|()| lenient_removes_what_is_unrecognised_alone(case, &text, &document, &culprit))
            .map_err(|failure| format!("{mutation:?} at `{culprit}`: {failure}"))
    });
}

/// A random valid document, spoilt in a random way that it has a place for.
pub(crate) fn spoilt(case: &mut Case) -> (Mutation, Mutant) {
    let document = case.document();
    let mut mutations = Mutation::ALL;
    case.rng.shuffle(&mut mutations);
    mutations
        .into_iter()
        .find_map(|mutation| {
            let mutant = mutate(case.schema, case.shape(), mutation, &document, &mut case.rng)?;
            Some((mutation, mutant))
        })
        .expect("any value can change its type")
}

fn strict_follows_the_schema(case: &Case, text: &str, document: &Value, culprit: &str) -> Result<(), String> {
    match (case.definition.strict(text), case.accepts(document)) {
        (Ok(_), true) => Ok(()),
        (Ok(value), false) => {
            Err(case.failure("accepted by `decode_strict`", text, format_args!("{value:?}")))
        }
        (Err(error), true) => Err(case.failure("refused by `decode_strict`", text, error)),
        (Err(error), false) => points_at(case, text, document, &error, culprit),
    }
}

fn tolerant_ignores_unknown_members_alone(
    case: &Case,
    text: &str,
    document: &Value,
    culprit: &str,
) -> Result<(), String> {
    let known = strip_members(case.schema, case.shape(), document.clone()).document;
    match (case.definition.tolerant(text), known.filter(|known| case.accepts(known))) {
        (Ok(value), Some(known)) => {
            let expected = case.definition.strict(known.to_string());
            match expected.is_ok_and(|expected| value.equals(&*expected)) {
                true => Ok(()),
                false => Err(case.failure("another value by `decode`", text, format_args!("{value:?}"))),
            }
        }
        (Ok(value), None) => Err(case.failure("accepted by `decode`", text, format_args!("{value:?}"))),
        (Err(error), Some(_)) => Err(case.failure("refused by `decode`", text, error)),
        (Err(error), None) => points_at(case, text, document, &error, culprit),
    }
}

fn lenient_removes_what_is_unrecognised_alone(
    case: &Case,
    text: &str,
    document: &Value,
    culprit: &str,
) -> Result<(), String> {
    let expected = strip(case.schema, case.shape(), document.clone());
    let valid = expected.document.as_ref().is_none_or(|left| case.accepts(left));
    match (case.definition.lenient(text), valid) {
        (Ok(lenient), true) => {
            let value = match (&lenient.value, &expected.document) {
                (None, None) => true,
                (Some(value), Some(left)) => {
                    case.definition.strict(left.to_string()).is_ok_and(|left| value.equals(&*left))
                }
                _ => false,
            };
            if value && lenient.removed == expected.removed {
                return Ok(());
            }
            let ours = format!("{lenient:?}\n  expected: {expected:?}");
            Err(case.failure("another result of `decode_lenient`", text, ours))
        }
        (Ok(lenient), false) => Err(case.failure(
            "accepted by `decode_lenient`",
            text,
            format_args!("{lenient:?}\n  expected an error"),
        )),
        (Err(error), true) => Err(case.failure("refused by `decode_lenient`", text, error)),
        (Err(error), false) => points_at(case, text, document, &error, culprit),
    }
}

/// The error's pointer leads to a value of the document, at the culprit or inside it.
fn points_at(
    case: &Case,
    text: &str,
    document: &Value,
    error: &DecodeError,
    culprit: &str,
) -> Result<(), String> {
    let inside =
        error.pointer().strip_prefix(culprit).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if error.is_syntax() {
        return Err(case.failure("called bad JSON", text, error));
    }
    if document.pointer(error.pointer()).is_none() {
        return Err(case.failure("the error's pointer leads nowhere", text, error));
    }
    if !inside {
        return Err(case.failure("the error's pointer leads elsewhere", text, error));
    }
    Ok(())
}
