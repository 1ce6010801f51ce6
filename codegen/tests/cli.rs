//! The command as a user meets it: help, output, exit codes.
//!
//! `AGUI_REWRITE=1` rewrites the pinned texts.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail a test"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_agui-codegen"))
        .args(arguments)
        .current_dir(repository())
        .output()
        .unwrap()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs, checks the exit code, and returns standard output and standard error.
#[track_caller]
fn expect(code: i32, arguments: &[&str]) -> (String, String) {
    let output = run(arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

const SCHEMA: &str = "schema/ag-ui-1.0.json";

#[test]
fn help_is_pinned() {
    for (name, arguments) in [
        ("help.txt", &["--help"][..]),
        ("generate.txt", &["generate", "--help"]),
        ("check.txt", &["check", "--help"]),
        ("diff.txt", &["diff", "--help"]),
        ("docs.txt", &["docs", "--help"]),
        ("adopt.txt", &["adopt", "--help"]),
    ] {
        let (out, _) = expect(0, arguments);
        pinned(name, &out);
    }
}

#[track_caller]
fn pinned(name: &str, out: &str) {
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
    if std::env::var_os("AGUI_REWRITE").is_some() {
        std::fs::write(&pinned, out).unwrap();
    }
    assert_eq!(out, std::fs::read_to_string(&pinned).unwrap(), "{name}; AGUI_REWRITE=1 rewrites it");
}

#[test]
fn generate_prints_or_writes_and_leaves_a_current_file_alone() {
    let (printed, _) = expect(0, &["generate", SCHEMA]);
    assert!(printed.contains("pub enum Event {"), "no event enum");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("types.rs");
    let out = file.to_str().unwrap();
    assert!(expect(0, &["generate", SCHEMA, "--out", out]).0.ends_with("types.rs written\n"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), printed);
    assert!(expect(0, &["generate", SCHEMA, "--out", out]).0.ends_with("types.rs is current\n"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn docs_prints_or_writes_and_leaves_a_current_file_alone() {
    let (printed, _) = expect(0, &["docs", SCHEMA]);
    assert!(printed.starts_with("# AG-UI 1.0 wire format\n"), "{printed}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("protocol.md");
    let out = file.to_str().unwrap();
    assert!(expect(0, &["docs", SCHEMA, "--out", out]).0.ends_with("protocol.md written\n"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), printed);
    assert!(expect(0, &["docs", SCHEMA, "--out", out]).0.ends_with("protocol.md is current\n"));
    assert!(expect(2, &["docs", SCHEMA, "--out", "no/such/folder/a.md"]).1.contains("no/such/folder"));
    std::fs::write(&file, r#"{"$defs":{"A":{"if":{}}}}"#).unwrap();
    let (_, err) = expect(1, &["docs", out]);
    assert!(err.contains("protocol.md:1:16") && err.contains("#/$defs/A/if"), "{err}");
    assert_eq!(files(folder.path()), ["protocol.md"], "nothing else is left behind");
}

#[test]
fn check_accepts_our_schema_strictly() {
    assert_eq!(expect(0, &["check", "--strict", SCHEMA]).0, format!("{SCHEMA}: in order\n"));
}

#[test]
fn check_shows_all_problems_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.json");
    std::fs::write(&file, BAD).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_agui-codegen"))
        .args(["check", "bad.json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    pinned("problems.txt", &text(&output.stderr));
    std::fs::write(&file, r#"{"description":"All.","$defs":{"A":{"type":"string"}}}"#).unwrap();
    expect(0, &["check", file.to_str().unwrap()]);
    let (_, err) = expect(1, &["check", "--strict", file.to_str().unwrap()]);
    assert!(err.contains("error: no description\n") && err.contains("#/$defs/A\n"), "{err}");
}

/// Nested, in one line and over several, beside characters of several bytes, missing, wrong by JSON Schema.
const BAD: &str = r##"{
  "$defs": {
    "Ä": { "type": "objekt", "description": "größer", "if": {} },
    "Order": {
      "type": "object",
      "properties": {
        "a/b": { "$ref": "#/$defs/Gone" },
        "many": {
          "patternProperties": {
            "^x": true
          }
        }
      },
      "required": ["a/b", "c"]
    },
    "U": { "oneOf": [{ "type": "string" }, { "enum": ["a"] }] },
    "V": { "type": "string", "deprecated": 1 }
  }
}
"##;

#[test]
fn what_is_no_json_is_shown_where_it_ends_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.json");
    let file = file.to_str().unwrap();
    for (text, place, words) in [
        ("{", ":1:1", "not JSON: EOF while parsing an object"),
        ("", ":1:1", "not JSON: EOF"),
        ("{\n  \"ä\": nul }\n", ":2:11", "not JSON: expected ident"),
    ] {
        std::fs::write(file, text).unwrap();
        let (_, err) = expect(1, &["check", file]);
        assert!(err.contains(&format!("bad.json{place}\n")) && err.contains(words), "{err}");
        assert!(err.contains("help: correct the syntax"), "{err}");
    }
    std::fs::write(file, b"\"\xff\"").unwrap();
    let (_, err) = expect(2, &["check", file]);
    assert!(err.contains("bad.json: ") && err.contains("help: a schema is UTF-8"), "{err}");
}

#[test]
fn diff_tells_the_problems_of_both_files() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.json"), folder.path().join("new.json"));
    std::fs::write(&old, r#"{"$defs":{"A":{"if":{}}}}"#).unwrap();
    std::fs::write(&new, "[").unwrap();
    let (_, err) = expect(1, &["diff", old.to_str().unwrap(), new.to_str().unwrap()]);
    assert!(err.contains("old.json:1:16\n") && err.contains("new.json:1:1\n"), "{err}");
}

#[test]
fn check_generated_shows_the_difference_and_the_command_that_mends_it() {
    let golden = "agui-types/src/generated.rs";
    let runtime = ["--runtime", "crate::runtime"];
    let current = [&["check", "--generated", golden, SCHEMA][..], &runtime].concat();
    assert_eq!(expect(0, &current).0, format!("{golden} is current\n"));

    let folder = tempfile::tempdir().unwrap();
    let stale = folder.path().join("stale.rs");
    let text = std::fs::read_to_string(repository().join(golden)).unwrap();
    std::fs::write(&stale, text.replace("pub const PROTOCOL_VERSION", "const PROTOCOL_VERSION")).unwrap();
    let stale = stale.to_str().unwrap();
    let (_, err) = expect(1, &[&["check", "--generated", stale, SCHEMA][..], &runtime].concat());
    assert!(err.contains("-const PROTOCOL_VERSION") && err.contains("+pub const PROTOCOL_VERSION"), "{err}");
    let mend = format!("agui-codegen generate {SCHEMA} --out {stale} --runtime crate::runtime");
    assert!(err.contains(&mend), "{err}");
    expect(0, &mend.split(' ').skip(1).collect::<Vec<_>>());
    expect(0, &[&["check", "--generated", stale, SCHEMA][..], &runtime].concat());
}

#[test]
fn what_cannot_be_done_has_a_code_of_its_own() {
    for arguments in
        [&["check", "no/such/file.json"][..], &["generate", SCHEMA, "--out", "no/such/file.json"]]
    {
        let (_, err) = expect(2, arguments);
        assert!(err.contains("error: no/such/file.json: ") && err.contains("help: check the path"), "{err}");
    }
    assert!(expect(2, &["check"]).1.contains("Usage: agui-codegen check <SCHEMA>"));
    assert!(expect(2, &["genrate"]).1.contains("a similar subcommand exists: 'generate'"));
}

/// A folder of adopted schemas like ours, and a next version of it that adds an optional field.
fn next_version(folder: &Path) -> (PathBuf, PathBuf) {
    let schemas = folder.join("schema");
    std::fs::create_dir(&schemas).unwrap();
    let text = std::fs::read_to_string(repository().join(SCHEMA)).unwrap();
    std::fs::write(schemas.join("ag-ui-1.0.json"), &text).unwrap();
    std::fs::write(schemas.join("current"), "ag-ui-1.0.json\n").unwrap();
    let mut next: serde_json::Value = serde_json::from_str(&text).unwrap();
    next["$id"] = "https://ag-ui.com/spec/1.1/schema.json".into();
    next["$defs"]["RunErrorEvent"]["properties"]["retryAfter"] =
        serde_json::json!({ "type": "integer", "minimum": 0, "description": "Somebody else's words." });
    next["$defs"]["Tool"]["description"] = "Somebody else's words.".into();
    let file = folder.join("next.json");
    std::fs::write(&file, next.to_string()).unwrap();
    (schemas, file)
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn diff_shows_changes_in_three_formats_and_fails_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let (_, next) = next_version(folder.path());
    let next = next.to_str().unwrap();
    let (table, _) = expect(0, &["diff", SCHEMA, next]);
    let row = "compatible  minor     property-added  /$defs/RunErrorEvent/properties/retryAfter";
    assert!(table.contains(row), "{table}");
    assert!(table.ends_with("2 changes, 0 of them breaking. wire: compatible, rust: minor\n"), "{table}");
    assert!(!table.contains('\x1b'), "colour without a terminal");
    let (json, _) = expect(0, &["diff", "--format", "json", SCHEMA, next]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["summary"], serde_json::json!({ "wire": "compatible", "rust": "minor" }));
    assert_eq!(json["changes"][0]["pointer"], "/$defs/RunErrorEvent/properties/retryAfter");
    let (markdown, _) = expect(0, &["diff", "--format", "markdown", SCHEMA, next]);
    assert!(
        markdown.contains("| the optional property `retryAfter` is new | `#/$defs/RunErrorEvent"),
        "{markdown}"
    );

    expect(0, &["diff", "--fail-on", "breaking", SCHEMA, next]);
    expect(1, &["diff", "--fail-on", "any", SCHEMA, next]);
    expect(0, &["diff", "--fail-on", "any", SCHEMA, SCHEMA]);
    // The other way round a field is lost.
    expect(1, &["diff", "--fail-on", "breaking", next, SCHEMA]);
    expect(2, &["diff", SCHEMA, "no/such/file.json"]);
}

#[test]
fn adopt_writes_schema_code_and_current_version_together() {
    let folder = tempfile::tempdir().unwrap();
    let (schemas, next) = next_version(folder.path());
    let generated = folder.path().join("types.rs");
    let arguments = |dry: bool| {
        let mut arguments = vec!["adopt", next.to_str().unwrap(), "--schemas", schemas.to_str().unwrap()];
        arguments.extend(["--generated", generated.to_str().unwrap()]);
        arguments.extend(dry.then_some("--dry-run"));
        arguments
    };
    let (report, _) = expect(0, &arguments(true));
    assert!(report.contains("property-added") && report.contains("would write"), "{report}");
    assert_eq!(files(&schemas), ["ag-ui-1.0.json", "current"]);
    assert!(!generated.exists());

    let (report, _) = expect(0, &arguments(false));
    assert!(report.contains("1 descriptions are missing"), "{report}");
    assert!(report.contains("ag-ui-1.1.json#/$defs/RunErrorEvent/properties/retryAfter\n"), "{report}");
    assert_eq!(files(&schemas), ["ag-ui-1.0.json", "ag-ui-1.1.json", "current"]);
    assert_eq!(std::fs::read_to_string(schemas.join("current")).unwrap(), "ag-ui-1.1.json\n");
    let adopted = schemas.join("ag-ui-1.1.json");
    let text = std::fs::read_to_string(&adopted).unwrap();
    assert!(!text.contains("Somebody else"), "prose was taken over");
    let generated = generated.to_str().unwrap();
    expect(0, &["check", "--generated", generated, adopted.to_str().unwrap()]);
    let (_, err) = expect(1, &["check", "--strict", adopted.to_str().unwrap()]);
    assert!(err.contains("#/$defs/RunErrorEvent/properties/retryAfter\n"), "{err}");
    assert_eq!(err.matches("error: ").count(), 1, "{err}");
}

#[test]
fn adopt_changes_nothing_if_anything_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (schemas, next) = next_version(folder.path());
    let (schemas_argument, next_argument) = (schemas.to_str().unwrap(), next.to_str().unwrap());
    let before = || {
        assert_eq!(files(&schemas), ["ag-ui-1.0.json", "current"]);
        assert_eq!(std::fs::read_to_string(schemas.join("current")).unwrap(), "ag-ui-1.0.json\n");
    };
    // The generated file cannot be written.
    let nowhere = folder.path().join("no/such/folder/types.rs");
    let arguments =
        ["adopt", next_argument, "--schemas", schemas_argument, "--generated", nowhere.to_str().unwrap()];
    assert!(expect(2, &arguments).1.contains("Nothing was changed"));
    before();
    // A folder stands where the generated file belongs, which shows when the schema is written already.
    let taken = folder.path().join("taken");
    std::fs::create_dir(&taken).unwrap();
    expect(
        2,
        &["adopt", next_argument, "--schemas", schemas_argument, "--generated", taken.to_str().unwrap()],
    );
    before();
    // The schema cannot be generated from: all problems at once.
    let mut bad: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&next).unwrap()).unwrap();
    bad["$defs"]["Tool"]["if"] = true.into();
    bad["$defs"]["Context"]["patternProperties"] = serde_json::json!({});
    std::fs::write(&next, bad.to_string()).unwrap();
    let (_, err) = expect(1, &["adopt", next_argument, "--schemas", schemas_argument]);
    assert!(err.contains("/$defs/Tool/if") && err.contains("/$defs/Context/patternProperties"), "{err}");
    before();
    // No version.
    std::fs::write(&next, r#"{"$defs":{"A":{"type":"string"}}}"#).unwrap();
    assert!(expect(1, &["adopt", next_argument, "--schemas", schemas_argument]).1.contains("no version"));
    before();
}
