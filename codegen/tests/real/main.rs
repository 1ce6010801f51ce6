//! Schemas of other projects, as their packages carry them: what the generator makes of them compiles,
//! and judges documents as a validator of JSON Schema does.

// clippy.toml exempts test functions from these, but not the functions that they share.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod documents;
mod packages;
mod scratch;

use documents::Documents;
use fastrand::Rng;
use jsonschema::{Draft, Validator};
use scratch::{Question, Scratch, Verdict};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A schema that comes with a package.
struct Real {
    /// The module for its types.
    module: &'static str,
    /// Below `node_modules`.
    path: &'static str,
    /// The type of whole documents.
    root: &'static str,
}

const REAL: [Real; 2] = [
    Real { module: "lefthook", path: "lefthook/schema.json", root: "Root" },
    Real { module: "manifest", path: "@biomejs/biome/manifest_schema.json", root: "BiomeManifest" },
];

/// How many random documents each definition is tried with.
const CASES: usize = 100;

#[test]
fn types_judge_documents_as_a_validator_does() {
    let Some(packages) = packages::installed("real schemas") else { return };
    let schemas: Vec<_> = REAL.iter().map(|real| (real, read(packages.join(real.path)))).collect();
    let scratch = Scratch::compile(&schemas);
    let mut rng = Rng::with_seed(seed());
    let mut questions = Vec::new();
    let mut valid = Vec::new();
    for (real, schema) in &schemas {
        let definitions = schema["$defs"].as_object().unwrap().keys().map(|name| Some(name.as_str()));
        for definition in definitions.chain([None]) {
            let validator = validator(schema, definition);
            let documents = Documents::new(schema, definition);
            let name = definition.unwrap_or(real.root);
            let before = questions.len();
            for case in 0..CASES * multiplier() {
                let mut document = documents.random(&mut rng);
                if case % 2 == 1 {
                    documents::mutate(&mut document, &mut rng);
                }
                valid.push(validator.is_valid(&document));
                questions.push(Question { module: real.module, definition: name.to_owned(), document });
            }
            let accepted = valid[before..].iter().filter(|valid| **valid).count();
            assert!(accepted >= CASES / 3, "{}: {name}: {accepted} valid documents", real.module);
        }
    }
    let refused = valid.iter().filter(|valid| !**valid).count();
    assert!(refused >= questions.len() / 10, "{refused} invalid documents of {}", questions.len());
    for ((question, verdict), valid) in questions.iter().zip(scratch.ask(&questions)).zip(valid) {
        agree(question, &verdict, valid);
    }
}

/// Every object of these schemas says what else it may contain, so the strict reading is the schema's.
fn agree(question: &Question, verdict: &Verdict, valid: bool) {
    let Question { module, definition, document } = question;
    let judged = verdict.strict.as_ref().err().map(String::as_str);
    assert_eq!(judged.is_none(), valid, "{module}: {definition}: {document}: {judged:?}");
    if let Ok(written) = &verdict.strict {
        assert_eq!(written, document, "{module}: {definition} writes something else than it read");
        assert_eq!(verdict.plain.as_ref(), Ok(written), "{module}: {definition}");
    }
}

#[test]
fn documents_as_people_write_them() {
    let Some(packages) = packages::installed("documents as people write them") else { return };
    let schemas: Vec<_> = REAL.iter().map(|real| (real, read(packages.join(real.path)))).collect();
    let hooks = json!({
        "min_version": "2.1.0",
        "colors": { "red": 196, "green": "#00FF00" },
        "output": ["meta", "summary"],
        "remotes": [{ "git_url": "https://github.com/evilmartians/lefthook", "configs": ["ruby.yml"] }],
        "pre-commit": {
            "parallel": true,
            "jobs": [
                { "name": "lint", "run": "cargo clippy", "glob": "*.rs", "stage_fixed": true },
                { "name": "format", "glob": ["*.rs", "*.toml"], "skip": [{ "ref": "main" }, "merge"],
                  "group": { "parallel": true, "jobs": [{ "run": "cargo fmt --check", "timeout": "15s" }] } },
                { "script": "check.sh", "runner": "bash", "env": { "RUST_LOG": "debug" } }
            ]
        },
        "pre-push": { "commands": { "test": { "run": "cargo test", "tags": "slow", "priority": 2 } } },
        "our-own-hook": { "follow": true, "scripts": { "notify.sh": { "runner": "sh", "only": false } } }
    });
    let manifest = json!({
        "version": 1,
        "configs": ["recommended", { "strict": "./configs/strict.json" }],
        "plugins": { "rules": ["no-todo"], "presets": { "all": ["no-todo", "no-fixme"] } }
    });
    let spoilt = |document: &Value, pointer: &str, value: Value| {
        let mut document = document.clone();
        *document.pointer_mut(pointer).unwrap() = value;
        document
    };
    let jobs = "/pre-commit/jobs";
    // What is wrong with a document, and where; nothing, if it is valid.
    let cases = [
        (0, hooks.clone(), None),
        (0, spoilt(&hooks, jobs, json!([{ "name": "idle" }])), Some(("/pre-commit/jobs/0", "is required"))),
        (
            0,
            spoilt(&hooks, jobs, json!([{ "run": "a", "script": "b" }])),
            Some(("/pre-commit/jobs/0", "`run` excludes `script`")),
        ),
        (
            0,
            spoilt(&hooks, "/pre-commit/jobs/1/glob", json!(["*.rs", 1])),
            Some(("/pre-commit/jobs/1/glob/1", "expected a string")),
        ),
        (
            0,
            spoilt(&hooks, "/pre-commit/jobs/0/glob", json!(true)),
            Some(("/pre-commit/jobs/0/glob", "expected a string or an array")),
        ),
        (
            0,
            spoilt(&hooks, "/our-own-hook", json!({ "fail_on_changes": "sometimes" })),
            Some(("/our-own-hook/fail_on_changes", "sometimes")),
        ),
        (0, spoilt(&hooks, "/pre-push", json!({ "command": {} })), Some(("/pre-push/command", "unknown"))),
        (1, manifest.clone(), None),
        (1, spoilt(&manifest, "/plugins", json!(null)), None),
        (1, spoilt(&manifest, "/version", json!(2)), Some(("/version", "expected"))),
        (
            1,
            spoilt(&manifest, "/plugins/presets", json!({})),
            Some(("/plugins/presets", "0 members, expected at least 1")),
        ),
        (
            1,
            spoilt(&manifest, "/plugins/presets/all", json!([])),
            Some(("/plugins/presets/all", "0 items, expected at least 1")),
        ),
        (1, spoilt(&manifest, "/configs/1", json!({ "strict": 1 })), Some(("/configs/1/strict", "string"))),
    ];
    let questions: Vec<_> = cases
        .iter()
        .map(|(schema, document, _)| Question {
            module: REAL[*schema].module,
            definition: REAL[*schema].root.to_owned(),
            document: document.clone(),
        })
        .collect();
    let verdicts = Scratch::compile(&schemas).ask(&questions);
    for (((schema, document, mistake), question), verdict) in cases.iter().zip(&questions).zip(verdicts) {
        let valid = validator(&schemas[*schema].1, None).is_valid(document);
        assert_eq!(valid, mistake.is_none(), "{document}");
        agree(question, &verdict, valid);
        if let (Some((pointer, message)), Err(error)) = (mistake, &verdict.strict) {
            assert!(error.starts_with(&format!("{pointer}: ")) && error.contains(message), "{error}");
        }
    }
}

fn read(path: PathBuf) -> Value {
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let schema: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    schema
}

/// A validator for a definition, or for whole documents.
fn validator(schema: &Value, definition: Option<&str>) -> Validator {
    let schema = match definition {
        Some(name) => json!({ "$ref": format!("#/$defs/{name}"), "$defs": schema["$defs"] }),
        None => schema.clone(),
    };
    jsonschema::options().with_draft(Draft::Draft202012).offline().build(&schema).unwrap()
}

fn seed() -> u64 {
    std::env::var("AGUI_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2020)
}

fn multiplier() -> usize {
    std::env::var("AGUI_CASES").ok().and_then(|factor| factor.parse().ok()).unwrap_or(1)
}
