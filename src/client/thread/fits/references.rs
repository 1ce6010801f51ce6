//! What references in a schema lead to.

use super::Checker;
use super::verdict::{Unfit, unusable};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Keywords with schemas: one, a list, or some with names. What is in others, such as `examples`, is data.
const ONE_OR_LIST: &[&str] = &[
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
const NAMED: &[&str] = &["$defs", "dependentSchemas", "patternProperties", "properties"];

impl<'s> Checker<'s> {
    /// The schema that a reference names, by its place or by an anchor.
    pub(super) fn resolve(&self, reference: &Value) -> Result<&'s Value, Unfit> {
        let fragment = reference.as_str().and_then(|reference| {
            let id = self.root.get("$id").and_then(Value::as_str).unwrap_or_default();
            let fragment = reference.strip_prefix(id.trim_end_matches('#')).unwrap_or(reference);
            let fragment = if fragment.is_empty() { fragment } else { fragment.strip_prefix('#')? };
            percent_decode_str(fragment).decode_utf8().ok()
        });
        let named = match fragment {
            Some(place) if place.is_empty() || place.starts_with('/') => self.root.pointer(&place),
            Some(anchor) => self.anchored(self.root, &anchor)?,
            None => None,
        };
        named.map_or_else(|| unusable(format_args!("there is nothing at {reference}")), Ok)
    }

    fn anchored(&self, schema: &'s Value, anchor: &str) -> Result<Option<&'s Value>, Unfit> {
        self.spend(1)?;
        let Value::Object(members) = schema else { return Ok(None) };
        let is = |keyword: &str| members.get(keyword).and_then(Value::as_str) == Some(anchor);
        if is("$anchor") || is("$dynamicAnchor") {
            return Ok(Some(schema));
        }
        for (keyword, value) in members {
            self.spend(1)?;
            let found = match value {
                Value::Object(named) if NAMED.contains(&&**keyword) => self.first(named.values(), anchor)?,
                Value::Array(list) if ONE_OR_LIST.contains(&&**keyword) => self.first(list, anchor)?,
                one if ONE_OR_LIST.contains(&&**keyword) => self.anchored(one, anchor)?,
                _ => None,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn first(
        &self,
        schemas: impl IntoIterator<Item = &'s Value>,
        anchor: &str,
    ) -> Result<Option<&'s Value>, Unfit> {
        schemas
            .into_iter()
            .map(|schema| self.anchored(schema, anchor))
            .find_map(Result::transpose)
            .transpose()
    }
}
