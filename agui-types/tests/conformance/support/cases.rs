//! Random cases of a property, reproducible by their seed.

use super::definitions::Definition;
use super::generate;
use super::json::{self, Order};
use super::property::Subject;
use super::rng::Rng;
use super::schema::{self, Schema};
use super::shape::Shape;
use serde_json::Value;
use std::fmt::Display;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A failing property names this many definitions at most.
const MAX_FAILURES: usize = 5;

/// One random case: a definition and a source of randomness of its own.
pub(crate) struct Case {
    pub(crate) schema: &'static Schema,
    pub(crate) definition: Definition,
    pub(crate) rng: Rng,
}

impl Case {
    /// The shape of the case's definition.
    pub(crate) fn shape(&self) -> &'static Shape {
        self.subject().shape()
    }

    /// What decoders and schema are asked for.
    pub(crate) fn subject(&self) -> Subject {
        Subject { schema: self.schema, definition: self.definition }
    }

    /// A random valid document of the case's definition.
    pub(crate) fn document(&mut self) -> Value {
        generate::document(self.schema, self.shape(), &mut self.rng)
    }

    /// The text of a document, in any order and spelling.
    pub(crate) fn text(&mut self, document: &Value) -> String {
        let order = self.rng.choice([Order::Sorted, Order::Shuffled, Order::TagsLast]).unwrap();
        json::respell(document, order, &mut self.rng)
    }

    /// Whether the schema accepts a document as the case's definition.
    pub(crate) fn accepts(&self, document: &Value) -> bool {
        self.schema.accepts(self.definition.name, document)
    }

    /// See [`Subject::failure`].
    pub(crate) fn failure(&self, wrong: impl Display, text: &str, ours: impl Display) -> String {
        self.subject().failure(wrong, text, ours)
    }
}

/// Checks a property on `count` random cases of every definition, against every schema there is.
///
/// # Panics
///
/// When the property fails, with the first failure of some definitions and the seed.
pub(crate) fn for_every_definition(
    property: &str,
    count: usize,
    check: impl Fn(&mut Case) -> Result<(), String>,
) {
    let seed = seed();
    let count = scaled(count);
    println!("{property}: AGUI_SEED={seed}");
    let mut failures = Vec::new();
    let mut failed = 0;
    for schema in schema::all(property) {
        for definition in Definition::all() {
            let first = (0..count).find_map(|number| {
                let rng = Rng::with_seed(hash((seed, property, schema.name, definition.name, number)));
                let failure = check(&mut Case { schema, definition, rng }).err()?;
                Some(format!("{} by {}, case {number}: {failure}", definition.name, schema.name))
            });
            failed += usize::from(first.is_some());
            failures.extend(first.filter(|_| failures.len() < MAX_FAILURES));
        }
    }
    assert!(
        failures.is_empty(),
        "{property}: {failed} definitions fail, repeat with AGUI_SEED={seed}\n\n{}\n",
        failures.join("\n\n")
    );
}

/// The seed of this run: `AGUI_SEED`, or a random one.
pub(crate) fn seed() -> u64 {
    match std::env::var("AGUI_SEED") {
        Ok(seed) => seed.parse().unwrap_or_else(|_| panic!("AGUI_SEED is {seed}, which is no seed")),
        Err(_) => fastrand::u64(..),
    }
}

/// At least one case, whatever the factor.
fn scaled(count: usize) -> usize {
    let factor: f64 = match std::env::var("AGUI_CASES") {
        Ok(factor) => factor.parse().unwrap_or_else(|_| panic!("AGUI_CASES is {factor}, which is no factor")),
        Err(_) => 1.0,
    };
    ((count as f64 * factor) as usize).max(1)
}

/// A seed from whatever tells a case from others.
pub(crate) fn hash(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
