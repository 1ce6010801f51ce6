//! What the generator makes of schemas, and what it refuses. What the generated code does is the
//! subject of the tests in `behaviour`, a binary of its own: this one runs, and rewrites goldens, even
//! while a golden does not compile.

// clippy.toml exempts test functions from these, but not the functions that they share.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod goldens;
mod mutations;
mod protocol;
mod refusals;
mod settings;

use std::path::Path;

/// Compares a committed file with what is generated now, or rewrites it if the environment says so.
#[track_caller]
fn compare(file: &Path, generated: &str) {
    if std::env::var_os("AGUI_REWRITE").is_some() {
        std::fs::write(file, generated).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    if let Some(difference) = first_difference(&committed, generated) {
        let file = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(file).display();
        panic!(
            "{file} is not what its schema gives now:\n{difference}\nto rewrite it: \
             AGUI_REWRITE=1 cargo test -p agui-codegen --test generation"
        );
    }
}

/// The lines from where two texts part to where they meet again, or the first few of them.
fn first_difference(old: &str, new: &str) -> Option<String> {
    if old == new {
        return None;
    }
    let (old, new): (Vec<_>, Vec<_>) = (old.split('\n').collect(), new.split('\n').collect());
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let before = old.iter().zip(&new).take_while(same).count();
    let (old, new) = (old.get(before..).unwrap_or_default(), new.get(before..).unwrap_or_default());
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let shown = |sign: char, lines: &[&str]| {
        let parted = lines.len() - behind;
        let more =
            if parted > 12 { format!("{sign}… {} lines more\n", parted - 12) } else { String::new() };
        lines.iter().take(parted.min(12)).map(|line| format!("{sign}{line}\n")).collect::<String>() + &more
    };
    Some(format!("line {}:\n{}{}", before + 1, shown('-', old), shown('+', new)))
}

#[test]
fn differences_are_shown_from_where_they_begin() {
    assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(first_difference("a\nb\nc\n", "a\nx\ny\nc\n").unwrap(), "line 2:\n-b\n+x\n+y\n");
    assert_eq!(first_difference("a", "a\n").unwrap(), "line 2:\n+\n");
    assert_eq!(first_difference("", "a\n").unwrap(), "line 1:\n+a\n");
    let long = "x\n".repeat(20);
    assert!(first_difference("", &long).unwrap().ends_with("+… 8 lines more\n"));
}
