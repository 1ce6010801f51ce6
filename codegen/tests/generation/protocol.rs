//! The schema of AG-UI: what it gives, and how it relates to the official one.

use agui_codegen::{Schema, Settings, generate, undescribed};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text() -> String {
    std::fs::read_to_string(repository().join("schema/ag-ui-1.0.json")).unwrap()
}

fn schema() -> Schema {
    Schema::parse(&text()).unwrap()
}

fn settings() -> Settings {
    Settings::default().runtime("crate::runtime")
}

/// The schema as its authors publish it, which is no part of the repository: it is looked for in
/// `AGUI_SHARED`, or beside the repository, where its absence is no failure.
fn official() -> Option<Schema> {
    let named = std::env::var_os("AGUI_SHARED").map(PathBuf::from);
    let optional = named.is_none();
    let shared = named.unwrap_or_else(|| repository().join("../shared"));
    let file = shared.join("schema/ag-ui-1.0.official.json");
    if optional && !file.exists() {
        // Past the test harness, which captures what `eprintln` prints.
        std::io::stderr()
            .write_all(b"skipped: AGUI_SHARED is not set, so there is no official schema\n")
            .unwrap();
        return None;
    }
    Some(Schema::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}

#[test]
fn the_committed_types_are_current() {
    let current = std::fs::read_to_string(repository().join("schema/current")).unwrap();
    let schema = Schema::read(repository().join("schema").join(current.trim())).unwrap();
    let generated = generate(&schema, &settings()).unwrap();
    super::compare(&repository().join("agui-types/src/generated.rs"), generated.as_str());
}

#[test]
fn generating_twice_gives_the_same() {
    assert_eq!(generate(&schema(), &settings()).unwrap(), generate(&schema(), &settings()).unwrap());
}

/// Puts the members of an object into another order.
type Arrange<'a> = &'a mut dyn FnMut(&mut [(&String, &Value)]);

/// The text of a JSON value, with the members of every object in the order that `arrange` gives them.
fn written(value: &Value, arrange: Arrange<'_>) -> String {
    match value {
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            arrange(&mut members);
            let members: Vec<_> = members
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), written(value, arrange)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| written(item, arrange)).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

/// This can only fail where serde_json keeps the order of members, which our feature `cli` has it do;
/// without, as in most users' builds, it sorts them.
#[test]
fn the_order_of_members_does_not_matter() {
    let (schema, expected) = (schema(), generate(&schema(), &settings()).unwrap());
    let mut random = fastrand::Rng::with_seed(1);
    let reversed = written(schema.document(), &mut |members| members.reverse());
    let shuffled = written(schema.document(), &mut |members| random.shuffle(members));
    for text in [reversed, shuffled] {
        assert_ne!(text, schema.document().to_string());
        assert_eq!(generate(&Schema::parse(&text).unwrap(), &settings()).unwrap(), expected);
    }
}

/// A line of generated code; if it is the schema of a type, without what only describes.
fn without_descriptions(line: &str) -> String {
    let text = line.trim().strip_prefix("r#\"").and_then(|text| text.strip_suffix("\"#,"));
    match text.map(serde_json::from_str) {
        Some(schema) => structure(&schema.unwrap()).to_string(),
        None => line.to_owned(),
    }
}

#[test]
fn the_official_schema_gives_the_same_types() {
    let Some(official) = official() else { return };
    let code = |schema| {
        let generated = generate(schema, &settings()).unwrap();
        let lines = generated.as_str().lines().filter(|line| !line.trim_start().starts_with("///"));
        lines.map(|line| without_descriptions(line) + "\n").collect::<String>()
    };
    let difference = super::first_difference(&code(&official), &code(&schema()));
    assert!(difference.is_none(), "{}", difference.unwrap());
}

/// The schema without what only describes; properties called `title` or `description` stay.
fn structure(schema: &Value) -> Value {
    match schema {
        Value::Object(keywords) => {
            let kept = keywords
                .iter()
                .filter(|(keyword, _)| !["title", "description", "$comment"].contains(&keyword.as_str()));
            let member = |(keyword, value): (&String, &Value)| {
                let value = match (keyword.as_str(), value) {
                    ("properties" | "$defs", Value::Object(schemas)) => Value::Object(
                        schemas.iter().map(|(name, schema)| (name.clone(), structure(schema))).collect(),
                    ),
                    ("const" | "enum" | "default" | "examples" | "required", value) => value.clone(),
                    (_, value) => structure(value),
                };
                (keyword.clone(), value)
            };
            Value::Object(kept.map(member).collect::<Map<_, _>>())
        }
        Value::Array(schemas) => schemas.iter().map(structure).collect(),
        other => other.clone(),
    }
}

#[test]
fn only_descriptions_are_stripped() {
    let schema = serde_json::json!({
        "title": "T", "properties": { "title": { "description": "D", "const": { "title": 1 } } },
    });
    let bare = serde_json::json!({ "properties": { "title": { "const": { "title": 1 } } } });
    assert_eq!(structure(&schema), bare);
}

#[test]
fn our_schema_has_the_structure_of_the_official_one() {
    let Some(official) = official() else { return };
    let (ours, theirs) = (structure(schema().document()), structure(official.document()));
    let differing = |name: &&String| ours["$defs"].get(name.as_str()) != theirs["$defs"].get(name.as_str());
    let names =
        |schema: &Value| schema["$defs"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let all = &names(&ours) | &names(&theirs);
    assert_eq!(all.iter().filter(differing).collect::<Vec<_>>(), [&""; 0]);
    assert_eq!(ours, theirs);
    // The official file lists keys in an order that readers are used to; sorted or not, it is the same.
    assert_eq!(schema().id(), official.id());
}

/// All descriptions and comments of a schema, by pointer.
fn descriptions(schema: &Value, pointer: &str, found: &mut BTreeMap<String, String>) {
    match schema {
        Value::Object(keywords) => {
            for (keyword, at) in [("description", ""), ("$comment", "/$comment")] {
                if let Some(Value::String(text)) = keywords.get(keyword) {
                    found.insert(format!("{pointer}{at}"), text.clone());
                }
            }
            for (keyword, value) in keywords {
                match (keyword.as_str(), value) {
                    ("properties" | "$defs", Value::Object(schemas)) => {
                        for (name, schema) in schemas {
                            descriptions(schema, &format!("{pointer}/{keyword}/{name}"), found);
                        }
                    }
                    ("const" | "enum" | "default" | "examples", _) => {}
                    _ => descriptions(value, &format!("{pointer}/{keyword}"), found),
                }
            }
        }
        Value::Array(schemas) => {
            for (index, schema) in schemas.iter().enumerate() {
                descriptions(schema, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn described(schema: &Schema) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    descriptions(schema.document(), "", &mut found);
    found
}

#[test]
fn everything_is_described_once_and_for_itself() {
    let schema = schema();
    assert_eq!(schema.document()["$defs"].as_object().unwrap().len(), 98);
    assert_eq!(undescribed(&schema), []);
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    for (pointer, text) in described(&schema) {
        assert!(text.chars().count() >= 25, "{pointer}: {text:?} says little");
        if let Some(other) = places.insert(text, pointer.clone()) {
            panic!("{other} and {pointer} are described by the same words");
        }
    }
    assert!(places.len() > 98, "{}", places.len());
}

/// The words of a text, without case and punctuation.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[test]
fn our_descriptions_are_our_own_words() {
    let Some(official) = official() else { return };
    let runs = |texts: &BTreeMap<String, String>| {
        let mut runs = BTreeMap::new();
        for (pointer, text) in texts {
            for run in words(text).windows(8) {
                runs.insert(run.join(" "), pointer.clone());
            }
        }
        runs
    };
    let theirs = runs(&described(&official));
    assert!(theirs.len() > 1000, "{} runs of words", theirs.len());
    let shared: Vec<_> =
        runs(&described(&schema())).into_iter().filter(|(run, _)| theirs.contains_key(run)).collect();
    assert_eq!(shared, []);
}
