//! The schema documents that the types are held against, with a validator for each definition.

use super::shape::{self, Shape, Tagged};
use super::shared;
use jsonschema::{Draft, ValidatorMap};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

/// One schema document.
pub(crate) struct Schema {
    pub(crate) name: &'static str,
    shapes: BTreeMap<String, Shape>,
    validators: ValidatorMap,
}

static OWN: LazyLock<Schema> = LazyLock::new(|| Schema::load("our schema", &in_use()));

/// The file that the types are built from, as the build script finds it.
fn in_use() -> PathBuf {
    experiment().unwrap_or_else(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema");
        let current = std::fs::read_to_string(folder.join("current")).unwrap();
        folder.join(current.trim())
    })
}

/// A schema that the types are built from for an experiment.
fn experiment() -> Option<PathBuf> {
    std::env::var_os("AGUI_SCHEMA").filter(|path| !path.is_empty()).map(PathBuf::from)
}

static OFFICIAL: OnceLock<Schema> = OnceLock::new();

/// The repository's schema.
pub(crate) fn own() -> &'static Schema {
    &OWN
}

/// The official schema; otherwise says that `what` is skipped.
pub(crate) fn official(what: impl Display) -> Option<&'static Schema> {
    if experiment().is_some() {
        shared::skipped(format_args!("{what}: the types are built from AGUI_SCHEMA"));
        return None;
    }
    let path = shared::find(&format!("schema/ag-ui-{}.official.json", agui_types::PROTOCOL_VERSION), what)?;
    Some(OFFICIAL.get_or_init(|| Schema::load("the official schema", &path)))
}

/// All schemas there are; says so if `what` has to do without the official one.
pub(crate) fn all(what: impl Display) -> impl Iterator<Item = &'static Schema> {
    [own()].into_iter().chain(official(format_args!("{what} against the official schema")))
}

/// A validator for a document of its own.
#[cfg(feature = "schemars")]
pub(crate) fn validator(schema: &Value) -> jsonschema::Validator {
    let options = jsonschema::options().with_draft(Draft::Draft202012).offline();
    options.build(schema).unwrap_or_else(|error| panic!("{schema}: {error}"))
}

impl Schema {
    fn load(name: &'static str, path: &Path) -> Self {
        let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let document =
            serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::new(name, &document)
    }

    /// The schema that a document is.
    pub(crate) fn new(name: &'static str, document: &Value) -> Self {
        // Compiles a validator for every subschema; only those of the definitions are used.
        let options = jsonschema::options().with_draft(Draft::Draft202012).offline();
        let validators = options.build_map(document).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name, shapes: shape::read(document), validators }
    }

    /// The names of the definitions.
    pub(crate) fn definitions(&self) -> impl Iterator<Item = &str> {
        self.shapes.keys().map(String::as_str)
    }

    /// The shape of a definition.
    pub(crate) fn shape(&self, definition: &str) -> &Shape {
        self.shapes.get(definition).unwrap_or_else(|| panic!("{} has no {definition}", self.name))
    }

    /// The shape behind references.
    pub(crate) fn resolve<'s>(&'s self, mut shape: &'s Shape) -> &'s Shape {
        while let Shape::Reference(name) = shape {
            shape = self.shape(name);
        }
        shape
    }

    /// The union among the definitions that has the given one as a member.
    pub(crate) fn union_of(&self, definition: &str) -> Option<&Tagged> {
        let member = Shape::Reference(definition.to_owned());
        self.unions().find(|union| union.variants.values().any(|variant| *variant == member))
    }

    /// The unions among the definitions.
    pub(crate) fn unions(&self) -> impl Iterator<Item = &Tagged> {
        self.shapes.values().filter_map(|shape| match shape {
            Shape::Tagged(union) => Some(union),
            _ => None,
        })
    }

    /// Whether `document` is a valid `definition`.
    pub(crate) fn accepts(&self, definition: &str, document: &Value) -> bool {
        self.validators[format!("#/$defs/{definition}").as_str()].is_valid(document)
    }

    /// The judgement of [`Schema::accepts`] in words.
    pub(crate) fn verdict(&self, definition: &str, document: &Value) -> String {
        match self.validators[format!("#/$defs/{definition}").as_str()].validate(document) {
            Ok(()) => format!("valid by {}", self.name),
            Err(error) => format!("invalid by {}: `{}` {error}", self.name, error.instance_path()),
        }
    }
}
