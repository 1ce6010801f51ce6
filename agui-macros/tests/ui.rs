//! What people read who make a mistake: each file below `ui` makes one, beside it is what the compiler says.
//!
//! The wording is partly rustc's own and changes with it, so the files are for the toolchain that the hint
//! names. Any other says so and compares nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers as well")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The minor version of Rust whose messages the files hold.
const RUST: &str = "1.95";

/// Mistakes of which there is more than one error, and why that cannot be helped.
const SEVERAL: &[(&str, &str)] = &[
    ("attribute/crate_that_is_not", "nothing of what is generated resolves"),
    ("functions/two_of_one_type", "the fields of the wrong one of two types are not found"),
    ("methods/forgotten_outer_attribute_without_self", "a macro does not see that it is inside of an `impl`"),
];

#[test]
fn mistakes_are_told_as_they_should_be() {
    if !rustc_version().starts_with(&format!("rustc {RUST}.")) {
        eprintln!("SKIPPED: the expected messages in tests/ui are those of Rust {RUST}");
        return;
    }
    if std::env::var_os("TRYBUILD").is_none() {
        eprintln!(
            "If messages differ below, read the new ones as a user would. To accept them:\n    \
             TRYBUILD=overwrite cargo test -p agui-macros --test ui"
        );
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

/// One mistake is one error, at a line of the file that makes it.
#[test]
fn one_mistake_is_one_error() {
    let files = messages();
    assert!(files.len() > 100, "{} files", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let errors = text.lines().filter(|line| line.starts_with("error")).count();
        let name = file.with_extension("").display().to_string();
        let several = SEVERAL.iter().any(|(known, _)| name.ends_with(known));
        assert!((errors == 1) != several, "{name}: {errors} errors");
        // The attribute is the place of its own mistakes only.
        let place = text.lines().find(|line| line.trim_start().starts_with("-->")).unwrap();
        assert!(place.contains("tests/ui/"), "{name}: {place}");
    }
}

fn messages() -> Vec<PathBuf> {
    let topics = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")).unwrap();
    let files = topics.flat_map(|topic| std::fs::read_dir(topic.unwrap().path()).unwrap());
    let files = files.map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "stderr")).collect()
}

fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
