//! A diff as a table for people, as Markdown for a changelog, as JSON for programs.

use super::{Change, Diff, Rust, Wire};
use serde_json::{Value, json};
use std::fmt::Write;

/// A table for a terminal: one line a change, the summary last. With `colour`, breaking is red.
#[must_use]
pub fn text(diff: &Diff, colour: bool) -> String {
    if diff.changes.is_empty() {
        return "no change in meaning\n".to_owned();
    }
    let width = |field: fn(&Change) -> usize| diff.changes.iter().map(field).max().unwrap_or(0);
    let kinds = width(|change| change.kind.as_str().len());
    let pointers = width(|change| change.pointer.chars().count());
    let mut out = String::new();
    let header =
        format!("{:<10}  {:<8}  {:<kinds$}  {:<pointers$}  change", "wire", "rust", "kind", "pointer");
    line(&mut out, &paint(&header, "1", colour));
    for change in &diff.changes {
        let wire = paint(
            &format!("{:<10}", change.wire),
            if change.wire == Wire::Breaking { "31" } else { "32" },
            colour,
        );
        let rust = paint(&format!("{:<8}", change.rust), rust_colour(change.rust), colour);
        line(
            &mut out,
            &format!(
                "{wire}  {rust}  {:<kinds$}  {:<pointers$}  {}",
                change.kind, change.pointer, change.message
            ),
        );
    }
    let breaking = diff.changes.iter().filter(|change| is_breaking(change)).count();
    line(
        &mut out,
        &format!(
            "\n{} changes, {breaking} of them breaking. wire: {}, rust: {}",
            diff.changes.len(),
            diff.wire(),
            diff.rust()
        ),
    );
    out
}

/// Markdown for a changelog: what breaks first, then the rest.
#[must_use]
pub fn markdown(diff: &Diff) -> String {
    let mut out = format!("**Wire:** {} · **Rust:** {}\n", diff.wire(), diff.rust());
    for (title, wanted) in [("Breaking", true), ("Compatible", false)] {
        let changes: Vec<_> = diff.changes.iter().filter(|change| is_breaking(change) == wanted).collect();
        if changes.is_empty() {
            continue;
        }
        line(&mut out, &format!("\n### {title}\n\n| change | where | wire | Rust |\n|---|---|---|---|"));
        for change in changes {
            let message = change.message.replace('|', "\\|");
            let pointer = change.pointer.replace('|', "\\|");
            line(&mut out, &format!("| {message} | `#{pointer}` | {} | {} |", change.wire, change.rust));
        }
    }
    if diff.changes.is_empty() {
        line(&mut out, "\nNo change in meaning.");
    }
    out
}

/// `{"changes": [{"pointer", "kind", "message", "wire", "rust"}], "summary": {"wire", "rust"}}`
#[must_use]
pub fn json(diff: &Diff) -> Value {
    let changes: Vec<_> = diff
        .changes
        .iter()
        .map(|change| {
            json!({
                "pointer": change.pointer,
                "kind": change.kind.as_str(),
                "message": change.message,
                "wire": change.wire.to_string(),
                "rust": change.rust.to_string(),
            })
        })
        .collect();
    json!({
        "changes": changes,
        "summary": { "wire": diff.wire().to_string(), "rust": diff.rust().to_string() },
    })
}

fn is_breaking(change: &Change) -> bool {
    change.wire == Wire::Breaking || change.rust == Rust::Breaking
}

fn rust_colour(rust: Rust) -> &'static str {
    match rust {
        Rust::Patch => "32",
        Rust::Minor => "33",
        Rust::Breaking => "31",
    }
}

fn paint(text: &str, code: &str, colour: bool) -> String {
    if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

fn line(out: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{text}");
}
