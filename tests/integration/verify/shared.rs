//! The folder with material that is not part of the repository.

use std::io::Write;
use std::path::{Path, PathBuf};

/// What the shared folder holds under `path`; if it does not, says that `what` is skipped.
///
/// # Panics
///
/// When `AGUI_SHARED` names a folder that lacks it: who names one wants it used.
pub(crate) fn find(path: &str, what: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("AGUI_SHARED") {
        let found = Path::new(&named).join(path);
        assert!(found.exists(), "AGUI_SHARED is {}, where there is no {path}", named.display());
        return Some(found);
    }
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    let line =
        format!("integration: skipped {what}: no {path} in the folder ../shared, nor is AGUI_SHARED set\n");
    // Nothing sensible can be done when standard error is closed.
    let _ = std::io::stderr().write_all(line.as_bytes());
    None
}

/// The files of a folder whose names end like this, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    files.sort();
    files
}
