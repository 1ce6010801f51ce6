//! What changed between two documents, as JSON Patch (RFC 6902).
//!
//! Objects are compared by member. Of arrays what is equal at both ends is left alone, so that an element
//! that comes or goes anywhere in a list is one operation; what differs between is compared element by
//! element. The `json-patch` crate compares arrays by index alone, which rewrites a whole list for an element
//! at its front.

use agui_types::{AddOperation, JsonPatch, JsonPointer, RemoveOperation, ReplaceOperation};
use serde::Serialize;
use serde::ser::Error as _;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The patch that makes `after` of `before`; empty if they are equal.
pub(crate) fn difference(before: &Value, after: &impl Serialize) -> Result<JsonPatch, serde_json::Error> {
    let mut patch = Patch::default();
    patch.compare(&Place::Whole, before, after)?;
    Ok(patch.operations)
}

/// As [`difference`], of two objects, which therefore remain objects.
pub(super) fn object_difference(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Result<JsonPatch, serde_json::Error> {
    let mut patch = Patch::default();
    patch.object(&Place::Whole, before, after)?;
    Ok(patch.operations)
}

/// A key as a reference token of a JSON Pointer.
pub(super) fn escaped(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) {
        return key.replace('~', "~0").replace('/', "~1").into();
    }
    key.into()
}

/// Where a value is in a document. It becomes a JSON Pointer only for what has changed.
pub(super) enum Place<'a> {
    Whole,
    Member(&'a Place<'a>, &'a str),
    Element(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn pointer(&self) -> Result<JsonPointer, serde_json::Error> {
        let mut pointer = String::new();
        self.write(&mut pointer);
        JsonPointer::try_from(pointer).map_err(serde_json::Error::custom)
    }

    fn write(&self, pointer: &mut String) {
        let (within, token) = match self {
            Self::Whole => return,
            Self::Member(within, key) => (within, escaped(key)),
            Self::Element(within, index) => (within, index.to_string().into()),
        };
        within.write(pointer);
        pointer.push('/');
        pointer.push_str(&token);
    }
}

#[derive(Default)]
pub(super) struct Patch {
    pub(super) operations: JsonPatch,
}

type Result<T = (), E = serde_json::Error> = std::result::Result<T, E>;

impl Patch {
    pub(super) fn value(&mut self, place: &Place<'_>, before: &Value, after: &Value) -> Result {
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => self.object(place, before, after),
            (Value::Array(before), Value::Array(after)) => self.array(place, before, after),
            _ if before == after => Ok(()),
            _ => {
                self.operations.push(ReplaceOperation::new(place.pointer()?, after.clone()).into());
                Ok(())
            }
        }
    }

    fn object(
        &mut self,
        place: &Place<'_>,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) -> Result {
        for (key, old) in before {
            let place = Place::Member(place, key);
            match after.get(key) {
                Some(new) => self.value(&place, old, new)?,
                None => self.remove(&place)?,
            }
        }
        for (key, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            self.add(&Place::Member(place, key), new.clone())?;
        }
        Ok(())
    }

    fn array(&mut self, place: &Place<'_>, before: &[Value], after: &[Value]) -> Result {
        let start = before.iter().zip(after).take_while(|(old, new)| old == new).count();
        let (before, after) =
            (before.get(start..).unwrap_or_default(), after.get(start..).unwrap_or_default());
        let end = before.iter().rev().zip(after.iter().rev()).take_while(|(old, new)| old == new).count();
        let before = before.get(..before.len() - end).unwrap_or_default();
        let after = after.get(..after.len() - end).unwrap_or_default();

        for (index, (old, new)) in before.iter().zip(after).enumerate() {
            self.value(&Place::Element(place, start + index), old, new)?;
        }
        // What follows moves up, so that each is found at the same place.
        let both = before.len().min(after.len());
        for _ in both..before.len() {
            self.remove(&Place::Element(place, start + both))?;
        }
        for (index, new) in after.iter().enumerate().skip(both) {
            self.add(&Place::Element(place, start + index), new.clone())?;
        }
        Ok(())
    }

    pub(super) fn add(&mut self, place: &Place<'_>, value: Value) -> Result {
        self.operations.push(AddOperation::new(place.pointer()?, value).into());
        Ok(())
    }

    fn remove(&mut self, place: &Place<'_>) -> Result {
        self.operations.push(RemoveOperation::new(place.pointer()?).into());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::apply_patch as apply;
    use serde_json::json;

    #[track_caller]
    fn patch(before: &Value, after: &Value) -> Value {
        let patch = serde_json::to_value(difference(before, after).unwrap()).unwrap();
        // Comparing documents leads to the same document, with as much to say.
        let mut documents = Patch::default();
        documents.value(&Place::Whole, before, after).unwrap();
        assert_eq!(documents.operations.len(), patch.as_array().unwrap().len(), "{before} {after}");
        let mut applied = before.clone();
        let operations: json_patch::Patch = serde_json::from_value(patch.clone()).unwrap();
        json_patch::patch(&mut applied, &operations).unwrap();
        assert_eq!(applied, *after, "{before} by {patch}");
        patch
    }

    #[test]
    fn only_what_changed_is_in_the_patch() {
        // Sorted, since it depends on serde_json's features whether the order is kept.
        let before = json!({ "deep": { "a/b": { "m~n": 1 } }, "gone": null, "number": 1, "same": [1, 2] });
        let after = json!({ "deep": { "a/b": { "m~n": [] } }, "new": {}, "number": 2, "same": [1, 2] });
        assert_eq!(patch(&before, &before), json!([]));
        assert_eq!(
            patch(&before, &after),
            json!([
                { "op": "replace", "path": "/deep/a~1b/m~0n", "value": [] },
                { "op": "remove", "path": "/gone" },
                { "op": "replace", "path": "/number", "value": 2 },
                { "op": "add", "path": "/new", "value": {} },
            ])
        );
        assert_eq!(patch(&json!([]), &json!({})), json!([{ "op": "replace", "path": "", "value": {} }]));
    }

    #[test]
    fn values_of_any_type_are_compared() {
        #[derive(serde::Serialize)]
        struct Whole {
            character: char,
            choice: Vec<Choice>,
            floats: (f32, f64),
            keyed: std::collections::BTreeMap<u8, Option<i8>>,
            nested: Box<Option<Whole>>,
            #[serde(flatten)]
            rest: std::collections::BTreeMap<String, u64>,
            unit: (),
            wide: u64,
        }
        #[derive(serde::Serialize)]
        enum Choice {
            Unit,
            New(u8),
            Tuple(u8, String),
            Struct { member: bool },
        }
        let whole = |n: u8, nested| Whole {
            character: char::from(b'a' + n),
            choice: vec![
                Choice::Unit,
                Choice::New(n),
                Choice::Tuple(n, "t".into()),
                Choice::Struct { member: n > 1 },
            ],
            floats: (f32::from(n) / 3.0, f64::NAN),
            keyed: (0..n).map(|key| (key, Some(-1).filter(|_| key > 0))).collect(),
            nested: Box::new(nested),
            rest: (0..n).map(|key| (format!("k{key}/"), u64::MAX)).collect(),
            unit: (),
            wide: u64::MAX - u64::from(n),
        };
        let values = [
            whole(0, None),
            whole(1, Some(whole(2, None))),
            whole(2, Some(whole(2, None))),
            whole(3, Some(whole(1, Some(whole(4, None))))),
        ];
        for before in &values {
            let before = serde_json::to_value(before).unwrap();
            assert!(difference(&before, &before).unwrap().is_empty());
            for after in &values {
                let mut patched = before.clone();
                apply(&mut patched, &difference(&before, after).unwrap()).unwrap();
                assert_eq!(patched, serde_json::to_value(after).unwrap());
            }
        }
    }

    #[test]
    fn an_element_that_comes_or_goes_is_one_operation() {
        let (short, long) = (json!(["b", "d"]), json!(["b", "c", "d"]));
        assert_eq!(patch(&short, &long), json!([{ "op": "add", "path": "/1", "value": "c" }]));
        assert_eq!(patch(&long, &short), json!([{ "op": "remove", "path": "/1" }]));
        assert_eq!(patch(&json!([1]), &json!([0, 1])), json!([{ "op": "add", "path": "/0", "value": 0 }]));
        assert_eq!(patch(&json!([1, 1, 1]), &json!([1])).as_array().unwrap().len(), 2);
    }

    #[test]
    fn patches_make_one_document_of_any_other() {
        let documents = [
            json!(null),
            json!({}),
            json!([]),
            json!({ "": 1, "a": { "": [], "b": [1, [2, 3], {}] } }),
            json!({ "a": { "": [0], "b": [[2], { "x": 1 }, 4, 4] }, "~1": "/" }),
            json!([1, 2, 3, 4, 5]),
            json!([2, 9, 4, 5, 6, 7]),
            json!([5, 4, 3, 2, 1, 0, -1]),
            json!([[[]], [[1]], {}]),
        ];
        for before in &documents {
            for after in &documents {
                patch(before, after);
            }
        }
    }

    #[test]
    fn patches_make_one_arbitrary_document_of_another() {
        let mut seed = 1;
        for _ in 0..5_000 {
            let before = arbitrary(&mut seed, 4);
            // Half of the time something much like it, which is what patches are for.
            let after =
                if pick(&mut seed, 2) == 0 { changed(&before, &mut seed) } else { arbitrary(&mut seed, 4) };
            patch(&before, &after);
        }
    }

    fn arbitrary(seed: &mut u64, depth: u64) -> Value {
        match pick(seed, if depth == 0 { 3 } else { 6 }) {
            0 => Value::Null,
            1 | 2 => pick(seed, 3).into(),
            3 => (0..pick(seed, 5)).map(|_| arbitrary(seed, depth - 1)).collect(),
            _ => (0..pick(seed, 4)).map(|_| (key(seed), arbitrary(seed, depth - 1))).collect(),
        }
    }

    fn changed(value: &Value, seed: &mut u64) -> Value {
        if pick(seed, 6) == 0 {
            return arbitrary(seed, 2);
        }
        match value {
            Value::Array(values) => {
                let mut values: Vec<_> = values.iter().map(|value| changed(value, seed)).collect();
                let place = pick(seed, values.len() as u64 + 1) as usize;
                match pick(seed, 3) {
                    0 => values.insert(place, arbitrary(seed, 1)),
                    1 if place < values.len() => drop(values.remove(place)),
                    _ => {}
                }
                values.into()
            }
            Value::Object(members) => {
                let mut members: Map<_, _> =
                    members.iter().map(|(key, value)| (key.clone(), changed(value, seed))).collect();
                let key = key(seed);
                if members.remove(&key).is_none() {
                    members.insert(key, Value::Null);
                }
                members.into()
            }
            other => other.clone(),
        }
    }

    fn key(seed: &mut u64) -> String {
        ["", "a", "b", "~", "/", "~1", "0", "ü"][pick(seed, 8) as usize].to_owned()
    }

    /// A number below another, by xorshift.
    fn pick(seed: &mut u64, below: u64) -> u64 {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        (*seed >> 16) % below
    }
}
