//! Smaller inputs that fail as well.

use serde_json::{Map, Value};

/// What is left of an input when nothing more can be taken away without making it pass.
pub(crate) fn minimise(mut bytes: Vec<u8>, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    loop {
        let before = bytes.len();
        if let Ok(document) = serde_json::from_slice::<Value>(&bytes) {
            // As JSON first: few bytes can go without breaking what is around them.
            let smaller = smaller_document(document, &|document| fails(document.to_string().as_bytes()));
            let text = smaller.to_string().into_bytes();
            if text.len() < bytes.len() && fails(&text) {
                bytes = text;
            }
        }
        bytes = smaller_bytes(bytes, &fails);
        if bytes.len() >= before {
            return bytes;
        }
    }
}

fn smaller_document(mut document: Value, fails: &dyn Fn(&Value) -> bool) -> Value {
    while let Some(smaller) = simpler(&document).into_iter().find(|candidate| fails(candidate)) {
        document = smaller;
    }
    document
}

/// The values with one thing less, roughly those with the most missing first. Each is shorter, or a number
/// that becomes `0`, so this ends.
fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::Number(_) if *value == 0 => Vec::new(),
        Value::Number(_) => vec![0.into()],
        Value::String(text) => {
            let characters: Vec<char> = text.chars().collect();
            let half = characters.len() / 2;
            let mut candidates = Vec::new();
            if !characters.is_empty() {
                candidates.push(String::new());
                candidates.push(characters[..half].iter().collect());
                candidates.push(characters[half..].iter().collect());
                candidates.push(characters[1..].iter().collect());
            }
            candidates.retain(|candidate| candidate.len() < text.len());
            candidates.into_iter().map(Value::String).collect()
        }
        Value::Array(items) => {
            let without = (0..items.len()).map(|gone| {
                let mut fewer = items.clone();
                fewer.remove(gone);
                Value::Array(fewer)
            });
            let within = items.iter().enumerate().flat_map(|(index, item)| {
                simpler(item).into_iter().map(move |smaller| {
                    let mut items = items.clone();
                    items[index] = smaller;
                    Value::Array(items)
                })
            });
            items.iter().cloned().chain(without).chain(within).collect()
        }
        Value::Object(members) => {
            let without = members.keys().map(|gone| {
                let kept = members.iter().filter(|(name, _)| *name != gone);
                Value::Object(kept.map(|(name, member)| (name.clone(), member.clone())).collect())
            });
            let within = members.iter().flat_map(|(name, member)| {
                simpler(member).into_iter().map(move |smaller| {
                    let mut members: Map<String, Value> = members.clone();
                    members.insert(name.clone(), smaller);
                    Value::Object(members)
                })
            });
            members.values().cloned().chain(without).chain(within).collect()
        }
    }
}

/// Takes away ever shorter stretches.
fn smaller_bytes(mut bytes: Vec<u8>, fails: &dyn Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut length = bytes.len() / 2;
    while length > 0 {
        let mut start = 0;
        while start + length <= bytes.len() {
            let mut fewer = bytes.clone();
            fewer.drain(start..start + length);
            if fails(&fewer) {
                bytes = fewer;
            } else {
                start += length;
            }
        }
        length /= 2;
    }
    bytes
}

#[test]
fn nothing_superfluous_is_left() {
    let contains = |needle: &'static str| move |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(needle);
    let text = br#"{"a":[1,2,{"b":"needle in a haystack","c":null}],"d":1.5}"#;
    assert_eq!(minimise(text.to_vec(), contains("needle")), b"needle");
    let valid = |bytes: &[u8]| {
        serde_json::from_slice::<Value>(bytes).is_ok_and(|document| document.to_string().contains("needle"))
    };
    assert_eq!(minimise(text.to_vec(), valid), br#""needle""#);
}
