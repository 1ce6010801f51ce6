//! What holds for every member of every definition; no random choice leaves one out.

use super::{accepted, malformed, unrecognised};
use crate::support::definitions::RemovedKind;
use crate::support::generate;
use crate::support::rng::Rng;
use crate::support::schema;
use crate::support::shape::{Object, Shape};
use serde_json::{Value, json};

/// EVT-4, EVT-5, EVT-6: a member is absent or has a value, and `null` is one only where any JSON is required.
#[test]
fn no_member_is_null_unless_it_is_required_and_any_json() {
    let mut optional = 0;
    for (definition, object) in objects() {
        for (name, member) in &object.members {
            let mut document = example(definition);
            document[name] = Value::Null;
            match schema::own().resolve(&member.shape) {
                Shape::Any { null: true } if member.required => accepted(definition, &document),
                _ => malformed(definition, &document, &format!("/{name}")),
            }
            optional += usize::from(!member.required);
        }
    }
    assert!(optional > 200, "{optional} optional members");
}

/// PROC-4
#[test]
fn every_required_member_is_missed() {
    for (definition, object) in objects() {
        for (name, _) in object.members.iter().filter(|(_, member)| member.required) {
            let mut document = example(definition);
            document.as_object_mut().unwrap().remove(name).unwrap();
            malformed(definition, &document, "");
        }
    }
}

/// USE-11 and the range of `timestamp`
#[test]
fn every_integer_stops_at_its_bounds() {
    let mut bounded = 0;
    for (definition, object) in objects() {
        for (name, member) in &object.members {
            let Shape::Integer { minimum, maximum } = *schema::own().resolve(&member.shape) else { continue };
            bounded += 1;
            let mut document = example(definition);
            for right in
                [json!(minimum), json!(maximum), json!(minimum as f64), json!(maximum as f64), json!(1e3)]
            {
                document[name] = right;
                accepted(definition, &document);
            }
            for wrong in [
                json!(minimum - 1),
                json!(maximum + 1),
                json!(i64::MIN),
                json!(u64::MAX),
                json!(0.5),
                json!(1e300),
            ] {
                document[name] = wrong;
                malformed(definition, &document, &format!("/{name}"));
            }
        }
    }
    // The timestamps of 31 events and their base, six counts of usage, two declared limits.
    assert!(bounded >= 40, "{bounded} members with bounds");
}

/// PROC-2, PROC-8, STATE-8
#[test]
fn every_object_is_closed_or_keeps_what_it_does_not_define() {
    let mut open = 0;
    for (definition, object) in objects() {
        let known = example(definition);
        let mut document = known.clone();
        document["x-unknown"] = json!({ "": null });
        if object.others.is_some() {
            accepted(definition, &document);
            open += 1;
        } else {
            unrecognised(definition, &document, Some(&known), &[("/x-unknown", RemovedKind::Member)]);
        }
    }
    // Six patch operations, three bases, metadata; a later version may have more.
    assert!(open >= 10, "{open} open definitions");
}

/// The definitions that are objects.
fn objects() -> impl Iterator<Item = (&'static str, &'static Object)> {
    schema::own().definitions().filter_map(|name| match schema::own().shape(name) {
        Shape::Object(object) => Some((name, object)),
        _ => None,
    })
}

/// A document of the definition, always the same.
fn example(definition: &str) -> Value {
    generate::document(schema::own(), schema::own().shape(definition), &mut Rng::with_seed(2))
}
