//! Objects: composed, with their members in the order of the wire.

use super::{Place, Resolver};
use crate::compose::compose;
use crate::model::{Object, Property, Rest, Shape, Type};
use crate::node::{Members, Node};

impl<'d> Resolver<'d> {
    pub(super) fn object(&mut self, node: &'d Node, place: &Place) -> Object {
        let composed = match compose(self.document, node, &place.owner) {
            Ok(composed) => composed,
            Err(problems) => {
                self.problems.extend(problems);
                return Object { properties: Vec::new(), rest: Rest::Open, presence: Vec::new() };
            }
        };
        let mut properties = Vec::new();
        for (name, member) in &composed.properties {
            let required = composed.required.contains(name);
            let place = Place { owner: member.owner.clone(), member: name.clone() };
            let ty = match scalar_constant(member.node) {
                Some(constant) if required => {
                    self.check_listed(member.node);
                    Type::new(Shape::Constant(constant.clone()))
                }
                _ => self.ty(member.node, &place),
            };
            properties.push((
                member.depth,
                Property {
                    name: name.clone(),
                    pointer: member.node.pointer.clone(),
                    description: member.description.map(str::to_owned),
                    default: member.node.default.clone(),
                    required,
                    ty,
                },
            ));
        }
        // The wire order: constants (the tag among them), the required in the order of the
        // `required` list, the optional by name, those from fragments last. It decides the order of
        // constructor arguments too, so it must not depend on the order of JSON members.
        properties.sort_by_key(|(depth, property)| {
            let rank = composed.required.iter().position(|name| *name == property.name);
            (
                !property.is_constant(),
                rank.unwrap_or(usize::MAX),
                if rank.is_some() { 0 } else { *depth },
                property.name.clone(),
            )
        });
        let rest = match composed.rest {
            Some(Members::Closed) => Rest::Closed,
            Some(Members::Typed(values)) => Rest::Typed(self.ty(values, &place.inside("Value"))),
            Some(Members::Open) | None => Rest::Open,
        };
        let properties = properties.into_iter().map(|(_, property)| property).collect();
        Object { properties, rest, presence: composed.presence.into_iter().cloned().collect() }
    }
}

fn scalar_constant(node: &Node) -> Option<&serde_json::Value> {
    node.constant.as_ref().filter(|constant| !constant.is_object() && !constant.is_array())
}
