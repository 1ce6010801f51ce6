//! What a schema demands of a value beyond its JSON type.

use crate::error::Problem;
use crate::model::{Rule, Shape};
use crate::node::{JsonType, Node, join};
use serde_json::Number;

/// The keywords that go with a JSON type, beside `type` itself.
pub(crate) fn keywords(ty: JsonType) -> &'static [&'static str] {
    match ty {
        JsonType::Null | JsonType::Boolean => &[],
        JsonType::Integer | JsonType::Number => {
            &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
        }
        JsonType::String => &["minLength", "maxLength", "pattern"],
        JsonType::Array => &["items", "minItems", "maxItems", "uniqueItems"],
        JsonType::Object => &[
            "properties",
            "required",
            "additionalProperties",
            "unevaluatedProperties",
            "minProperties",
            "maxProperties",
            "propertyNames",
        ],
    }
}

/// The rules among a schema's keywords that concern the shape.
pub(crate) fn rules(node: &Node, shape: &Shape, problems: &mut Vec<Problem>) -> Vec<Rule> {
    match shape {
        Shape::Integer { unsigned } => integer(node, *unsigned, problems),
        Shape::Number => {
            check_range(node, problems);
            if node.multiple_of.is_some() {
                // 0.3 is three times 0.1 on paper, and not in floating point.
                let message = (
                    "`multipleOf` is supported for integers only",
                    "write `\"type\": \"integer\"`, or remove it and say it in the `description`",
                );
                problems.push(Problem::new(join(&node.pointer, "multipleOf"), message));
            }
            bounds(node).map(|(_, rule)| rule).collect()
        }
        Shape::String => string(node, problems),
        Shape::List(_) => {
            let counted = count(node, [node.min_items, node.max_items], "Items", problems);
            let counted = counted.map(|(minimum, maximum)| Rule::Items { minimum, maximum });
            counted.into_iter().chain(node.unique_items.then_some(Rule::Unique)).collect()
        }
        Shape::Map(_) => {
            let counted = count(node, [node.min_members, node.max_members], "Properties", problems);
            let counted = counted.map(|(minimum, maximum)| Rule::Members { minimum, maximum });
            let names = node.names.as_deref().map(|names| Rule::Names(self::names(names, problems)));
            counted.into_iter().chain(names).collect()
        }
        Shape::Any | Shape::Boolean | Shape::Constant(_) | Shape::Reference(_) => Vec::new(),
    }
}

/// Whether a number is within the bounds; other values are beside the point.
pub(crate) fn bounded(node: &Node, value: &serde_json::Value) -> bool {
    let Some(value) = value.as_f64() else { return !value.is_number() };
    let holds = |limit: &Option<Number>, keeps: fn(&f64, &f64) -> bool| {
        limit.as_ref().and_then(Number::as_f64).is_none_or(|limit| keeps(&value, &limit))
    };
    holds(&node.minimum, f64::ge)
        && holds(&node.maximum, f64::le)
        && holds(&node.above, f64::gt)
        && holds(&node.below, f64::lt)
        && node.multiple_of.is_none()
}

/// Whether no negative integer is valid.
pub(crate) fn is_unsigned(node: &Node) -> bool {
    node.minimum.as_ref().is_some_and(Number::is_u64) || node.above.as_ref().is_some_and(Number::is_u64)
}

fn bounds(node: &Node) -> impl Iterator<Item = (&'static str, Rule)> {
    let rule = |limit: &Option<Number>, keyword, rule: fn(Number) -> Rule| {
        limit.clone().map(|limit| (keyword, rule(limit)))
    };
    [
        rule(&node.minimum, "minimum", Rule::AtLeast),
        rule(&node.maximum, "maximum", Rule::AtMost),
        rule(&node.above, "exclusiveMinimum", Rule::Above),
        rule(&node.below, "exclusiveMaximum", Rule::Below),
    ]
    .into_iter()
    .flatten()
}

fn integer(node: &Node, unsigned: bool, problems: &mut Vec<Problem>) -> Vec<Rule> {
    check_range(node, problems);
    let mut rules = Vec::new();
    for (keyword, rule) in bounds(node) {
        let (Rule::AtLeast(limit) | Rule::AtMost(limit) | Rule::Above(limit) | Rule::Below(limit)) = &rule
        else {
            continue;
        };
        if limit.is_f64() {
            problems.push(Problem::new(
                join(&node.pointer, keyword),
                ("the bound of an integer is an integer", "round it, or make the `type` a `number`"),
            ));
            continue;
        }
        // The Rust type keeps to the bounds that it cannot even express.
        let kept =
            if unsigned { limit.is_u64() && rule != Rule::AtLeast(Number::from(0)) } else { limit.is_i64() };
        if kept {
            rules.push(rule);
        }
    }
    if let Some(divisor) = &node.multiple_of {
        if divisor.as_i64().is_none_or(|divisor| divisor <= 0) {
            let message = ("the divisor of an integer is a positive integer", "write one, such as 5");
            problems.push(Problem::new(join(&node.pointer, "multipleOf"), message));
        }
        rules.push(Rule::MultipleOf(divisor.clone()));
    }
    rules
}

/// The rules for names of members, which are strings.
fn names(node: &Node, problems: &mut Vec<Problem>) -> Vec<Rule> {
    for keyword in node.beside(&["type", "minLength", "maxLength", "pattern"]) {
        let message = format!("`{keyword}` is not supported for the names of members");
        let help = "bound their length or give a `pattern`, or remove it and say it in the `description`";
        problems.push(Problem::new(join(&node.pointer, keyword), (message, help)));
    }
    if node.types.as_deref().is_some_and(|types| !types.contains(&JsonType::String)) {
        problems.push(Problem::new(
            join(&node.pointer, "type"),
            ("the names of members are strings", "remove `type`, or write `string`"),
        ));
    }
    string(node, problems)
}

/// Whether a number can be within the bounds.
fn check_range(node: &Node, problems: &mut Vec<Problem>) {
    let number = |limit: &Option<Number>| limit.as_ref().and_then(Number::as_f64);
    let (minimum, maximum) = (number(&node.minimum), number(&node.maximum));
    let (above, below) = (number(&node.above), number(&node.below));
    let crossed = |low: Option<f64>, high: Option<f64>| low.zip(high).is_some_and(|(low, high)| low > high);
    let touching = |low: Option<f64>, high: Option<f64>| low.zip(high).is_some_and(|(low, high)| low >= high);
    if crossed(minimum, maximum)
        || touching(minimum, below)
        || touching(above, maximum)
        || touching(above, below)
    {
        problems.push(Problem::new(
            &node.pointer,
            ("no number is within these bounds", "lower the minimum or raise the maximum"),
        ));
    }
}

fn string(node: &Node, problems: &mut Vec<Problem>) -> Vec<Rule> {
    let mut rules = Vec::new();
    if let Some((minimum, maximum)) = count(node, [node.min_length, node.max_length], "Length", problems) {
        rules.push(Rule::Length { minimum, maximum });
    }
    if let Some(pattern) = &node.pattern {
        if let Err(message) = crate::pattern::compile(pattern) {
            let help =
                "write it another way, escaped or spelled out, without look-around and back-references";
            problems.push(Problem::new(join(&node.pointer, "pattern"), (message, help)));
        }
        rules.push(Rule::Pattern(pattern.clone()));
    }
    rules
}

fn count(
    node: &Node,
    [minimum, maximum]: [Option<usize>; 2],
    what: &str,
    problems: &mut Vec<Problem>,
) -> Option<(usize, usize)> {
    if minimum.is_none() && maximum.is_none() {
        return None;
    }
    let (minimum, maximum) = (minimum.unwrap_or(0), maximum.unwrap_or(usize::MAX));
    if minimum > maximum {
        let at = join(&node.pointer, &format!("min{what}"));
        problems.push(Problem::new(
            at,
            (format!("this is more than `max{what}` allows"), "lower it, or raise the maximum"),
        ));
    }
    Some((minimum, maximum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn found(schema: Value, shape: &Shape) -> (Vec<Rule>, Vec<String>) {
        let document = crate::node::read(&json!({ "$defs": { "A": schema } })).0;
        let mut problems = Vec::new();
        let rules = rules(&document.definitions["A"], shape, &mut problems);
        (rules, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn bounds_that_the_rust_type_keeps_are_no_rules() {
        let unsigned = Shape::Integer { unsigned: true };
        let signed = Shape::Integer { unsigned: false };
        assert_eq!(found(json!({ "minimum": 0, "exclusiveMinimum": -1 }), &unsigned).0, []);
        assert_eq!(found(json!({ "minimum": 1 }), &unsigned).0, [Rule::AtLeast(1.into())]);
        assert_eq!(found(json!({ "exclusiveMinimum": 0 }), &unsigned).0, [Rule::Above(0.into())]);
        assert_eq!(found(json!({ "maximum": u64::MAX }), &signed).0, []);
        assert_eq!(found(json!({ "minimum": -1 }), &signed).0, [Rule::AtLeast((-1).into())]);
    }

    #[test]
    fn rules_that_nothing_satisfies_are_problems() {
        for (schema, shape, complaint) in [
            (json!({ "minimum": 2, "maximum": 1 }), Shape::Number, "#/$defs/A: no number"),
            (json!({ "exclusiveMinimum": 2, "maximum": 2 }), Shape::Number, "#/$defs/A: no number"),
            (
                json!({ "minimum": 0, "maximum": -1 }),
                Shape::Integer { unsigned: true },
                "#/$defs/A: no number",
            ),
            (json!({ "minimum": 0.5 }), Shape::Integer { unsigned: false }, "#/$defs/A/minimum: the bound"),
            (json!({ "minLength": 2, "maxLength": 1 }), Shape::String, "#/$defs/A/minLength: this is more"),
            (json!({ "pattern": "(" }), Shape::String, "#/$defs/A/pattern: "),
        ] {
            let (_, problems) = found(schema, &shape);
            assert!(problems.len() == 1 && problems[0].starts_with(complaint), "{problems:?}");
        }
        assert_eq!(found(json!({ "minimum": 2, "maximum": 2 }), &Shape::Number).1, [""; 0]);
    }
}
