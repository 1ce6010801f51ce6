//! Inline schemas that become definitions, and their names.

use super::{Place, Resolver};
use crate::model::Definition;
use crate::names;
use crate::node::Node;

impl<'d> Resolver<'d> {
    /// The definition made of an inline schema that needs one.
    pub(super) fn inline(
        &mut self,
        node: &'d Node,
        alternatives: &[&'d Node],
        place: &Place,
    ) -> Option<String> {
        if let Some(name) = self.named.get(&node.pointer) {
            return Some(name.clone());
        }
        let shared = self.shared.get(&(place.member.clone(), node.signature.clone()));
        let name = match (shared, place.member.as_str()) {
            (Some(name), _) => name.clone(),
            // What a definition wraps in `null` or in a single-member union.
            (None, "") => names::inner(&place.owner, "Value"),
            (None, member) => names::inner(&place.owner, member),
        };
        if shared.is_some() && self.hoisted.contains(&name) {
            self.named.insert(node.pointer.clone(), name.clone());
            return Some(name);
        }
        let hoisted = shared.is_some();
        let inner = Place { owner: name.clone(), member: String::new() };
        // Noted before it is resolved, because an object composed of what it is in contains itself.
        self.named.insert(node.pointer.clone(), name.clone());
        let Some(kind) = self.named_kind(node, alternatives, &inner) else {
            self.named.remove(&node.pointer);
            return None;
        };
        if let Some(other) = self.model.get(&name) {
            let other = other.pointer.clone();
            self.problem(
                &node.pointer,
                (
                    format!("the name `{name}` for this inline schema is taken by #{other}"),
                    "move the inline schema to `$defs` under a name of its own",
                ),
            );
        }
        let definition =
            Definition { pointer: node.pointer.clone(), description: node.description.clone(), kind };
        self.model.definitions.insert(name.clone(), definition);
        if hoisted {
            self.hoisted.insert(name.clone());
        }
        Some(name)
    }
}
