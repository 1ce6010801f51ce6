//! A program made of generated types, which judges documents.

use crate::Real;
use agui_codegen::{Schema, Settings, generate};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

/// The program.
pub(crate) struct Scratch {
    program: PathBuf,
}

/// What a definition makes of a document.
pub(crate) struct Question {
    pub(crate) module: &'static str,
    pub(crate) definition: String,
    pub(crate) document: Value,
}

/// The document as it is written again, or the error.
pub(crate) struct Verdict {
    pub(crate) strict: Result<Value, String>,
    pub(crate) plain: Result<Value, String>,
}

/// Tests run side by side in one process; the second finds everything built.
static BUILDING: LazyLock<Mutex<()>> = LazyLock::new(Mutex::default);

impl Scratch {
    /// Generates the types and compiles them, warnings being errors.
    pub(crate) fn compile(schemas: &[(&Real, Value)]) -> Self {
        let _building = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real-schemas");
        fs::create_dir_all(folder.join("src")).unwrap();
        let ours = Path::new(env!("CARGO_MANIFEST_DIR"));
        let types = Value::from(ours.join("../agui-types").to_str().unwrap());
        let manifest = format!(
            "[package]\nname = \"real-schemas\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             agui-types = {{ path = {types}, default-features = false }}\nserde_json = \"1\"\n\n\
             [profile.dev]\ndebug = false\n"
        );
        update(&folder.join("Cargo.toml"), &manifest);
        // The versions that are downloaded already.
        fs::copy(ours.join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let mut modules = String::new();
        let mut arms = String::new();
        for (real, schema) in schemas {
            let Real { module, root, .. } = real;
            let generated = generate(&Schema::from(schema.clone()), &Settings::default())
                .unwrap_or_else(|error| panic!("{module}:\n{error}"));
            update(&folder.join(format!("src/{module}.rs")), generated.as_str());
            writeln!(modules, "mod {module};").unwrap();
            writeln!(arms, "\"{module}\" => {{").unwrap();
            writeln!(arms, "if definition == \"{root}\" {{ judge.visit::<{module}::{root}>(\"{root}\"); }}")
                .unwrap();
            writeln!(arms, "{module}::visit_definitions(&mut judge); }}").unwrap();
        }
        let main =
            include_str!("judge.rs.in").replace("/* modules */", &modules).replace("/* arms */", &arms);
        update(&folder.join("src/main.rs"), &main);
        let target = folder.join("target");
        let output = Command::new(env!("CARGO"))
            .args(["build", "--offline", "--quiet", "--target-dir"])
            .arg(&target)
            .current_dir(&folder)
            .env("RUSTFLAGS", "--deny warnings")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { program: target.join("debug").join(format!("real-schemas{}", std::env::consts::EXE_SUFFIX)) }
    }

    /// Has it judge documents.
    pub(crate) fn ask(&self, questions: &[Question]) -> Vec<Verdict> {
        let mut child =
            Command::new(&self.program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let asked: Vec<_> = questions
            .iter()
            .map(|question| json!([question.module, question.definition, question.document.to_string()]))
            .collect();
        // It reads everything before it writes.
        child.stdin.take().unwrap().write_all(Value::from(asked).to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answers.len(), questions.len());
        let verdict = |answer: &Value| match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["written"].clone()),
        };
        answers
            .iter()
            .map(|answer| Verdict { strict: verdict(&answer["strict"]), plain: verdict(&answer["plain"]) })
            .collect()
    }
}

/// Writes a file unless it has this content, so that nothing is built twice.
fn update(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap();
    }
}
