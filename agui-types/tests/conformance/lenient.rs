//! What a later version of the protocol may add is removed and reported, and nothing else is.

use crate::support::cases::{Case, for_every_definition};
use crate::support::definitions::{Decoded, Removed, RemovedKind};
use crate::support::json;
use crate::support::mutate::{undescribed_name, unknown_string};
use crate::support::shape::Shape;
use crate::support::sites::{Site, sites};
use crate::support::{generate, unrecognised};
use serde_json::Value;

#[test]
fn unknown_members_are_removed_and_nothing_else() {
    for_every_definition("unknown_members_are_removed_and_nothing_else", 60, |case| {
        let document = case.document();
        let original = document.to_string();
        let expected =
            case.definition.strict(&original).map_err(|error| case.failure("refused", &original, error))?;
        let sites = sites(case.schema, case.shape(), &document);
        let closed: Vec<&Site> = sites.iter().filter(|site| is_closed(site)).collect();

        let mut extended = document.clone();
        let mut removed = Vec::new();
        for _ in 0..case.rng.u8(1..=3) {
            let Some(site) = case.rng.choice(&closed) else { break };
            let pointer = add_member(&mut extended, site, case);
            removed.push(Removed { pointer, kind: RemovedKind::Member });
        }
        removed.sort();

        let text = case.text(&extended);
        let lenient =
            case.definition.lenient(&text).map_err(|error| case.failure("refused", &text, error))?;
        if !equal(lenient.value.as_deref(), Some(&*expected)) || lenient.removed != removed {
            let ours = format!("{lenient:?}\n  expected: {expected:?} and {removed:?}");
            return Err(case.failure("another result", &text, ours));
        }
        let tolerant = case
            .definition
            .tolerant(&text)
            .map_err(|error| case.failure("refused by `decode`", &text, error))?;
        if !tolerant.equals(&*expected) {
            return Err(case.failure("another value by `decode`", &text, format_args!("{tolerant:?}")));
        }
        match case.definition.strict(&text) {
            Ok(value) if removed.is_empty() && value.equals(&*expected) => Ok(()),
            Err(error) if removed.iter().any(|removed| removed.pointer == error.pointer()) => Ok(()),
            other => Err(case.failure("another result by `decode_strict`", &text, format_args!("{other:?}"))),
        }
    });
}

#[test]
fn unknown_variants_and_values_take_with_them_what_cannot_do_without() {
    for_every_definition("unknown_variants_and_values_take_with_them_what_cannot_do_without", 100, |case| {
        let Some(future) = (0..20).find_map(|_| from_the_future(case)) else { return Ok(()) };
        let text = case.text(&future);
        let expected = unrecognised::strip(case.schema, case.shape(), future);
        let left = match &expected.document {
            Some(left) => Some(
                case.definition
                    .strict(left.to_string())
                    .map_err(|error| case.failure("what is left is refused", &left.to_string(), error))?,
            ),
            None => None,
        };
        let lenient =
            case.definition.lenient(&text).map_err(|error| case.failure("refused", &text, error))?;
        if !equal(lenient.value.as_deref(), left.as_deref()) || lenient.removed != expected.removed {
            let ours = format!("{lenient:?}\n  expected: {expected:?}");
            return Err(case.failure("another result", &text, ours));
        }
        // The other decoders do not know what to do with it.
        for (decoder, result) in
            [("decode", case.definition.tolerant(&text)), ("decode_strict", case.definition.strict(&text))]
        {
            if let Ok(value) = result {
                return Err(case.failure(
                    format_args!("accepted by `{decoder}`"),
                    &text,
                    format_args!("{value:?}"),
                ));
            }
        }
        Ok(())
    });
}

fn is_closed(site: &Site) -> bool {
    site.object.is_some_and(|object| object.others.is_none())
}

/// Adds an unknown member; returns the pointer to it.
fn add_member(document: &mut Value, site: &Site, case: &mut Case) -> String {
    let object = document.pointer_mut(&site.pointer).unwrap();
    let name = undescribed_name(site.object.unwrap(), object, &mut case.rng);
    let pointer = json::member(&site.pointer, &name);
    object[name] = generate::any(&mut case.rng);
    pointer
}

/// A random document with a discriminator or a value of an enumeration that no schema knows, perhaps
/// several, perhaps with unknown members as well; `None` if there is no place for any.
fn from_the_future(case: &mut Case) -> Option<Value> {
    let document = case.document();
    let sites = sites(case.schema, case.shape(), &document);
    let closed: Vec<&Site> = sites.iter().filter(|site| is_closed(site)).collect();
    let unknowable: Vec<&Site> = sites
        .iter()
        .filter(|site| site.union.is_some() || matches!(site.shape, Shape::Enumeration(_)))
        .collect();

    let mut future = document.clone();
    for _ in 0..case.rng.u8(1..=2) {
        let site = case.rng.choice(&unknowable)?;
        let pointer = match site.union {
            Some(union) => json::member(&site.pointer, &union.tag),
            None => site.pointer.clone(),
        };
        let known = document.pointer(&pointer).and_then(Value::as_str).unwrap();
        *future.pointer_mut(&pointer).unwrap() = unknown_string(known, &mut case.rng).into();
    }
    if case.rng.bool()
        && let Some(site) = case.rng.choice(&closed)
    {
        add_member(&mut future, site, case);
    }
    Some(future)
}

fn equal(left: Option<&dyn Decoded>, right: Option<&dyn Decoded>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left.equals(right),
        (left, right) => left.is_none() && right.is_none(),
    }
}
