//! The inputs: made by the shared generator in a scratch folder, and verified by its checksums.

use crate::Outcome;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Everything that is decoded.
pub(crate) struct Inputs {
    /// The JSON text of each event: 50 runs, one after the other.
    pub(crate) events: Vec<String>,
    /// The same with a member that no event has.
    pub(crate) extended: Vec<String>,
    /// A `RunAgentInput`.
    pub(crate) input: Vec<u8>,
}

impl Inputs {
    pub(crate) fn make() -> Outcome<Self> {
        let shared = Path::new(env!("AGUI_SHARED_FOLDER")).join("bench");
        let scratch = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        generate(&shared, &scratch)?;
        verify(&shared, &scratch)?;

        let stream = fs::read_to_string(scratch.join("data/stream.ndjson"))?;
        let events: Vec<String> = stream.lines().map(str::to_owned).collect();
        let extended = events.iter().map(|event| extend(event)).collect::<Outcome<_>>()?;
        Ok(Self { events, extended, input: fs::read(scratch.join("data/input.json"))? })
    }
}

/// The events of the first run, which have the same mix as all fifty.
pub(crate) fn one_run(events: &[String]) -> Outcome<&[String]> {
    const LENGTH: usize = 200;
    events.get(..LENGTH).ok_or_else(|| "not even one run of events".into())
}

/// Runs a copy of the generator, because it writes beside itself.
fn generate(shared: &Path, scratch: &Path) -> Outcome<()> {
    fs::create_dir_all(scratch.join("data"))?;
    let script = scratch.join("gen_inputs.py");
    fs::write(&script, read(shared.join("gen_inputs.py"))?)?;
    let output = Command::new("python3")
        .arg(&script)
        .output()
        .map_err(|error| format!("python3 is needed to make the inputs and does not start: {error}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} failed, {}\n{complaint}", script.display(), output.status).into());
    }
    Ok(())
}

fn verify(shared: &Path, scratch: &Path) -> Outcome<()> {
    let sums = String::from_utf8(read(shared.join("data.sha256"))?)?;
    for line in sums.lines() {
        let (expected, file) = line.split_once("  ").ok_or_else(|| format!("not a checksum: {line}"))?;
        let found = sha256(&read(scratch.join(file))?);
        if found != expected {
            return Err(format!("{file} was not made as it should: its SHA-256 is {found}").into());
        }
    }
    Ok(())
}

fn read(path: PathBuf) -> Outcome<Vec<u8>> {
    fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()).into())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn extend(event: &str) -> Outcome<String> {
    let open = event.strip_suffix('}').ok_or("an event is not an object")?;
    Ok(format!(r#"{open},"severity":9}}"#))
}
