//! What references in a schema lead to.

use super::Checker;
use super::verdict::{Unfit, unusable};
use percent_encoding::percent_decode_str;
use serde_json::Value;

impl<'s> Checker<'s> {
    /// The schema that a reference names, by its place or by an anchor.
    pub(super) fn resolve(&self, reference: &Value) -> Result<&'s Value, Unfit> {
        let named = reference.as_str().and_then(|reference| {
            let id = self.root.get("$id").and_then(Value::as_str).unwrap_or_default();
            let fragment = reference.strip_prefix(id.trim_end_matches('#')).unwrap_or(reference);
            let fragment = if fragment.is_empty() { fragment } else { fragment.strip_prefix('#')? };
            let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
            if fragment.is_empty() || fragment.starts_with('/') {
                self.root.pointer(&fragment)
            } else {
                self.anchored(self.root, &fragment)
            }
        });
        match named {
            Some(schema) => Ok(schema),
            None => unusable(format!("there is nothing at {reference}")),
        }
    }

    fn anchored(&self, within: &'s Value, anchor: &str) -> Option<&'s Value> {
        self.spend(1).ok()?;
        let is = |keyword: &str| within.get(keyword).and_then(Value::as_str) == Some(anchor);
        if is("$anchor") || is("$dynamicAnchor") {
            return Some(within);
        }
        match within {
            Value::Object(members) => members.values().find_map(|member| self.anchored(member, anchor)),
            Value::Array(elements) => elements.iter().find_map(|element| self.anchored(element, anchor)),
            _ => None,
        }
    }
}
