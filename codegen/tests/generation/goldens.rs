//! The goldens: a schema and what it gives, side by side in `tests/goldens`.

use agui_codegen::{Schema, Settings, generate};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens")
}

/// The names of the goldens' files with the given extension.
fn names(extension: &str) -> BTreeSet<String> {
    let paths = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    paths.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn goldens_are_current() {
    for name in names("json") {
        let schema = Schema::read(folder().join(format!("{name}.json"))).unwrap();
        let generated =
            generate(&schema, &Settings::default()).unwrap_or_else(|error| panic!("{name}:\n{error}"));
        super::compare(&folder().join(format!("{name}.rs")), generated.as_str());
    }
}

#[test]
fn every_golden_has_its_schema_and_its_behaviour() {
    let schemas = names("json");
    assert!(schemas.len() >= 12, "{schemas:?}");
    assert_eq!(names("rs"), schemas);
    let behaviours = folder().with_file_name("behaviour");
    for name in schemas {
        let tests = std::fs::read_to_string(behaviours.join(format!("{name}.rs"))).unwrap();
        assert!(tests.contains(&format!("#[path = \"../goldens/{name}.rs\"]")), "{name} is not compiled");
    }
}
