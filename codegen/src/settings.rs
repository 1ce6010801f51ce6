//! How to generate.

use crate::schema::Schema;
use std::collections::BTreeMap;

/// How to generate.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) runtime: String,
    pub(crate) derives: Vec<String>,
    pub(crate) replacements: BTreeMap<String, String>,
    pub(crate) reused: Vec<(Schema, String)>,
    pub(crate) unknown_members: UnknownMembers,
}

/// What serde's `Deserialize` does with members that a closed object does not list. (The functions of
/// the runtime have a policy of their own each.)
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownMembers {
    /// They are skipped.
    #[default]
    Skip,
    /// They are an error.
    Deny,
}

impl Settings {
    /// The path of `agui_types::runtime` from where the generated code is compiled; by default
    /// `::agui_types::runtime`. Users of the facade write `::agui::codec`.
    #[must_use]
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.runtime = path.into();
        self
    }

    /// A further derive for every generated struct and enum, by name or path, such as `Eq`.
    #[must_use]
    pub fn derive(mut self, path: impl Into<String>) -> Self {
        self.derives.push(path.into());
        self
    }

    /// Uses the type at `path` for a definition instead of generating one. The type has to offer what
    /// the generated one would: it is imported under the definition's name.
    #[must_use]
    pub fn replace(mut self, definition: impl Into<String>, path: impl Into<String>) -> Self {
        self.replacements.insert(definition.into(), path.into());
        self
    }

    /// Uses the types of `module`, which are generated from `schema`, for all definitions of the same
    /// name and the same structure. What differs, and what refers to what differs, is generated.
    #[must_use]
    pub fn reuse(mut self, schema: Schema, module: impl Into<String>) -> Self {
        self.reused.push((schema, module.into()));
        self
    }

    /// What `Deserialize` does with unknown members.
    #[must_use]
    pub fn unknown_members(mut self, policy: UnknownMembers) -> Self {
        self.unknown_members = policy;
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            runtime: "::agui_types::runtime".to_owned(),
            derives: Vec::new(),
            replacements: BTreeMap::new(),
            reused: Vec::new(),
            unknown_members: UnknownMembers::default(),
        }
    }
}
