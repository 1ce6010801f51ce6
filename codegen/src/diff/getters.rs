//! The methods by which a generated union gives access to members that several variants share: what is
//! new elsewhere may take one away. They are those that `emit` writes.

use crate::layout::Layout;
use crate::model::{Enumeration, Kind, Model, Property, Union};
use std::collections::BTreeMap;

/// Access to a member, whatever the variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Getter {
    /// Whether every variant has a value to return.
    pub(super) total: bool,
    /// Whether there is a method to change it as well.
    pub(super) mutable: bool,
}

/// By the member's name on the wire.
pub(super) fn getters<'m>(model: &'m Model, layout: &Layout, union: &'m Union) -> BTreeMap<&'m str, Getter> {
    let mut holders: BTreeMap<&str, Vec<(&str, &Property)>> = BTreeMap::new();
    for (_, target) in &union.variants {
        for property in model.object(target).into_iter().flat_map(|object| &object.properties) {
            if !property.is_constant() {
                holders.entry(&property.name).or_default().push((target, property));
            }
        }
    }
    let getter = |(name, holders): (&'m str, Vec<(&str, &Property)>)| {
        let (_, first) = holders.first()?;
        let boxed = |target: &str| layout.fields.contains(&(target.to_owned(), name.to_owned()));
        let alike = holders.iter().all(|(target, property)| property.ty == first.ty && !boxed(target));
        if holders.len() < 2 || first.ty.nullable || !alike {
            return None;
        }
        let everywhere = holders.len() == union.variants.len();
        let required = holders.iter().filter(|(_, property)| property.required).count();
        let total = everywhere && required == holders.len();
        Some((name, Getter { total, mutable: everywhere && required == 0 }))
    };
    holders.into_iter().filter_map(getter).collect()
}

/// The enumeration that lists just the tags of a union: then the tag is returned as one of its values.
pub(super) fn enumeration_of_tags<'m>(model: &'m Model, union: &Union) -> Option<&'m str> {
    let lists_them = |kind: &Kind| match kind {
        Kind::Enumeration(Enumeration { values, .. }) => {
            values.len() == union.variants.len()
                && union.variants.iter().all(|(tag, _)| values.iter().any(|value| value.text == *tag))
        }
        _ => false,
    };
    let found = model.definitions.iter().find(|(_, definition)| lists_them(&definition.kind));
    found.map(|(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::snake;

    /// The methods with a receiver of an inherent `impl`, and whether each returns an `Option`.
    fn emitted(file: &syn::File, name: &str) -> BTreeMap<String, bool> {
        let blocks = file.items.iter().filter_map(|item| match item {
            syn::Item::Impl(block) if block.trait_.is_none() => Some(block),
            _ => None,
        });
        let of_type =
            blocks.filter(|block| matches!(&*block.self_ty, syn::Type::Path(ty) if ty.path.is_ident(name)));
        let methods = of_type.flat_map(|block| &block.items).filter_map(|item| match item {
            syn::ImplItem::Fn(method)
                if method.sig.receiver().is_some() && method.sig.constness.is_none() =>
            {
                let returned = &method.sig.output;
                let optional = quote::quote!(#returned).to_string().starts_with("-> Option");
                // A member named like a keyword has an underscore in Rust.
                let name = method.sig.ident.to_string();
                Some((name.trim_end_matches('_').to_owned(), optional))
            }
            _ => None,
        });
        methods.collect()
    }

    #[test]
    fn they_are_those_that_are_emitted() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/ag-ui-1.0.json");
        let schema = crate::Schema::read(path).unwrap();
        let code = crate::generate(&schema, &crate::Settings::default()).unwrap();
        let file = syn::parse_file(code.as_str()).unwrap();
        let model = crate::model(&schema).unwrap();
        let layout = crate::layout::layout(&model);
        let mut seen = 0;
        for (name, definition) in &model.definitions {
            let Kind::Union(union) = &definition.kind else { continue };
            let mut expected = BTreeMap::new();
            for (member, getter) in getters(&model, &layout, union) {
                expected.insert(snake(member), !getter.total);
                if getter.mutable {
                    expected.insert(snake(&format!("{member} mut")), false);
                }
            }
            assert_eq!(emitted(&file, name), expected, "{name}");
            seen += expected.len();
        }
        assert!(seen > 10, "{seen}");
    }
}
