//! The official corpus of streams, over real HTTP, and every key of what is expected of a client.
//!
//! `AGUI_CONFORMANCE_DIR` names the folder of the streams; otherwise they are looked for in `conformance/streams` of
//! the folder that `AGUI_SHARED` names, `../shared` if it is not set. The format is described by its fields:
//! `stream` is sent as it is written, a frame an element, and `expect` says what has to be seen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers as well"
)]

#[path = "conformance/case.rs"]
mod case;
#[path = "conformance/expect.rs"]
mod expect;
#[path = "conformance/names.rs"]
mod names;
#[path = "conformance/samples.rs"]
mod samples;
#[path = "conformance/tables.rs"]
mod tables;
#[path = "conformance/texts.rs"]
mod texts;
#[path = "conformance/words.rs"]
mod words;

use case::Case;
use futures_util::FutureExt;
use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

#[tokio::test]
async fn every_stream_is_taken_as_the_corpus_says() {
    let Some(folder) = folder() else { return };
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no streams in {}", folder.display());

    let mut wrong = Vec::new();
    for file in &files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let complaints = match std::fs::read_to_string(file) {
            Ok(text) => complaints(&text).await,
            Err(error) => vec![error.to_string()],
        };
        wrong.extend(complaints.into_iter().map(|what| format!("{name}: {what}")));
    }
    assert!(wrong.is_empty(), "of {} streams:\n{}", files.len(), wrong.join("\n"));
    println!("{} streams", files.len());
}

/// What is not as a file says. Whatever is wrong with one is told beside what is wrong with others.
async fn complaints(text: &str) -> Vec<String> {
    let told = async {
        match Case::read(text) {
            Ok(case) => expect::complaints(&case, &case.run().await),
            Err(why) => vec![why],
        }
    };
    AssertUnwindSafe(told).catch_unwind().await.unwrap_or_else(|_| vec!["it panics".to_owned()])
}

/// Where the streams are; `None` if there are none, which is said.
fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("AGUI_CONFORMANCE_DIR") {
        return Some(folder.into());
    }
    let shared = std::env::var_os("AGUI_SHARED").map(PathBuf::from);
    let named = shared.is_some();
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let folder = shared.join("conformance/streams");
    if folder.exists() || named {
        return Some(folder);
    }
    // Standard error itself: libtest captures what the macros print, but not this.
    let _ = std::io::stderr().write_all(
        b"conformance: skipped: no streams in ../shared, nor is AGUI_SHARED or AGUI_CONFORMANCE_DIR set\n",
    );
    None
}
