//! Valid documents, spoilt in one place.

use super::generate::{self, EXACT};
use super::json;
use super::rng::Rng;
use super::schema::Schema;
use super::shape::{Object, Shape};
use super::sites::{Position, Site, sites};
use serde_json::{Value, json};

/// What is done to a document. Most of it makes the document invalid, in most places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutation {
    /// A required member goes.
    MissingMember,
    /// A value of another JSON type.
    OtherType,
    /// `null`.
    Null,
    /// Another value than the constant one; for a discriminator often another known one.
    OtherConstant,
    /// A string outside the enumeration.
    OtherValue,
    /// An integer outside the bounds.
    OutOfBounds,
    /// A number that is no integer.
    Fraction,
    /// A string that breaks its pattern.
    BrokenPattern,
    /// Fewer elements than demanded.
    TooFewItems,
    /// A member that a closed object does not describe.
    UnknownMember,
    /// A member that an open object does not describe, which is valid.
    FurtherMember,
    /// An array around, or instead of, an object.
    ArrayForObject,
}

impl Mutation {
    pub(crate) const ALL: [Self; 12] = [
        Self::MissingMember,
        Self::OtherType,
        Self::Null,
        Self::OtherConstant,
        Self::OtherValue,
        Self::OutOfBounds,
        Self::Fraction,
        Self::BrokenPattern,
        Self::TooFewItems,
        Self::UnknownMember,
        Self::FurtherMember,
        Self::ArrayForObject,
    ];
}

/// A document after a [`Mutation`].
#[derive(Debug)]
pub(crate) struct Mutant {
    pub(crate) document: Value,
    /// A pointer to the culprit, or to what contains it: an error has to be there or below.
    pub(crate) culprit: String,
}

/// Applies a mutation at a random place; `None` if the document has none for it.
pub(crate) fn mutate(
    schema: &Schema,
    shape: &Shape,
    mutation: Mutation,
    document: &Value,
    rng: &mut Rng,
) -> Option<Mutant> {
    let sites = sites(schema, shape, document);
    let candidates: Vec<&Site> = sites.iter().filter(|site| applies(mutation, site)).collect();
    let site = *rng.choice(&candidates)?;
    let mut mutant = Mutant { document: document.clone(), culprit: site.pointer.clone() };
    let value = mutant.document.pointer_mut(&site.pointer).unwrap();
    match (mutation, site.shape) {
        (Mutation::MissingMember, _) => {
            let object = site.object.unwrap();
            let name = rng.choice(required(object)).unwrap();
            value.as_object_mut().unwrap().remove(name);
        }
        (Mutation::OtherType, _) => *value = other_type(value, rng),
        (Mutation::Null, _) => *value = Value::Null,
        (Mutation::OtherConstant, Shape::Constant(constant)) => {
            *value = other_constant(schema, constant, rng);
            // Another discriminator may make everything beside it wrong.
            mutant.culprit = json::parent(&site.pointer).map(|(container, _)| container.to_owned())?;
        }
        (_, Shape::Enumeration(values)) => *value = unknown_string(rng.choice(values)?, rng).into(),
        (Mutation::OutOfBounds, Shape::Integer { minimum, maximum }) => {
            *value = out_of_bounds(*minimum, *maximum, rng);
        }
        (Mutation::Fraction, _) => *value = fraction(value, rng),
        (Mutation::BrokenPattern, _) => *value = no_json_pointer(rng),
        (Mutation::TooFewItems, Shape::List { at_least, .. }) => {
            value.as_array_mut().unwrap().truncate(rng.usize(..at_least));
        }
        (Mutation::UnknownMember | Mutation::FurtherMember, _) => {
            let name = undescribed_name(site.object.unwrap(), value, rng);
            mutant.culprit = json::member(&site.pointer, &name);
            value[name] = generate::any(rng);
        }
        (Mutation::ArrayForObject, _) => *value = if rng.bool() { json!([value]) } else { json!([]) },
        (mutation, shape) => panic!("{mutation:?} does not apply to {shape:?}"),
    }
    Some(mutant)
}

fn applies(mutation: Mutation, site: &Site) -> bool {
    match mutation {
        Mutation::MissingMember => site.object.is_some_and(|object| !required(object).is_empty()),
        Mutation::OtherType => true,
        Mutation::Null => matches!(site.position, Position::Member { .. } | Position::Item),
        Mutation::OtherConstant => matches!(site.shape, Shape::Constant(_)),
        Mutation::OtherValue => matches!(site.shape, Shape::Enumeration(_)),
        Mutation::OutOfBounds | Mutation::Fraction => matches!(site.shape, Shape::Integer { .. }),
        Mutation::BrokenPattern => matches!(site.shape, Shape::Text { pattern: Some(_) }),
        Mutation::TooFewItems => matches!(site.shape, Shape::List { at_least: 1.., .. }),
        Mutation::UnknownMember => site.object.is_some_and(|object| object.others.is_none()),
        Mutation::FurtherMember => site.object.is_some_and(|object| object.others.is_some()),
        Mutation::ArrayForObject => site.object.is_some(),
    }
}

fn required(object: &Object) -> Vec<&str> {
    object.members.iter().filter(|(_, member)| member.required).map(|(name, _)| name.as_str()).collect()
}

/// A name for a member that the object neither describes nor has.
pub(crate) fn undescribed_name(object: &Object, value: &Value, rng: &mut Rng) -> String {
    loop {
        let mut name = generate::name(rng);
        if rng.u8(..4) == 0 {
            // A known name, almost.
            let known = rng.choice(object.members.keys()).cloned().unwrap_or_default();
            name = rng.choice([known.to_uppercase(), format!("{known} "), format!("{known}\0")]).unwrap();
        }
        if !object.members.contains_key(&name) && value.get(&name).is_none() {
            return name;
        }
    }
}

/// A string that is not the known one but resembles it, or is strange.
pub(crate) fn unknown_string(known: &str, rng: &mut Rng) -> String {
    let first_lost: String = known.chars().skip(1).collect();
    let candidates = [
        String::new(),
        format!("{known} "),
        format!("{known}S"),
        format!("x-{known}"),
        first_lost,
        "AG_UI_FUTURE".to_owned(),
        "a: b/~c\"\n😀".to_owned(),
    ];
    rng.choice(candidates).unwrap()
}

fn other_type(value: &Value, rng: &mut Rng) -> Value {
    let mut candidates = vec![
        Value::Null,
        rng.bool().into(),
        rng.i64(-3..=3).into(),
        0.5.into(),
        generate::text(rng).into(),
        json!([]),
        json!([value]),
        json!({}),
        json!({ "type": "text", "text": "" }),
    ];
    candidates.retain(|candidate| std::mem::discriminant(candidate) != std::mem::discriminant(value));
    rng.choice(candidates).unwrap()
}

fn other_constant(schema: &Schema, constant: &Value, rng: &mut Rng) -> Value {
    let known = constant.as_str().expect("a constant that is a string");
    match rng.u8(..3) {
        0 => unknown_string(known, rng).into(),
        1 => rng.choice([Value::Null, 0.into(), json!([constant]), json!({ "const": constant })]).unwrap(),
        _ => {
            // A sibling: the discriminator of another member of a union that knows this one.
            let unions = schema.unions().filter(|union| union.variants.contains_key(known));
            match rng.choice(unions.collect::<Vec<_>>()) {
                Some(union) => rng.choice(union.variants.keys()).unwrap().as_str().into(),
                None => Value::Null,
            }
        }
    }
}

fn out_of_bounds(minimum: i64, maximum: i64, rng: &mut Rng) -> Value {
    let candidates = [
        minimum.saturating_sub(1).into(),
        maximum.saturating_add(1).into(),
        i64::MIN.into(),
        i64::MAX.into(),
        u64::MAX.into(),
        (EXACT as f64 + 1.0).into(),
        1e300.into(),
        (-1e19).into(),
    ];
    rng.choice(candidates).unwrap()
}

fn fraction(value: &Value, rng: &mut Rng) -> Value {
    let candidates = [0.5, -0.5, 1e-9, 5e-324, value.as_f64().unwrap() / 3.0 + 0.1, 1.0 - f64::EPSILON];
    rng.choice(candidates).unwrap().into()
}

fn no_json_pointer(rng: &mut Rng) -> Value {
    rng.choice(["a", " ", " /a", "a/", "#/a", "~", "/~", "/~2", "/a/~/b", "/a~", "\n", "\n/a", "/a/b~x~0"])
        .unwrap()
        .into()
}
