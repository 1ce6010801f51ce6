//! JSON Schema 2020-12 to Rust types.
//!
//! In a build script, [`Generator`] does it all; [`generate`] is the function behind it.
//!
//! ```no_run
//! # fn main() -> Result<(), agui_codegen::Error> {
//! use agui_codegen::{Schema, Settings, generate};
//!
//! let schema = Schema::read("schema/protocol.json")?;
//! let code = generate(&schema, &Settings::default())?;
//! code.write_if_changed("generated.rs")?;
//! # Ok(()) }
//! ```
//!
//! The output calls `agui_types::runtime`; see there for what the generated types can do. The same
//! schema gives the same bytes, whatever the order of its members, and nothing in it is skipped: a
//! keyword without a translation is an error that names its place.
//!
//! A run through the passes, each a module: `node` reads keywords, `compose` flattens `allOf`,
//! `unions` and `resolve` make the model, `skeleton` has typify choose names and types, `layout`
//! decides what is boxed, `emit` writes Rust.

mod adopt;
mod clashes;
mod compose;
pub mod diff;
mod distribute;
mod emit;
mod error;
mod files;
mod generator;
mod independent;
mod layout;
mod model;
mod names;
mod node;
mod pattern;
mod reference;
mod replace;
mod resolve;
mod rules;
mod schema;
mod settings;
mod skeleton;
mod undescribed;
mod unions;

pub use adopt::{Adopted, adopt};
pub use error::{Error, Problem};
pub use files::{write_all, write_if_changed};
pub use generator::Generator;
pub use reference::reference;
pub use schema::Schema;
pub use settings::{Settings, UnknownMembers};
pub use undescribed::undescribed;

use std::path::Path;

/// Generated Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    text: String,
}

impl Generated {
    /// The text of the file.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Writes the file unless it has this content already, so that nothing is rebuilt for nothing.
    /// Returns whether it was written. The new file takes the old one's place in one step.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written.
    pub fn write_if_changed(&self, path: impl AsRef<Path>) -> Result<bool, Error> {
        write_if_changed(path, &self.text)
    }
}

/// Generates one Rust file from a schema.
///
/// # Errors
///
/// When the schema has problems, all of which are reported, each with its JSON Pointer. (Only what may
/// be a consequence of a misread keyword waits until that is mended.)
pub fn generate(schema: &Schema, settings: &Settings) -> Result<Generated, Error> {
    let model = model(schema)?;
    let skeleton = skeleton::skeleton(&model)?;
    let layout = layout::layout(&model);
    let replaced = replace::replaced(&model, settings)?;
    let text = emit::file(schema, settings, &model, &skeleton, &layout, &replaced)?;
    Ok(Generated { text })
}

/// Judges a schema without generating: every keyword supported, every reference resolved.
///
/// # Errors
///
/// As [`generate`].
pub fn check(schema: &Schema) -> Result<(), Error> {
    model(schema).map(|_| ())
}

fn model(schema: &Schema) -> Result<model::Model, Error> {
    let (document, misread) = node::read(schema.document());
    let resolved = resolve::resolve(&document);
    if misread.is_empty() {
        return resolved.map_err(Error::Schema);
    }
    let mut problems = independent::independent(&document, &misread, resolved.err().unwrap_or_default());
    problems.extend(misread);
    problems.sort();
    Err(Error::Schema(problems))
}
