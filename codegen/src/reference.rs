//! A schema as a reference for people, in Markdown: an overview, then a section a definition, with
//! composed members listed wherever they apply.
//!
//! Descriptions are text in which backticks mark code; nothing else in them is taken for markup.

use crate::compose::target;
use crate::error::Error;
use crate::model::{
    Alternative, Definition, Enumeration, Kind, Model, Object, Property, Rest, Rule, Shape, Type, Union,
};
use crate::node;
use crate::schema::Schema;
use serde_json::Value;
use std::collections::BTreeMap;

/// Renders a schema as a Markdown reference. The same schema gives the same bytes, whatever the order
/// of its members.
///
/// # Errors
///
/// When the schema has problems, all of which are reported, each with its JSON Pointer.
pub fn reference(schema: &Schema) -> Result<String, Error> {
    let model = crate::model(schema)?;
    let mut blocks = head(schema);
    blocks.extend(overview(&model));
    blocks.push("## Definitions".to_owned());
    for (name, definition) in &model.definitions {
        blocks.extend(section(&model, name, definition));
    }
    Ok(blocks.join("\n\n") + "\n")
}

/// What the document says of itself.
fn head(schema: &Schema) -> Vec<String> {
    let text = |keyword| schema.document().get(keyword).and_then(Value::as_str);
    let mut blocks = vec![format!("# {}", prose(text("title").unwrap_or("Schema")))];
    blocks.push("<!-- Written by `agui-codegen docs`; change the schema instead. -->".to_owned());
    blocks.extend(text("description").map(paragraphs));
    let id = schema.id().map(|id| format!("- `$id`: {}", code(id)));
    let version = schema.version().map(|version| format!("- Version: {}", prose(version)));
    let facts: Vec<_> = id.into_iter().chain(version).collect();
    if !facts.is_empty() {
        blocks.push(facts.join("\n"));
    }
    let (document, _) = node::read(schema.document());
    if let Some((name, _)) =
        document.root.reference.as_deref().and_then(|reference| target(&document, reference))
    {
        blocks.push(format!("The schema as a whole describes {}.", link(name)));
    }
    blocks
}

/// All definitions by kind, unions first.
fn overview(model: &Model) -> Vec<String> {
    let mut blocks = vec!["## Overview".to_owned()];
    for title in ["Unions", "Objects", "Choices", "Enumerations", "Other types"] {
        let lines: Vec<_> = model
            .definitions
            .iter()
            .filter(|(_, definition)| group(&definition.kind) == title)
            .map(|(name, definition)| listed(name, definition))
            .collect();
        if !lines.is_empty() {
            blocks.extend([format!("### {title}"), lines.join("\n")]);
        }
    }
    blocks
}

fn group(kind: &Kind) -> &'static str {
    match kind {
        Kind::Union(_) => "Unions",
        Kind::Object(_) => "Objects",
        Kind::Choice(_) => "Choices",
        Kind::Enumeration(_) => "Enumerations",
        Kind::Other(_) => "Other types",
    }
}

/// An item of the overview; a union's has its members below.
fn listed(name: &str, definition: &Definition) -> String {
    let Kind::Union(union) = &definition.kind else {
        let brief = brief(definition);
        let colon = if brief.is_empty() { "" } else { ": " };
        return format!("- {}{colon}{brief}", link(name));
    };
    let members = union.variants.iter().map(|(tag, name)| format!("\n  - {}: {}", code(tag), link(name)));
    format!("- {}, by {}:{}", link(name), code(&union.tag), members.collect::<String>())
}

fn section(model: &Model, name: &str, definition: &Definition) -> Vec<String> {
    let mut blocks = vec![format!("### <a id=\"{}\"></a>{}", anchor(name), prose(name))];
    blocks.extend(definition.description.as_deref().map(paragraphs));
    blocks.push(format!("Defined at {}.", code(&format!("#{}", definition.pointer))));
    match &definition.kind {
        Kind::Object(object) => blocks.extend(members(object)),
        Kind::Union(union) => blocks.extend(variants(model, union)),
        Kind::Choice(alternatives) => blocks.extend(choice(alternatives)),
        Kind::Enumeration(enumeration) => blocks.extend(values(enumeration)),
        Kind::Other(ty) => blocks.push(alias(ty)),
    }
    blocks
}

fn members(object: &Object) -> Vec<String> {
    let header = ["Member", "Type", "Presence", "Limits", "Default", "Description"];
    let rows: Vec<_> = object.properties.iter().map(member).collect();
    let listed = if rows.is_empty() { "No member is listed.".to_owned() } else { table(header, &rows) };
    let rest = match &object.rest {
        Rest::Closed => "Closed: there are no other members.".to_owned(),
        Rest::Open => "Open: other members may have any value.".to_owned(),
        Rest::Typed(ty) => format!("Open: the type of other members is {}.", nested(ty)),
    };
    let presence = object.presence.iter().map(|presence| {
        let sets: Vec<_> = presence.sets.iter().map(|names| join_code(names, " and ")).collect();
        let how = if presence.exactly_one { "One of these and no other" } else { "At least one of these" };
        format!("{how} is there: {}.", sets.join("; "))
    });
    [listed, rest].into_iter().chain(presence).collect()
}

fn join_code(names: &[String], separator: &str) -> String {
    names.iter().map(|name| code(name)).collect::<Vec<_>>().join(separator)
}

fn member(property: &Property) -> [String; 6] {
    [
        code(&property.name),
        words(&property.ty),
        if property.required { "required" } else { "optional" }.to_owned(),
        limits(&property.ty.rules),
        property.default.as_ref().map(|value| code(&json(value))).unwrap_or_default(),
        property.description.as_deref().map(prose).unwrap_or_default(),
    ]
}

fn variants(model: &Model, union: &Union) -> Vec<String> {
    let row = |(tag, name): &(String, String)| {
        [code(tag), link(name), model.get(name).map(brief).unwrap_or_default()]
    };
    let rows: Vec<_> = union.variants.iter().map(row).collect();
    let header = [code(&union.tag), "Definition".to_owned(), "Description".to_owned()];
    vec![format!("One of these objects, told apart by {}:", code(&union.tag)), table(header, &rows)]
}

fn choice(alternatives: &[Alternative]) -> Vec<String> {
    let types: Vec<_> = alternatives.iter().map(|alternative| nested(&alternative.ty)).collect();
    let mut blocks = vec![format!("The type is {}, told apart by JSON type.", types.join(" or "))];
    let described: Vec<_> = alternatives
        .iter()
        .filter_map(|alternative| {
            let description = alternative.description.as_deref()?;
            Some(format!("- {}: {}", words(&alternative.ty), prose(description)))
        })
        .collect();
    if !described.is_empty() {
        blocks.push(described.join("\n"));
    }
    blocks
}

fn values(enumeration: &Enumeration) -> Vec<String> {
    let row = |value: &crate::model::Value| {
        [code(&value.text), value.description.as_deref().map(prose).unwrap_or_default()]
    };
    let rows: Vec<_> = enumeration.values.iter().map(row).collect();
    let sentence = if enumeration.fixed { "This string alone:" } else { "One of these strings:" };
    vec![sentence.to_owned(), table(["Value", "Description"], &rows)]
}

fn alias(ty: &Type) -> String {
    let limits = limits(&ty.rules);
    let comma = if limits.is_empty() { "" } else { ", " };
    format!("The type is {}{comma}{limits}.", words(ty))
}

/// A table, without the columns that have nothing to say.
fn table<const N: usize>(header: [impl AsRef<str>; N], rows: &[[String; N]]) -> String {
    let mut lines = vec![String::from("|"); rows.len() + 2];
    for (column, title) in header.iter().enumerate() {
        let cells: Vec<_> = rows.iter().filter_map(|row| row.get(column)).map(String::as_str).collect();
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        for (line, cell) in lines.iter_mut().zip([title.as_ref(), "---"].into_iter().chain(cells)) {
            let space = if cell.is_empty() { "" } else { " " };
            // Taken back by the reader of the table, even in code.
            line.push_str(&format!("{space}{} |", cell.replace('|', "\\|")));
        }
    }
    lines.join("\n")
}

/// A type in words, with links to definitions; its own limits are left to [`limits`].
fn words(ty: &Type) -> String {
    let shape = match &ty.shape {
        Shape::Any => "any JSON value".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Integer { unsigned: false } => "integer".to_owned(),
        Shape::Integer { unsigned: true } => "non-negative integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::String => "string".to_owned(),
        Shape::Constant(value) => code(&json(value)),
        Shape::List(item) => format!("list of {}", nested(item)),
        Shape::Map(value) if **value == Type::new(Shape::Any) => "object".to_owned(),
        Shape::Map(value) => format!("object with values of type {}", nested(value)),
        Shape::Reference(name) => link(name),
    };
    if ty.nullable { format!("{shape} or `null`") } else { shape }
}

/// A type inside of another one, with its limits.
fn nested(ty: &Type) -> String {
    let limits = limits(&ty.rules);
    match (words(ty), ty.nullable) {
        (words, false) if limits.is_empty() => words,
        (words, true) if limits.is_empty() => format!("({words})"),
        (words, false) => format!("{words} ({limits})"),
        (words, true) => format!("({words}; {limits})"),
    }
}

fn limits(rules: &[Rule]) -> String {
    rules.iter().map(limit).collect::<Vec<_>>().join(", ")
}

fn limit(rule: &Rule) -> String {
    match rule {
        Rule::NotNull => "not `null`".to_owned(),
        Rule::AtLeast(limit) => format!("at least {limit}"),
        Rule::AtMost(limit) => format!("at most {limit}"),
        Rule::Above(limit) => format!("above {limit}"),
        Rule::Below(limit) => format!("below {limit}"),
        Rule::Items { minimum, maximum } => count(*minimum, *maximum, "item"),
        Rule::Members { minimum, maximum } => count(*minimum, *maximum, "member"),
        Rule::Names(rules) => format!("names {}", limits(rules)),
        Rule::MultipleOf(divisor) => format!("a multiple of {divisor}"),
        Rule::Unique => "no item twice".to_owned(),
        Rule::Length { minimum, maximum } => count(*minimum, *maximum, "character"),
        Rule::Pattern(pattern) => format!("matching {}", code(pattern)),
    }
}

fn count(minimum: usize, maximum: usize, unit: &str) -> String {
    let counted = |count| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    match (minimum, maximum) {
        (_, usize::MAX) => format!("at least {}", counted(minimum)),
        (0, _) => format!("at most {}", counted(maximum)),
        _ if minimum == maximum => format!("exactly {}", counted(minimum)),
        _ => format!("{minimum} to {}", counted(maximum)),
    }
}

fn link(name: &str) -> String {
    format!("[{}](#{})", prose(name), anchor(name))
}

/// The anchor of a definition: its name as far as that may stand in an address. No two are alike.
fn anchor(name: &str) -> String {
    let encoded = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => c.to_string(),
        _ => format!(".{:x}.", u32::from(c)),
    };
    name.chars().map(encoded).collect()
}

/// JSON with its keys in order.
fn json(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            let member =
                |(key, value): (&String, &Value)| format!("{}:{}", Value::from(key.as_str()), json(value));
            format!("{{{}}}", sorted.into_iter().map(member).collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(json).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// The first sentence of a definition's description.
fn brief(definition: &Definition) -> String {
    definition.description.as_deref().map(first_sentence).map(|text| prose(&text)).unwrap_or_default()
}

/// Ends before what looks like the beginning of another sentence: `e.g. this` does not.
fn first_sentence(text: &str) -> String {
    let mut sentence = String::new();
    for word in text.split("\n\n").next().unwrap_or_default().split_whitespace() {
        let in_code = sentence.matches('`').count() % 2 == 1;
        if sentence.ends_with(['.', '!', '?']) && !in_code && !word.starts_with(char::is_lowercase) {
            break;
        }
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(word);
    }
    sentence
}

fn paragraphs(text: &str) -> String {
    text.split("\n\n").map(prose).map(paragraph).collect::<Vec<_>>().join("\n\n")
}

/// What begins like an item of a list would be taken for one.
fn paragraph(text: String) -> String {
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < text.len() && number.starts_with(['.', ')']);
    if numbered || text.starts_with(['-', '+']) { format!("&#8203;{text}") } else { text }
}

/// A line of text: code stays code, everything else stands for itself.
fn prose(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.matches('`').count().is_multiple_of(2) {
        return escaped(&text);
    }
    let part = |(index, part): (usize, &str)| match (index.is_multiple_of(2), part) {
        (true, _) => escaped(part),
        (false, "") => escaped("``"),
        (false, _) => code(part),
    };
    text.split('`').enumerate().map(part).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        // Inside of a word it marks nothing.
        let inner =
            c == '_' && before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            // In a table, a backslash would be taken for the escape of what follows.
            '\\' | '&' => out.push_str(&entity(c)),
            _ if turns(c) => out.push_str(&entity(c)),
            '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' if !inner => out.extend(['\\', c]),
            '#' if out.is_empty() => out.push_str("\\#"),
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// A span of code, which takes no escapes; what needs one is written as HTML.
fn code(text: &str) -> String {
    let plain = |c: char| !c.is_control() && !turns(c) && c != '`';
    // A table would take `\|` for an escape.
    if !text.is_empty() && text.trim() == text && text.chars().all(plain) && !text.contains("\\|") {
        return format!("`{text}`");
    }
    let safe = |c: char| c.is_alphanumeric() || " ^$()/.,:;+=?{}'\"".contains(c);
    let text: String = text.chars().map(|c| if safe(c) { c.to_string() } else { entity(c) }).collect();
    format!("<code>{text}</code>")
}

fn entity(c: char) -> String {
    format!("&#{};", u32::from(c))
}

/// Whether a character turns the direction of writing.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stands_for_itself() {
        assert_eq!(prose("a | b\nc [d](e) <f> *g* _h i_j"), r"a | b c \[d\](e) \<f\> \*g\* \_h i_j");
        assert_eq!(prose("odd ` and \\|"), r"odd \` and &#92;|");
        assert_eq!(prose("# see https://a.example/b_c#d"), r"\# see https://a.example/b_c#d");
        assert_eq!(prose("`a[b]` and `c|d`, ``"), r"`a[b]` and `c|d`, \`\`");
        assert_eq!(prose("\u{202e}abc"), "&#8238;abc");
        assert_eq!(paragraphs("1. a\n\n- b\n\nc\nd"), "&#8203;1. a\n\n&#8203;- b\n\nc d");
    }

    #[test]
    fn code_is_exact() {
        assert_eq!(code("^(a_|b)*"), "`^(a_|b)*`");
        assert_eq!(code("a\\|*\n"), "<code>a&#92;&#124;&#42;&#10;</code>");
        assert_eq!(code(""), "<code></code>");
        assert_eq!(code(" `"), "<code> &#96;</code>");
    }

    #[test]
    fn a_table_has_the_columns_that_say_something() {
        let rows = [["a|b".to_owned(), String::new(), "c".to_owned()], [const { String::new() }; 3]];
        assert_eq!(table(["1", "2", "3|"], &rows), "| 1 | 3\\| |\n| --- | --- |\n| a\\|b | c |\n| | |");
    }

    #[test]
    fn a_sentence_ends_where_another_begins() {
        assert_eq!(first_sentence("One, e.g. this (A-1). Two."), "One, e.g. this (A-1).");
        assert_eq!(first_sentence("Is `a. B` it?\n`C` is."), "Is `a. B` it?");
        assert_eq!(first_sentence("A title\n\nText"), "A title");
    }

    #[test]
    fn anchors_differ() {
        assert_eq!(anchor("A_b-1"), "A_b-1");
        assert_eq!([anchor("B/~"), anchor("a b")], ["B.2f..7e.", "a.20.b"]);
        assert_ne!(anchor("a b"), anchor("a.20.b"));
    }
}
