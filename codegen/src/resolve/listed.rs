//! Schemas that list their values: enumerations and constants.

use super::Resolver;
use crate::model::Value;
use crate::node::{JsonType, Node, join};
use crate::rules;

impl Resolver<'_> {
    /// The values of a schema that admits certain strings only.
    pub(super) fn enumeration(&mut self, node: &Node, alternatives: &[&Node]) -> Option<Vec<Value>> {
        let string = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let values: Option<Vec<Value>> = if let Some(values) = &node.values {
            let texts: Option<Vec<_>> = values.iter().filter(|value| !value.is_null()).map(string).collect();
            if texts.is_none() {
                self.problem(
                    join(&node.pointer, "enum"),
                    (
                        "an `enum` is supported for strings and `null` only",
                        "list strings, or say the `type` and leave the `enum` out",
                    ),
                );
            }
            // Listed or not, it is no problem of another kind as well.
            let texts = texts.unwrap_or_else(|| vec![String::new()]);
            Some(texts.into_iter().map(|text| Value { text, description: None }).collect())
        } else if let Some(constant) = &node.constant {
            string(constant).map(|text| vec![Value { text, description: node.description.clone() }])
        } else if alternatives.len() > 1 {
            let listed = alternatives.iter().map(|node| {
                // A description of several values is none of each.
                let description = node.description.as_ref().filter(|_| node.constant.is_some());
                let value = |value| Some(Value { text: string(value)?, description: description.cloned() });
                node.listed()?.iter().map(value).collect::<Option<Vec<_>>>()
            });
            listed.collect::<Option<Vec<_>>>().map(|lists| lists.concat())
        } else {
            None
        };
        let values = values?;
        if values.is_empty() {
            self.problem(&node.pointer, ("an enumeration without values", "list at least one string"));
        }
        self.check_listed(node);
        if node.listed().is_none() {
            alternatives.iter().for_each(|alternative| self.check_listed(alternative));
        }
        Some(values)
    }

    /// Whether listed values stand alone, and agree with the type where one is given.
    pub(super) fn check_listed(&mut self, node: &Node) {
        let keyword = match (&node.values, &node.constant) {
            (Some(_), _) => "enum",
            (None, Some(_)) => "const",
            (None, None) if node.one_of.is_empty() => return,
            (None, None) => {
                self.expect(node, "constants", &["type", "oneOf", "anyOf"]);
                if node.types.is_some() && node.types_of_values() != [JsonType::String] {
                    self.problem(
                        join(&node.pointer, "type"),
                        ("the constants are strings", "write `string`, or leave it out"),
                    );
                }
                return;
            }
        };
        let mut expected = vec!["type", keyword];
        // Bounds that every value keeps say nothing more.
        if node.listed().is_some_and(|values| values.iter().all(|value| rules::bounded(node, value))) {
            expected.extend(rules::keywords(JsonType::Number));
        }
        self.expect(node, &format!("`{keyword}`"), &expected);
        let Some(types) = &node.types else { return };
        let strangers =
            node.listed().into_iter().flatten().filter(|value| !types.iter().any(|ty| ty.has(value)));
        for value in strangers {
            self.problem(
                join(&node.pointer, keyword),
                (
                    format!("`{value}` is not of the `type` that is demanded"),
                    "correct the value or the `type`",
                ),
            );
        }
    }
}
