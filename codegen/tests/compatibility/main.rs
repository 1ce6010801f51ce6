//! What `diff` says about Rust, confirmed by the compiler: what users wrote against the current types
//! (`users.rs`) goes on working where an edit of the schema is classed `patch` or `minor`, and does not
//! compile any more where it is classed `breaking`.
//!
//! Two packages are made of it below the target folder: the types, generated from the schema with different
//! edits, and the users. Types and users are crates apart, as they are in life: `#[non_exhaustive]` counts.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail a test"
)]

#[path = "../next/mod.rs"]
#[allow(dead_code, reason = "the tests of `diff` need more of it")]
mod next;

use agui_codegen::diff::Rust;
use agui_codegen::{Schema, Settings, generate, write_if_changed};
use next::{BREAKING, COMPATIBLE, Case};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const USERS: &str = include_str!("users.rs");

/// Edits that break users without a word of the compiler.
const SILENT: &[&str] = &["/$defs/ToolMessage required-order"];

#[test]
fn users_break_where_diff_says_so_and_nowhere_else() {
    let users = users();
    let cases: Vec<(String, &Case)> =
        COMPATIBLE.iter().chain(BREAKING).map(|case| (name(case), case)).collect();
    let missing: Vec<_> =
        cases.iter().map(|(name, _)| name).filter(|name| !users.contains_key(*name)).collect();
    assert!(missing.is_empty(), "users.rs has no section for {missing:?}");
    assert_eq!(users.len(), cases.len(), "users.rs has sections for no edit");

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compatibility");
    let scratch = Scratch { folder };
    scratch.packages();

    // All users with the current types, and with those of all edits that they should not notice.
    let mut mild = next::current();
    for (_, case) in cases.iter().filter(|(_, case)| rust(case) < Rust::Breaking) {
        (case.edit)(&mut mild);
    }
    let mut types = String::new();
    let mut kept = String::new();
    let mut calls = String::new();
    for (module, schema) in [("current", next::current()), ("mild", mild)] {
        scratch.types(module, schema, &mut types);
        for (number, body) in users.values().enumerate() {
            let user = format!("{module}_{number}");
            scratch.user("kept", &user, module, body, &mut kept);
            writeln!(calls, "    {user}::user();").unwrap();
        }
    }
    // Each user with the types that should break it, and with the same part of the current ones.
    let mut broken = String::new();
    let mut expected = BTreeMap::new();
    let breaking = cases.iter().enumerate().filter(|(_, (_, case))| rust(case) == Rust::Breaking);
    for (number, (name, case)) in breaking {
        let body = users[name];
        let (before, after) = (format!("before_{number}"), format!("after_{number}"));
        scratch.types(&before, reduced(next::current(), body), &mut types);
        scratch.user("kept", &before, &before, body, &mut kept);
        writeln!(calls, "    {before}::user();").unwrap();
        let mut schema = next::current();
        (case.edit)(&mut schema);
        scratch.types(&after, reduced(schema, body), &mut types);
        if SILENT.contains(&name.as_str()) {
            scratch.user("kept", &after, &after, body, &mut kept);
            writeln!(calls, "    assert!(std::panic::catch_unwind({after}::user).is_err(), \"{name}\");")
                .unwrap();
        } else {
            scratch.user("broken", &after, &after, body, &mut broken);
            expected.insert(format!("broken/src/{after}.rs"), name.clone());
        }
    }
    scratch.write("types/src/lib.rs", &types);
    scratch.write("kept/src/main.rs", &format!("{kept}\nfn main() {{\n{calls}}}\n"));
    scratch.write("broken/src/lib.rs", &broken);

    let (ran, _, words) = scratch.cargo(&["run", "-q", "-p", "kept"]);
    assert!(ran, "users break who should not notice:\n{words}");

    let (_, messages, words) = scratch.cargo(&["check", "-q", "-p", "broken", "--message-format=json"]);
    let unbroken: Vec<_> = expected.iter().filter(|(file, _)| !messages.contains(*file)).collect();
    assert!(unbroken.is_empty(), "users compile who should not: {unbroken:?}\n{words}\n{messages:?}");
    let elsewhere: Vec<_> = messages.iter().filter(|file| !expected.contains_key(*file)).collect();
    assert!(elsewhere.is_empty(), "errors where no user is: {elsewhere:?}");
}

/// Pointer and kind of the first row that an edit gives.
fn name(case: &Case) -> String {
    format!("{} {}", case.rows[0].0, case.rows[0].1)
}

/// As bad as the worst row.
fn rust(case: &Case) -> Rust {
    case.rows.iter().map(|row| row.3).max().unwrap()
}

/// The sections of `users.rs`.
fn users() -> BTreeMap<String, &'static str> {
    let sections = USERS.split("\n// # ").skip(1);
    sections
        .map(|section| section.split_once('\n').unwrap())
        .map(|(name, body)| (name.to_owned(), body))
        .collect()
}

/// The schema with those definitions alone that a user's code depends on.
fn reduced(mut schema: Value, body: &str) -> Value {
    let definitions = schema["$defs"].as_object().unwrap().clone();
    let words = body.split(|c: char| !c.is_alphanumeric());
    let mut open: Vec<String> = words.map(str::to_owned).collect();
    let mut kept = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(definition) = definitions.get(&name)
            && kept.insert(name)
        {
            open.extend(references(definition));
        }
    }
    let definitions: serde_json::Map<_, _> =
        definitions.into_iter().filter(|(name, _)| kept.contains(name)).collect();
    json!({ "$schema": schema["$schema"].take(), "$id": schema["$id"].take(), "$defs": definitions })
}

fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(members) => members
            .iter()
            .flat_map(|(keyword, value)| match (keyword.as_str(), value) {
                ("$ref", Value::String(target)) => vec![target.trim_start_matches("#/$defs/").to_owned()],
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Where a macro was called, for what is inside of one.
fn outermost(span: Value) -> Value {
    match span.pointer("/expansion/span") {
        Some(call) => outermost(call.clone()),
        None => span,
    }
}

/// The folder of the packages.
struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        // What is as it was is not built again.
        write_if_changed(path, text).unwrap();
    }

    fn packages(&self) {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let runtime = repository.join("agui-types").canonicalize().unwrap();
        let runtime = format!(
            "agui-types = {{ path = {:?}, default-features = false }}",
            runtime.display().to_string()
        );
        let types = "types = { path = \"../types\" }";
        for (package, dependencies) in [
            ("types", runtime.clone()),
            ("kept", format!("{types}\n{runtime}")),
            ("broken", format!("{types}\n{runtime}")),
        ] {
            self.write(
                &format!("{package}/Cargo.toml"),
                &format!(
                    "[package]\nname = \"{package}\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
                ),
            );
        }
        self.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"types\", \"kept\", \"broken\"]\nresolver = \"3\"\n\n[profile.dev]\ndebug = false\n",
        );
        // The versions of the workspace, which are downloaded already.
        let lock = std::fs::read_to_string(repository.join("Cargo.lock")).unwrap();
        if write_if_changed(self.folder.join("workspace.lock"), &lock).unwrap() {
            self.write("Cargo.lock", &lock);
        }
    }

    fn types(&self, module: &str, schema: Value, lib: &mut String) {
        let settings = Settings::default().runtime("::agui_types::runtime");
        let code =
            generate(&Schema::from(schema), &settings).unwrap_or_else(|error| panic!("{module}: {error}"));
        self.write(&format!("types/src/{module}.rs"), code.as_str());
        writeln!(lib, "pub mod {module};").unwrap();
    }

    fn user(&self, package: &str, module: &str, types: &str, body: &str, lib: &mut String) {
        let code = format!(
            "#![allow(unused_imports)]\nuse agui_types::runtime as rt;\nuse types::{types}::*;\n\npub fn user() {{\n{body}}}\n"
        );
        self.write(&format!("{package}/src/{module}.rs"), &code);
        writeln!(lib, "pub mod {module};").unwrap();
    }

    /// Whether it succeeded, the files in which the compiler found errors, and all that was said.
    fn cargo(&self, arguments: &[&str]) -> (bool, BTreeSet<String>, String) {
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .args(["--offline", "--target-dir"])
            .arg(self.folder.join("target"))
            .current_dir(&self.folder)
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        let messages = out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let errors = messages.filter(|message| message["message"]["level"] == "error");
        let files = errors
            .flat_map(|error| error["message"]["spans"].as_array().cloned().unwrap_or_default())
            .filter(|span| span["is_primary"] == true)
            .map(outermost)
            .filter_map(|span| span["file_name"].as_str().map(|file| file.replace('\\', "/")))
            .collect();
        (output.status.success(), files, String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
