//! A schema as a reference for people, in Markdown: an overview, then a section a definition, with
//! composed members listed wherever they apply.
//!
//! Descriptions are text in which backticks mark code; nothing else in them is taken for markup.

mod markdown;
mod sections;
mod types;

use crate::compose::target;
use crate::error::Error;
use crate::model::{Definition, Kind, Model};
use crate::node;
use crate::schema::Schema;
use markdown::{code, link, paragraphs, prose};
use sections::section;
use serde_json::Value;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_where_another_begins() {
        assert_eq!(first_sentence("One, e.g. this (A-1). Two."), "One, e.g. this (A-1).");
        assert_eq!(first_sentence("Is `a. B` it?\n`C` is."), "Is `a. B` it?");
        assert_eq!(first_sentence("A title\n\nText"), "A title");
    }
}
