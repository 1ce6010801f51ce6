//! The command as a user meets it: help, output, exit codes.
//!
//! `AGUI_REWRITE=1` rewrites the pinned help texts.

#![cfg(feature = "cli")]

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
    ] {
        let (out, _) = expect(0, arguments);
        let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
        if std::env::var_os("AGUI_REWRITE").is_some() {
            std::fs::write(&pinned, &out).unwrap();
        }
        assert_eq!(out, std::fs::read_to_string(&pinned).unwrap(), "{name}; AGUI_REWRITE=1 rewrites it");
    }
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
fn check_accepts_our_schema_strictly() {
    assert_eq!(expect(0, &["check", "--strict", SCHEMA]).0, format!("{SCHEMA}: in order\n"));
}

#[test]
fn check_lists_all_problems_with_their_pointers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.json");
    std::fs::write(&file, r#"{"$defs":{"A":{"if":{},"then":{}},"B":{"type":"objekt"}}}"#).unwrap();
    let (_, err) = expect(1, &["check", file.to_str().unwrap()]);
    for expected in [
        "bad.json#/$defs/A/if: the keyword `if` is not supported",
        "bad.json#/$defs/A/then: the keyword `then` is not supported",
        "bad.json#/$defs/B/type: `objekt` is not a JSON type",
        "bad.json#/$defs/B/type: not valid JSON Schema 2020-12",
    ] {
        assert!(err.contains(expected), "{expected} is missing in:\n{err}");
    }
    std::fs::write(&file, r##"{"$defs":{"A":{"$ref":"#/$defs/Gone"}}}"##).unwrap();
    let (_, err) = expect(1, &["check", file.to_str().unwrap()]);
    assert!(err.contains("#/$defs/A/$ref: `#/$defs/Gone` names no definition"), "{err}");
    std::fs::write(&file, r#"{"description":"All.","$defs":{"A":{"type":"string"}}}"#).unwrap();
    expect(0, &["check", file.to_str().unwrap()]);
    let (_, err) = expect(1, &["check", "--strict", file.to_str().unwrap()]);
    assert!(err.ends_with("#/$defs/A: no description\n"), "{err}");
    std::fs::write(&file, "{").unwrap();
    assert!(expect(1, &["check", file.to_str().unwrap()]).1.contains("not JSON"));
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
    assert!(expect(2, &["check", "no/such/file.json"]).1.contains("no/such/file.json"));
    assert!(
        expect(2, &["generate", SCHEMA, "--out", "no/such/folder/types.rs"]).1.contains("no/such/folder")
    );
    expect(2, &["check"]);
    expect(2, &["frobnicate"]);
}
