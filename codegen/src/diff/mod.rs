//! What changed between two schemas, and what that means: for peers on the wire that still speak the
//! old one, and for users of the Rust code generated from it.

mod compare;
mod getters;
mod render;
mod structure;

pub use compare::diff;
pub use render::{json, markdown, text};

pub(crate) use structure::Structure;

use std::fmt;

/// All changes from one schema to another, in the order of their pointers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diff {
    /// The changes.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Change {
    /// JSON Pointer into the new schema, for removals into the old one.
    pub pointer: String,
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// What changed, in words.
    pub message: String,
    /// What it means for the wire.
    pub wire: Wire,
    /// What it means for users of the generated Rust.
    pub rust: Rust,
}

/// The kinds of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The version that the `$id` carries.
    Version,
    /// What the document as a whole describes.
    Root,
    /// A definition that was not there.
    DefinitionAdded,
    /// A definition that is gone.
    DefinitionRemoved,
    /// A definition of the same structure under another name.
    DefinitionRenamed,
    /// A definition that is another kind of thing, such as an object that became a union.
    DefinitionKind,
    /// A property that was not there.
    PropertyAdded,
    /// A property that is gone.
    PropertyRemoved,
    /// A property of the same type under another name.
    PropertyRenamed,
    /// A property that became required.
    PropertyRequired,
    /// A property that became optional.
    PropertyOptional,
    /// Which optional properties have to be there together, or instead of each other.
    Presence,
    /// Required properties in another order, which is that of the constructor's arguments.
    RequiredOrder,
    /// A value that became another type.
    Type,
    /// Whether `null` is a value.
    Nullable,
    /// The one legal value of a constant, or whether it is one: an enumeration of one value may grow.
    Constant,
    /// A minimum, maximum, length or number of items.
    Bounds,
    /// A regular expression.
    Pattern,
    /// What an absent value means.
    Default,
    /// Whether an object has members beside those listed, and which.
    Openness,
    /// A value that was added to an enumeration.
    ValueAdded,
    /// A value that is gone from an enumeration.
    ValueRemoved,
    /// A member that was added to a union.
    VariantAdded,
    /// A member that is gone from a union.
    VariantRemoved,
    /// The property that tells the members of a union apart.
    Discriminator,
    /// The Rust interface alone: a type's name, a `Box`, or a method of a union.
    RustType,
}

/// What a change means for peers of different versions.
///
/// A change is compatible if every exchange between an old and a new peer goes on: what is new to the
/// old one is unrecognised and stripped by the processing rules (PROC-1 to PROC-8), and nothing that the
/// old one sends is malformed or lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wire {
    /// Peers of both versions get along.
    Compatible,
    /// One side rejects or loses what the other sends.
    Breaking,
}

/// What a change means for code that uses the generated types, in terms of semantic versioning, given
/// that structs and enums are `#[non_exhaustive]` and built by constructors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rust {
    /// The same interface.
    Patch,
    /// Something is added, what compiled still compiles.
    Minor,
    /// Something that compiled may no longer compile.
    Breaking,
}

impl Diff {
    /// The worst of all changes for the wire.
    #[must_use]
    pub fn wire(&self) -> Wire {
        self.changes.iter().map(|change| change.wire).max().unwrap_or(Wire::Compatible)
    }

    /// The worst of all changes for users of the generated Rust.
    #[must_use]
    pub fn rust(&self) -> Rust {
        self.changes.iter().map(|change| change.rust).max().unwrap_or(Rust::Patch)
    }

    /// Whether anything is breaking, for the wire or in Rust.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.wire() == Wire::Breaking || self.rust() == Rust::Breaking
    }
}

impl ChangeKind {
    /// The kind as it stands in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Root => "root",
            Self::DefinitionAdded => "definition-added",
            Self::DefinitionRemoved => "definition-removed",
            Self::DefinitionRenamed => "definition-renamed",
            Self::DefinitionKind => "definition-kind",
            Self::PropertyAdded => "property-added",
            Self::PropertyRemoved => "property-removed",
            Self::PropertyRenamed => "property-renamed",
            Self::PropertyRequired => "property-required",
            Self::PropertyOptional => "property-optional",
            Self::Presence => "presence",
            Self::RequiredOrder => "required-order",
            Self::Type => "type",
            Self::Nullable => "nullable",
            Self::Constant => "constant",
            Self::Bounds => "bounds",
            Self::Pattern => "pattern",
            Self::Default => "default",
            Self::Openness => "openness",
            Self::ValueAdded => "value-added",
            Self::ValueRemoved => "value-removed",
            Self::VariantAdded => "variant-added",
            Self::VariantRemoved => "variant-removed",
            Self::Discriminator => "discriminator",
            Self::RustType => "rust-type",
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        })
    }
}

impl fmt::Display for Rust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Breaking => "breaking",
        })
    }
}
