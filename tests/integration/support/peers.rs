//! Other implementations of the protocol, run as programs from `tests/peers`.

use serde_json::Value;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// An interpreter with the peer's packages installed.
#[derive(Debug)]
pub(crate) struct Peer {
    program: PathBuf,
}

impl Peer {
    /// Node with the reference implementation; otherwise says that `what` is skipped.
    pub(crate) fn node(what: &str) -> Option<&'static Self> {
        static NODE: OnceLock<Result<Peer, String>> = OnceLock::new();
        available(NODE.get_or_init(install_node), what)
    }

    /// Python with the protocol's package; otherwise says that `what` is skipped.
    pub(crate) fn python(what: &str) -> Option<&'static Self> {
        static PYTHON: OnceLock<Result<Peer, String>> = OnceLock::new();
        available(PYTHON.get_or_init(install_python), what)
    }

    /// Begins to run a script of `tests/peers`, with pipes to talk to it.
    #[track_caller]
    pub(crate) fn spawn(&self, script: &str, arguments: &[&str]) -> Child {
        Command::new(&self.program)
            .arg(folder().join(script))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs a script of `tests/peers` and returns the JSON document that it prints.
    #[track_caller]
    pub(crate) fn run(&self, script: &str, arguments: &[&str], input: &str) -> Value {
        let mut child = self.spawn(script, arguments);
        // The scripts read everything before they print, so this cannot block for good.
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script} failed: {complaints}");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{script}: {error}: {complaints}"))
    }

    /// What one of the validators finds wrong with each of some events.
    #[track_caller]
    pub(crate) fn problems(&self, validator: &str, events: &[Value]) -> Vec<Vec<String>> {
        let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
        let problems: Vec<Vec<String>> = serde_json::from_value(self.run(validator, &[], &lines)).unwrap();
        assert_eq!(problems.len(), events.len(), "{validator} judges each event once");
        problems
    }
}

/// One line to the real standard error: libtest captures what the macros print, but not this.
pub(crate) fn skipped(what: &str, missing: &str) {
    let skippable = std::env::var("CI").as_deref() != Ok("true");
    assert!(skippable, "CI=true, but {what} would be skipped: {missing}");
    let line = format!("integration: skipped {what}: {missing}\n");
    // Nothing sensible can be done when standard error is closed.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

fn available(peer: &'static Result<Peer, String>, what: &str) -> Option<&'static Peer> {
    peer.as_ref().map_err(|missing| skipped(what, missing)).ok()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers")
}

fn install_node() -> Result<Peer, String> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    succeed("node", Command::new("node").arg("--version"))?;
    succeed("npm", Command::new(npm).arg("--version"))?;
    once("package-lock.json", "node_modules", || {
        // Patient enough for a slow registry, but not for one that is out of reach.
        let arguments = ["ci", "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"];
        succeed("npm ci", Command::new(npm).args(arguments).current_dir(folder()))
    })?;
    Ok(Peer { program: "node".into() })
}

fn install_python() -> Result<Peer, String> {
    let venv = folder().join(".venv");
    let program = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    once("requirements.txt", ".venv", || {
        let python = if cfg!(windows) { "python" } else { "python3" };
        succeed(python, Command::new(python).args(["-m", "venv", "--clear"]).arg(&venv))?;
        let arguments = ["-m", "pip", "install", "-qq", "--retries=1", "--requirement=requirements.txt"];
        succeed("pip install", Command::new(&program).args(arguments).current_dir(folder()))
    })?;
    Ok(Peer { program })
}

/// Installs what `pins` says into a folder, unless that is what is there. Other test processes wait.
fn once(pins: &str, into: &str, install: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    let pins = folder().join(pins);
    let installed = folder().join(into).join(".installed");
    let lock = File::open(&pins).map_err(|error| format!("{}: {error}", pins.display()))?;
    lock.lock().map_err(|error| format!("{}: {error}", pins.display()))?;
    let wanted = fs::read(&pins).map_err(|error| format!("{}: {error}", pins.display()))?;
    if fs::read(&installed).is_ok_and(|present| present == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))
}

/// Runs a command; an error is one line.
fn succeed(what: &str, command: &mut Command) -> Result<(), String> {
    match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = [output.stderr, output.stdout].concat();
            let said = String::from_utf8_lossy(&said);
            let first = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("in silence");
            Err(format!("`{what}` failed: {first}"))
        }
        Err(error) => Err(format!("`{what}` cannot be run: {error}")),
    }
}
