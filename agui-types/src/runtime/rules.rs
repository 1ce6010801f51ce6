//! What a schema demands of a value beyond its type: bounds, lengths, patterns, not null.
//!
//! Checked after decoding and before encoding, so neither side puts up with an invalid value.

use super::pattern::Pattern;
use serde::{Serialize, ser};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::{self, Display};
use std::ops::Rem;

/// A value that breaks a rule of its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pointer: String,
    message: String,
}

impl Violation {
    pub(super) fn new(message: impl Display) -> Self {
        Self { pointer: String::new(), message: message.to_string() }
    }

    pub(super) fn within(mut self, segment: impl Display) -> Self {
        self.pointer.insert_str(0, &super::path::segment(segment));
        self
    }
}

impl Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Violation {}

/// Any JSON value but `null`.
///
/// # Errors
///
/// For `null`.
pub fn not_null(value: &Value) -> Result<(), Violation> {
    if value.is_null() {
        Err(Violation::new("null is not allowed here, leave the member out"))
    } else {
        Ok(())
    }
}

/// `minimum`.
///
/// # Errors
///
/// For smaller values, and for what cannot be compared.
pub fn at_least<T: PartialOrd + Display>(value: &T, minimum: T) -> Result<(), Violation> {
    if *value >= minimum { Ok(()) } else { Err(bound(value, "at least", minimum)) }
}

/// `maximum`.
///
/// # Errors
///
/// For larger values, and for what cannot be compared.
pub fn at_most<T: PartialOrd + Display>(value: &T, maximum: T) -> Result<(), Violation> {
    if *value <= maximum { Ok(()) } else { Err(bound(value, "at most", maximum)) }
}

/// `exclusiveMinimum`.
///
/// # Errors
///
/// For smaller and equal values, and for what cannot be compared.
pub fn above<T: PartialOrd + Display>(value: &T, minimum: T) -> Result<(), Violation> {
    if *value > minimum { Ok(()) } else { Err(bound(value, "more than", minimum)) }
}

/// `exclusiveMaximum`.
///
/// # Errors
///
/// For larger and equal values, and for what cannot be compared.
pub fn below<T: PartialOrd + Display>(value: &T, maximum: T) -> Result<(), Violation> {
    if *value < maximum { Ok(()) } else { Err(bound(value, "less than", maximum)) }
}

/// `minItems` and `maxItems`.
///
/// # Errors
///
/// For lists of another length.
pub fn items<T>(list: &[T], minimum: usize, maximum: usize) -> Result<(), Violation> {
    count(list.len(), minimum, maximum, "items")
}

/// `minProperties` and `maxProperties`, of an object whose keys are data.
///
/// # Errors
///
/// For objects with another number of members.
pub fn members<M>(map: M, minimum: usize, maximum: usize) -> Result<(), Violation>
where
    M: IntoIterator<IntoIter: ExactSizeIterator>,
{
    count(map.into_iter().len(), minimum, maximum, "members")
}

/// `propertyNames`: a rule for each name of a member.
///
/// # Errors
///
/// The first name's that breaks it.
pub fn each_name<'m, V, M>(map: M, rule: impl Fn(&str) -> Result<(), Violation>) -> Result<(), Violation>
where
    V: 'm,
    M: IntoIterator<Item = (&'m String, &'m V)>,
{
    map.into_iter().try_for_each(|(name, _)| rule(name).map_err(|violation| violation.within(name)))
}

/// `multipleOf`, of integers.
///
/// # Errors
///
/// For what leaves a remainder.
pub fn multiple_of<T>(value: &T, divisor: T) -> Result<(), Violation>
where
    T: Copy + Display + PartialEq + Rem<Output: PartialEq + Default>,
{
    if *value % divisor == Default::default() {
        return Ok(());
    }
    Err(Violation::new(format_args!("{value} is not a multiple of {divisor}")))
}

/// `uniqueItems`: no two elements are the same JSON value.
///
/// # Errors
///
/// For lists that repeat an element, with the index of the repetition.
pub fn unique<T: Serialize>(list: &[T]) -> Result<(), Violation> {
    let mut seen = HashSet::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let value = serde_json::to_value(item).map_err(Violation::new)?;
        let mut text = String::new();
        canonical(&value, &mut text);
        if !seen.insert(text) {
            return Err(Violation::new("this item is there already").within(index));
        }
    }
    Ok(())
}

/// Writes a value so that equal values give equal texts: members in order, `1.0` as `1`.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in sorted {
                out.push_str(&format!("{key:?}:"));
                canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Number(number) => match number.as_f64() {
            // A float that is an integer of any size is written without a point.
            Some(float) if number.is_f64() && float.fract() == 0.0 => {
                out.push_str(&format!("{:.0}", float + 0.0))
            }
            _ => out.push_str(&number.to_string()),
        },
        other => out.push_str(&other.to_string()),
    }
}

/// An object that demands certain combinations of its optional members.
pub trait Combination {
    /// Whether they are there.
    ///
    /// # Errors
    ///
    /// When they are not.
    fn check(&self) -> Result<(), Violation>;
}

/// `oneOf` with lists of required members: the members of one list are there, and those of no other.
///
/// # Errors
///
/// When they are not.
pub fn exactly_one(sets: &[(&str, bool)]) -> Result<(), Violation> {
    let mut there = sets.iter().filter(|(_, there)| *there);
    match (there.next(), there.next()) {
        (Some(_), None) => Ok(()),
        (Some((first, _)), Some((second, _))) => {
            Err(Violation::new(format_args!("{first} excludes {second}")))
        }
        (None, _) => Err(missing("exactly", sets)),
    }
}

/// `anyOf` with lists of required members: the members of at least one list are there.
///
/// # Errors
///
/// When they are not.
pub fn at_least_one(sets: &[(&str, bool)]) -> Result<(), Violation> {
    if sets.iter().any(|(_, there)| *there) { Ok(()) } else { Err(missing("at least", sets)) }
}

#[cold]
fn missing(relation: &str, sets: &[(&str, bool)]) -> Violation {
    let sets: Vec<_> = sets.iter().map(|(names, _)| *names).collect();
    Violation::new(format_args!("{relation} one of {} is required", sets.join(", ")))
}

/// `minLength` and `maxLength`, in Unicode code points.
///
/// # Errors
///
/// For strings of another length.
pub fn length(text: &str, minimum: usize, maximum: usize) -> Result<(), Violation> {
    count(text.chars().count(), minimum, maximum, "characters")
}

/// `pattern`.
///
/// # Errors
///
/// For strings that do not match.
pub fn matches(text: &str, pattern: &Pattern) -> Result<(), Violation> {
    if pattern.is_match(text) {
        return Ok(());
    }
    Err(Violation::new(format_args!("`{text}` does not match the pattern `{}`", pattern.source())))
}

/// A rule for each element of a list.
///
/// # Errors
///
/// The first element's that breaks it, with its index.
pub fn each<T>(list: &[T], rule: impl Fn(&T) -> Result<(), Violation>) -> Result<(), Violation> {
    list.iter()
        .enumerate()
        .try_for_each(|(index, item)| rule(item).map_err(|violation| violation.within(index)))
}

/// A rule for each value of a map.
///
/// # Errors
///
/// The first value's that breaks it, with its key.
pub fn each_value<'m, K, V, M>(map: M, rule: impl Fn(&V) -> Result<(), Violation>) -> Result<(), Violation>
where
    K: Display + 'm,
    V: 'm,
    M: IntoIterator<Item = (&'m K, &'m V)>,
{
    map.into_iter().try_for_each(|(key, value)| rule(value).map_err(|violation| violation.within(key)))
}

/// Checks a member before it is encoded.
///
/// # Errors
///
/// The rule's, with the member's name in front of the place.
pub fn member<T>(
    name: &str,
    value: &T,
    rule: impl FnOnce(&T) -> Result<(), Violation>,
) -> Result<(), Violation> {
    rule(value).map_err(|violation| violation.within(name))
}

/// As [`member`]; a violation becomes the serializer's error.
///
/// # Errors
///
/// The rule's.
pub fn encodable<T, E: ser::Error>(
    member: &str,
    value: &T,
    rule: impl FnOnce(&T) -> Result<(), Violation>,
) -> Result<(), E> {
    self::member(member, value, rule).map_err(E::custom)
}

#[cold]
fn bound(value: impl Display, relation: &str, limit: impl Display) -> Violation {
    Violation::new(format_args!("{value} is out of bounds, expected {relation} {limit}"))
}

fn count(found: usize, minimum: usize, maximum: usize, what: &str) -> Result<(), Violation> {
    if found < minimum {
        return Err(Violation::new(format_args!("{found} {what}, expected at least {minimum}")));
    }
    if found > maximum {
        return Err(Violation::new(format_args!("{found} {what}, expected at most {maximum}")));
    }
    Ok(())
}

/// Calls a rule; gives the closure's parameter its type.
///
/// # Errors
///
/// The rule's.
pub fn run<T>(value: &T, rule: impl FnOnce(&T) -> Result<(), Violation>) -> Result<(), Violation> {
    rule(value)
}

/// `minimum` and `maximum`.
///
/// # Errors
///
/// For values outside.
pub fn within<T: PartialOrd + Display>(value: &T, minimum: T, maximum: T) -> Result<(), Violation> {
    at_least(value, minimum)?;
    at_most(value, maximum)
}
