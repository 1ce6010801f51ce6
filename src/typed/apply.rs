//! Documents changed by JSON Patch (RFC 6902), within bounds: a patch may come from anybody, and what is copied or moved
//! costs its sender next to nothing.

use agui_types::{JsonPatch, JsonPatchOperation, JsonPointer};
use json_patch::PatchOperation;
use json_patch::jsonptr::PointerBuf;
use serde_json::Value;
use std::fmt;

/// How deep values may lie within each other, so that JSON with the document in it can be read: serde_json stops at 128.
const MAX_DEPTH: usize = 120;

/// What a document may weigh in memory, in bytes, with what a patch copies in it; also what a patch may move deeper.
const MAX_WEIGHT: usize = 64 << 20;

/// Why a patch was not applied.
#[derive(Debug)]
pub(crate) enum Inapplicable {
    /// It does not fit the document (STATE-9).
    Unfit(String),
    /// It copies, or moves deeper, more than a document may have.
    TooLarge { path: PointerBuf },
    /// Values would lie deeper than anybody could read them.
    TooDeep { path: PointerBuf },
}

impl fmt::Display for Inapplicable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit(text) => f.write_str(text),
            Self::TooLarge { path } => {
                write!(f, "what it brings to `{path}` makes more than {MAX_WEIGHT} bytes")
            }
            Self::TooDeep { path } => {
                write!(f, "what it brings to `{path}` lies deeper than {MAX_DEPTH} values")
            }
        }
    }
}

/// Applies a patch as a whole or not at all (STATE-4).
pub(crate) fn apply(document: &mut Value, patch: &JsonPatch) -> Result<(), Inapplicable> {
    let operations =
        patch.iter().map(operation).collect::<Result<Vec<_>, _>>().map_err(Inapplicable::Unfit)?;
    for operation in &operations {
        if let PatchOperation::Add(json_patch::AddOperation { path, value })
        | PatchOperation::Replace(json_patch::ReplaceOperation { path, value }) = operation
        {
            lies(path, measure(value).depth)?;
        }
    }
    // What is moved and does not fit would be lost: json_patch puts it back only if something else fails later.
    if operations
        .iter()
        .any(|operation| matches!(operation, PatchOperation::Copy(_) | PatchOperation::Move(_)))
    {
        return apply_measured(document, &operations);
    }
    json_patch::patch(document, &operations).map_err(|error| Inapplicable::Unfit(error.to_string()))
}

/// One operation after the other, so that what each brings can be measured before.
fn apply_measured(document: &mut Value, operations: &[PatchOperation]) -> Result<(), Inapplicable> {
    let mut patched = document.clone();
    let mut copied = measure(&patched).weight;
    let mut moved = 0;
    for (index, operation) in operations.iter().enumerate() {
        if let Some((from, path)) = brought(operation)
            && let Some(value) = patched.pointer(from.as_str())
        {
            let Measure { weight, depth } = measure(value);
            lies(path, depth)?;
            let sum = if let PatchOperation::Copy(_) = operation { &mut copied } else { &mut moved };
            *sum += weight;
            if *sum > MAX_WEIGHT {
                return Err(Inapplicable::TooLarge { path: path.clone() });
            }
        }
        json_patch::patch_unsafe(&mut patched, std::slice::from_ref(operation)).map_err(|mut error| {
            error.operation = index;
            Inapplicable::Unfit(error.to_string())
        })?;
    }
    *document = patched;
    Ok(())
}

/// From where to where an operation brings what it was not sent: all copies, and moves that go deeper.
fn brought(operation: &PatchOperation) -> Option<(&PointerBuf, &PointerBuf)> {
    match operation {
        PatchOperation::Copy(copy) => Some((&copy.from, &copy.path)),
        PatchOperation::Move(moved) if depth(&moved.path) > depth(&moved.from) => {
            Some((&moved.from, &moved.path))
        }
        _ => None,
    }
}

fn lies(path: &PointerBuf, value: usize) -> Result<(), Inapplicable> {
    if depth(path) + value > MAX_DEPTH { Err(Inapplicable::TooDeep { path: path.clone() }) } else { Ok(()) }
}

/// In how many values the one at a place lies.
fn depth(place: &PointerBuf) -> usize {
    place.as_str().bytes().filter(|byte| *byte == b'/').count()
}

#[derive(Clone, Copy)]
struct Measure {
    /// In memory, about.
    weight: usize,
    /// How many values lie within each other.
    depth: usize,
}

fn measure(value: &Value) -> Measure {
    let within = |values: &mut dyn Iterator<Item = (usize, &Value)>| {
        values.fold(Measure { weight: 0, depth: 0 }, |sum, (key, value)| {
            let Measure { weight, depth } = measure(value);
            Measure { weight: sum.weight + key + weight, depth: sum.depth.max(depth) }
        })
    };
    let Measure { weight, depth } = match value {
        Value::Array(values) => within(&mut values.iter().map(|value| (0, value))),
        Value::Object(members) => {
            within(&mut members.iter().map(|(key, value)| (size_of::<String>() + key.len(), value)))
        }
        Value::String(text) => Measure { weight: text.len(), depth: 0 },
        _ => Measure { weight: 0, depth: 0 },
    };
    Measure { weight: weight + size_of::<Value>(), depth: depth + 1 }
}

/// An operation as that of the crate that carries it out.
fn operation(operation: &JsonPatchOperation) -> Result<PatchOperation, String> {
    let pointer = |pointer: &JsonPointer| {
        PointerBuf::parse(pointer.as_str()).map_err(|error| format!("`{pointer}` is no pointer: {error}"))
    };
    let path = pointer(operation.path())?;
    Ok(match operation {
        JsonPatchOperation::Add(add) => {
            PatchOperation::Add(json_patch::AddOperation { path, value: add.value.clone() })
        }
        JsonPatchOperation::Remove(_) => PatchOperation::Remove(json_patch::RemoveOperation { path }),
        JsonPatchOperation::Replace(replace) => {
            PatchOperation::Replace(json_patch::ReplaceOperation { path, value: replace.value.clone() })
        }
        JsonPatchOperation::Move(from) => {
            PatchOperation::Move(json_patch::MoveOperation { from: pointer(&from.from)?, path })
        }
        JsonPatchOperation::Copy(from) => {
            PatchOperation::Copy(json_patch::CopyOperation { from: pointer(&from.from)?, path })
        }
        JsonPatchOperation::Test(test) => {
            PatchOperation::Test(json_patch::TestOperation { path, value: test.value.clone() })
        }
        other => return Err(format!("`{}` is no operation that is known here", other.tag())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn patch(operations: Value) -> JsonPatch {
        serde_json::from_value(operations).unwrap()
    }

    /// What a few bytes would make of it, again and again.
    #[test]
    fn copies_do_not_grow_without_bounds() {
        let double = patch(
            json!([{ "op": "copy", "from": "/list", "path": "/list/-" }, { "op": "copy", "from": "/text", "path": "/list/-" }]),
        );
        let mut document = json!({ "text": "x".repeat(1 << 20), "list": [] });
        let mut applied = 0;
        let error = loop {
            let before = measure(&document).weight;
            match apply(&mut document, &double) {
                Ok(()) => applied += 1,
                Err(error) => {
                    assert_eq!(measure(&document).weight, before, "STATE-4");
                    break error;
                }
            }
            assert!(measure(&document).weight <= MAX_WEIGHT);
        };
        assert_eq!(applied, 5);
        assert!(matches!(&error, Inapplicable::TooLarge { path } if path.as_str() == "/list/-"), "{error}");
        assert!(error.to_string().contains("`/list/-`"), "{error}");

        // In one patch as well.
        let doubles =
            patch(Value::Array(vec![json!({ "op": "copy", "from": "/list", "path": "/list/-" }); 60]));
        let mut document = json!({ "list": [1] });
        let error = apply(&mut document, &doubles).unwrap_err();
        assert!(matches!(error, Inapplicable::TooDeep { .. } | Inapplicable::TooLarge { .. }), "{error}");
        assert_eq!(document, json!({ "list": [1] }));
    }

    /// What lies too deep cannot even be dropped.
    #[test]
    fn values_lie_no_deeper_than_json_is_read() {
        let deeper = [
            json!([{ "op": "copy", "from": "", "path": "/a" }]),
            json!([{ "op": "add", "path": "/b", "value": {} }, { "op": "move", "from": "/a", "path": "/b/a" }, { "op": "move", "from": "/b", "path": "/a" }]),
        ];
        for operations in deeper {
            let (deeper, mut document) = (patch(operations), json!({ "a": {} }));
            let error = (0..100_000).find_map(|_| apply(&mut document, &deeper).err());
            assert!(matches!(error, Some(Inapplicable::TooDeep { .. })), "{error:?}");
            let text = document.to_string();
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
        }
        let mut document = json!({});
        let errors = (0..200).filter_map(|depth| {
            let add = json!([{ "op": "add", "path": "/a".repeat(depth + 1), "value": {} }]);
            apply(&mut document, &patch(add)).err()
        });
        assert_eq!(errors.count(), 200 - MAX_DEPTH + 1);
    }

    /// What applications do with them is not affected.
    #[test]
    fn copies_and_moves_of_reasonable_size_are_applied() {
        let mut document = json!({ "items": (0..300).collect::<Vec<_>>(), "group": { "items": [] } });
        let group =
            Value::Array(vec![json!({ "op": "move", "from": "/items/0", "path": "/group/items/-" }); 300]);
        apply(&mut document, &patch(group)).unwrap();
        let copy = json!([{ "op": "copy", "from": "/group/items", "path": "/items" }, { "op": "test", "path": "/items/299", "value": 299 }]);
        apply(&mut document, &patch(copy)).unwrap();
        assert_eq!(document["items"], document["group"]["items"]);

        // Which one it was is told as ever.
        let error = apply(
            &mut document,
            &patch(
                json!([{ "op": "copy", "from": "/items", "path": "/more" }, { "op": "remove", "path": "/none" }]),
            ),
        );
        assert!(error.unwrap_err().to_string().contains("operation '/1'"));
        assert!(document.get("more").is_none());
    }
}
