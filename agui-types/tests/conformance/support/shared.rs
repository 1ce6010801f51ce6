//! The folder with material that is not part of the repository, and how its absence is made known.

use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the shared folder holds under `path`; if it does not, says that `what` is skipped.
///
/// # Panics
///
/// When `AGUI_SHARED` names a folder that lacks it: who names one wants it used.
pub(crate) fn find(path: &str, what: impl Display) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("AGUI_SHARED") {
        let found = Path::new(&named).join(path);
        assert!(found.exists(), "AGUI_SHARED is {}, where there is no {path}", named.display());
        return Some(found);
    }
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    skipped(format_args!("{what}: no {path} in the folder ../shared, nor is AGUI_SHARED set"));
    None
}

/// One line to the real standard error: libtest captures what the macros print, but not this.
pub(super) fn skipped(what: impl Display) {
    static SKIPPED: AtomicUsize = AtomicUsize::new(0);
    let count = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
    let line = format!("conformance: skipped ({count} so far) {what}\n");
    // Nothing sensible can be done when standard error is closed.
    let _ = std::io::stderr().write_all(line.as_bytes());
}
