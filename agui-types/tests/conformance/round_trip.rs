//! What the schema accepts is decoded, and encoded again without loss.

use crate::support::cases::{Case, for_every_definition};
use crate::support::definitions::Definition;
use crate::support::json::{self, Ordered};
use crate::support::schema;
use crate::support::sites::sites;
use serde_json::Value;

#[test]
fn there_is_a_type_for_every_definition_and_no_other() {
    for schema in schema::all("the comparison of definitions") {
        let ours: Vec<&str> = Definition::all().map(|definition| definition.name).collect();
        let theirs: Vec<&str> = schema.definitions().collect();
        assert_eq!(ours, theirs, "types and definitions of {}", schema.name);
    }
}

#[test]
fn valid_documents_survive_decoding_and_encoding() {
    for_every_definition("valid_documents_survive_decoding_and_encoding", 100, |case| {
        let document = case.document();
        let text = case.text(&document);
        if !case.accepts(&document) {
            return Err(case.failure("the tests made an invalid document", &text, "not asked"));
        }
        let encoded = case.subject().encodes(&text, &document)?;
        discriminators_come_first(case, &document, &encoded)
    });
}

/// Readers that need not buffer a union's members are why the discriminator leads.
fn discriminators_come_first(case: &Case, document: &Value, encoded: &str) -> Result<(), String> {
    let ordered: Ordered = serde_json::from_str(encoded).map_err(|error| format!("{error}: {encoded}"))?;
    for site in sites(case.schema, case.shape(), document) {
        let tag = site.union.map(|union| union.tag.as_str()).or_else(|| discriminator(case));
        let Some(tag) = tag.filter(|_| site.union.is_some() || site.pointer.is_empty()) else { continue };
        let names = json::member_names(&ordered, &site.pointer).unwrap_or_default();
        if names.first() != Some(&tag) {
            let wrong = format!("`{tag}` is not the first member at `{}`", site.pointer);
            return Err(case.failure(wrong, encoded, format_args!("{names:?}")));
        }
    }
    Ok(())
}

/// The discriminator of the union that the case's definition is a member of.
fn discriminator(case: &Case) -> Option<&'static str> {
    case.schema.union_of(case.definition.name).map(|union| union.tag.as_str())
}
