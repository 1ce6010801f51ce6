//! Why a schema cannot be what it is needed for.

use std::borrow::Cow;
use std::fmt;

/// A schema that cannot be a tool's, or cannot be expressed for a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    pointer: String,
    problem: Cow<'static, str>,
}

impl SchemaError {
    /// Where in the schema the problem is, as a JSON Pointer; empty for the whole.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The argument that is affected, such as `order.lines[].price`; empty if all are.
    #[must_use]
    pub fn argument(&self) -> String {
        let mut argument = String::new();
        let mut steps = self.pointer.split('/').skip(1);
        while let Some(step) = steps.next() {
            match step {
                "properties" => {
                    if !argument.is_empty() {
                        argument.push('.');
                    }
                    let name = steps.next().unwrap_or_default();
                    argument.push_str(&name.replace("~1", "/").replace("~0", "~"));
                }
                "items" => argument.push_str("[]"),
                "prefixItems" => {
                    argument.push('[');
                    argument.push_str(steps.next().unwrap_or_default());
                    argument.push(']');
                }
                // These carry a name or an index that is not the argument's.
                "$defs" | "definitions" | "anyOf" | "oneOf" | "allOf" => drop(steps.next()),
                _ => {}
            }
        }
        argument
    }

    pub(super) fn new(pointer: &Pointer, problem: impl Into<Cow<'static, str>>) -> Self {
        Self { pointer: pointer.0.clone(), problem: problem.into() }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let argument = self.argument();
        if !argument.is_empty() {
            write!(f, "argument `{argument}`: ")?;
        }
        f.write_str(&self.problem)?;
        if !self.pointer.is_empty() {
            write!(f, " (at {} of the schema)", self.pointer)?;
        }
        Ok(())
    }
}

impl std::error::Error for SchemaError {}

/// A JSON Pointer under construction.
#[derive(Clone, Default)]
pub(super) struct Pointer(String);

impl Pointer {
    pub(super) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push(&self, step: &str) -> Self {
        Self(format!("{}/{}", self.0, step.replace('~', "~0").replace('/', "~1")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_argument() {
        let at = Pointer::default().push("properties").push("a/b").push("items").push("anyOf").push("1");
        let error = SchemaError::new(&at.push("properties").push("c"), "no");
        assert_eq!(error.argument(), "a/b[].c");
        assert_eq!(
            error.to_string(),
            "argument `a/b[].c`: no (at /properties/a~1b/items/anyOf/1/properties/c of the schema)"
        );
        assert_eq!(SchemaError::new(&Pointer::default(), "no").to_string(), "no");
    }
}
