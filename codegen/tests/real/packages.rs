//! The packages that carry the schemas, installed by npm.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The folder of the installed packages; otherwise says that `what` is skipped.
pub(crate) fn installed(what: &str) -> Option<&'static Path> {
    static INSTALLED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match INSTALLED.get_or_init(install) {
        Ok(folder) => Some(folder),
        Err(missing) => {
            let skippable = std::env::var("CI").as_deref() != Ok("true");
            assert!(skippable, "CI=true, but {what} would be skipped: {missing}");
            // Past libtest, which captures what the macros print. Nothing sensible can be done when
            // standard error is closed.
            let _ = std::io::stderr().write_all(format!("real: skipped {what}: {missing}\n").as_bytes());
            None
        }
    }
}

fn install() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real");
    let (lock, modules) = (folder.join("package-lock.json"), folder.join("node_modules"));
    let installed = modules.join(".installed");
    let told = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    // Other test processes wait.
    let pins = File::open(&lock).map_err(|error| told(&lock, error))?;
    pins.lock().map_err(|error| told(&lock, error))?;
    let wanted = fs::read(&lock).map_err(|error| told(&lock, error))?;
    if fs::read(&installed).is_ok_and(|present| present == wanted) {
        return Ok(modules);
    }
    // The schemas are all that is wanted: no programs for this machine, nothing is run. Unlike `ci`,
    // `install` does without those programs also where the registry lacks some of them; what the lock file
    // pins is pinned all the same. Patient enough for a slow registry, but not for one out of reach.
    let arguments = ["install", "--no-save", "--omit=optional", "--ignore-scripts", "--no-audit"];
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(npm);
    command.args(arguments).args(["--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"]);
    command.current_dir(&folder).stdin(Stdio::null());
    let output = command.output().map_err(|error| format!("`npm` cannot be run: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`npm install` failed: {}", said.lines().next().unwrap_or("in silence")));
    }
    fs::write(&installed, wanted).map_err(|error| told(&installed, error))?;
    Ok(modules)
}
