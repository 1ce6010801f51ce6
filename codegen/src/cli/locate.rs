//! From a JSON Pointer to the place in the text that a reader has to look at.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::ops::Range;

/// A JSON text in which every value knows its place.
pub(super) struct Document<'t> {
    text: &'t str,
    root: Value<'t>,
}

impl<'t> Document<'t> {
    /// `None` for what is not JSON, or nested more deeply than it can be read.
    pub(super) fn parse(text: &'t str) -> Option<Self> {
        let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
        Some(Self { text, root: parsed.ok()?.value? })
    }

    /// The bytes to underline for a pointer: a member with its key, or the key alone where the value
    /// takes several lines. What is not there is shown where it is missing.
    pub(super) fn find(&self, pointer: &str) -> Range<usize> {
        let mut value = &self.root;
        let mut key = None;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let next = match value {
                // Of equal keys the last one counts.
                Value::Object(object) => {
                    let member = object.properties.iter().rev().find(|member| member.name.as_str() == token);
                    member.map(|member| (&member.value, Some(member.name.range())))
                }
                Value::Array(array) => token
                    .parse()
                    .ok()
                    .and_then(|index: usize| array.elements.get(index))
                    .map(|element| (element, None)),
                _ => None,
            };
            let Some(next) = next else { break };
            (value, key) = next;
        }
        let value = value.range();
        let start = key.map_or(value.start, |key| key.start);
        let one_line = |end: usize| self.text.get(start..end).is_some_and(|text| !text.contains('\n'));
        if one_line(value.end) {
            start..value.end
        } else {
            // An opening bracket stands for its content.
            start..key.map_or(value.start + 1, |key| key.end)
        }
    }
}

/// The bytes of a line and column as `serde_json` counts them: both from 1, columns in bytes.
pub(super) fn position(text: &str, line: usize, column: usize) -> Range<usize> {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = before.saturating_add(column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let width = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    at..at + width
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<'t>(text: &'t str, pointer: &str) -> &'t str {
        &text[Document::parse(text).unwrap().find(pointer)]
    }

    #[test]
    fn a_pointer_leads_to_its_member() {
        let text = r#"{"a":{"b~/c":[1,{"é":true}]},"d":{
            "e":[
                2]}}"#;
        assert_eq!(shown(text, "/a/b~0~1c/0"), "1");
        assert_eq!(shown(text, "/a/b~0~1c/1/é"), r#""é":true"#);
        assert_eq!(shown(text, "/a"), r#""a":{"b~/c":[1,{"é":true}]}"#);
        assert_eq!(shown(text, ""), "{", "several lines");
        assert_eq!(shown(text, "/d/e"), r#""e""#, "several lines");
        assert_eq!(shown(text, "/d/e/0"), "2");
    }

    #[test]
    fn what_is_not_there_is_shown_where_it_is_missing() {
        assert_eq!(shown(r#"{"a":{"b":1}}"#, "/a/gone"), r#""a":{"b":1}"#);
        assert_eq!(shown(r#"{"a":[0]}"#, "/a/1"), r#""a":[0]"#);
        assert_eq!(shown("[0]", "/x"), "[0]");
    }

    #[test]
    fn of_equal_keys_the_last_one_counts() {
        assert_eq!(shown(r#"{"a":1,"a":2}"#, "/a"), r#""a":2"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(r#"{"a":1,"a":2}"#).unwrap()["a"], 2);
    }

    #[test]
    fn lines_and_columns_lead_to_characters() {
        for text in ["", "{", "{\n  \"é\": nul }\n", "{\"a\": \u{1f600}}", "[1,\n\n", "\u{feff}{}"] {
            let error = serde_json::from_str::<serde_json::Value>(text).unwrap_err();
            let at = position(text, error.line(), error.column());
            assert!(text.get(at).is_some(), "{text:?}");
        }
        assert_eq!(position("a\nbc", 2, 2), 3..4);
        assert_eq!(position("a\nbc", 9, 9), 4..4);
    }
}
