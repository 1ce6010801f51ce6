//! Run inputs and messages of older peers, as those of today.

use super::{Conversion, Done};
use serde_json::{Map, Value};

/// The content part that media were sent in before each kind had its own.
pub(super) const BINARY: &str = "binary";

/// The parts that have a source, by the type that media types of theirs begin with; what fits none is a document.
const MEDIA: [&str; 3] = ["image", "audio", "video"];
const DOCUMENT: &str = "document";

/// Translates a run input of an older client in place: legacy nulls are removed (VER-35), `binary` parts become
/// parts of their kind (VER-32). Empty if there was nothing to do.
///
/// For bytes there is [`decode_input`](super::decode_input).
pub fn upgrade_input(input: &mut Value) -> Vec<Conversion> {
    let mut done = Done::default();
    upgrade_input_at("", input, &mut Nulls { rule: "VER-35", done: &mut done });
    done.0
}

/// Removes `null` where older peers write it for nothing.
pub(super) struct Nulls<'a> {
    pub(super) rule: &'static str,
    pub(super) done: &'a mut Done,
}

impl Nulls<'_> {
    pub(super) fn remove(&mut self, object: &mut Map<String, Value>, member: &str, at: &str) {
        if object.get(member).is_some_and(Value::is_null) {
            object.remove(member);
            self.done.push(Conversion::new(format!("{at}/{member}"), "`null` read as absent", self.rule));
        }
    }

    /// In each object of a list.
    fn remove_in_each(&mut self, object: &mut Map<String, Value>, list: &str, member: &str, at: &str) {
        let Some(Value::Array(items)) = object.get_mut(list) else { return };
        for (index, item) in items.iter_mut().enumerate() {
            if let Value::Object(item) = item {
                self.remove(item, member, &format!("{at}/{list}/{index}"));
            }
        }
    }
}

pub(super) fn upgrade_input_at(at: &str, input: &mut Value, nulls: &mut Nulls<'_>) {
    let Value::Object(input) = input else { return };
    nulls.remove(input, "forwardedProps", at);
    nulls.remove(input, "state", at);
    nulls.remove_in_each(input, "tools", "parameters", at);
    nulls.remove_in_each(input, "resume", "payload", at);
    if let Some(messages) = input.get_mut("messages") {
        upgrade_messages(&format!("{at}/messages"), messages, nulls);
    }
}

pub(super) fn upgrade_messages(at: &str, messages: &mut Value, nulls: &mut Nulls<'_>) {
    let Value::Array(messages) = messages else { return };
    for (index, message) in messages.iter_mut().enumerate() {
        let Some(Value::Array(parts)) = message.get_mut("content") else { continue };
        for (part_index, part) in parts.iter_mut().enumerate() {
            let Value::Object(part) = part else { continue };
            let Some(Value::String(kind)) = part.get("type") else { continue };
            if kind == BINARY {
                nulls.done.push(upgrade_binary(format!("{at}/{index}/content/{part_index}"), part));
            } else if kind == DOCUMENT || MEDIA.contains(&kind.as_str()) {
                nulls.remove(part, "metadata", &format!("{at}/{index}/content/{part_index}"));
            }
        }
    }
}

/// What it does not know of the part stays there, for whoever decodes it to report.
fn upgrade_binary(at: String, part: &mut Map<String, Value>) -> Conversion {
    let text = |part: &Map<String, Value>, member: &str| match part.get(member) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let source = ["data", "url"].into_iter().find_map(|kind| Some((kind, text(part, kind)?)));
    let (Some((kind, value)), Some(mime_type)) = (source, text(part, "mimeType")) else {
        // Left as it is, to be removed as unrecognised.
        let what = "a `binary` part without a media type, or with an id for all its data, cannot be read";
        return Conversion::new(at, what, "VER-32").losing("a part for it");
    };
    let media = MEDIA.into_iter().find(|media| {
        let prefix = mime_type.split('/').next().unwrap_or_default();
        prefix.eq_ignore_ascii_case(media)
    });
    let file_name = text(part, "filename");
    for member in ["data", "filename", "id", "mimeType", "url"] {
        part.remove(member);
    }
    let source = serde_json::json!({ "type": kind, "value": value, "mimeType": mime_type });
    part.insert("type".to_owned(), media.unwrap_or(DOCUMENT).into());
    part.insert("source".to_owned(), source);
    if part.get("metadata").is_some_and(Value::is_null) {
        part.remove("metadata");
    }
    if let Some(file_name) = file_name {
        let metadata = part.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(metadata) = metadata {
            metadata.entry("filename").or_insert(file_name.into());
        }
    }
    Conversion::new(at, "a `binary` part read as one of its kind of media", "VER-32")
}
