//! Schema to types to schema: what the types say of themselves judges documents as the schema does
//! that they were generated from.

use crate::rejection::spoilt;
use crate::support::cases::{Case, for_every_definition};
use crate::support::definitions::Definition;
use crate::support::schema::validator;
use jsonschema::Validator;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A validator for what each type says of itself.
static VALIDATORS: LazyLock<BTreeMap<&str, Validator>> = LazyLock::new(|| {
    Definition::all().map(|definition| (definition.name, validator(&definition.described()))).collect()
});

#[test]
fn types_accept_what_the_schema_accepts() {
    for_every_definition("types_accept_what_the_schema_accepts", 100, |case| {
        let document = case.document();
        judged_alike(case, &document)
    });
}

#[test]
fn types_judge_spoilt_documents_as_the_schema_does() {
    for_every_definition("types_judge_spoilt_documents_as_the_schema_does", 200, |case| {
        let (mutation, mutant) = spoilt(case);
        judged_alike(case, &mutant.document)
            .map_err(|failure| format!("{mutation:?} at `{}`: {failure}", mutant.culprit))
    });
}

fn judged_alike(case: &Case, document: &Value) -> Result<(), String> {
    let described = VALIDATORS[case.definition.name].is_valid(document);
    if described == case.accepts(document) {
        return Ok(());
    }
    let ours = if described { "valid by the type's own schema" } else { "invalid by the type's own schema" };
    Err(case.failure("the type describes itself otherwise", &document.to_string(), ours))
}

#[test]
fn descriptions_are_carried_over_and_references_lead_somewhere() {
    for definition in Definition::all() {
        let schema = definition.described();
        // An alias is what it stands for, which has a name of its own.
        let named = schema["title"] == definition.name;
        assert!(!named || schema["description"].is_string(), "{}: {schema}", definition.name);
        let text = schema.to_string();
        for (start, _) in text.match_indices(r##""$ref":"#"##) {
            let pointer = text[start + r##""$ref":"#"##.len()..].split('"').next().unwrap();
            assert!(schema.pointer(pointer).is_some(), "{}: no {pointer} in {schema}", definition.name);
        }
    }
}
