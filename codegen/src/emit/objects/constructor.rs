//! What a struct has of its own: constants, constructor and setters.

use super::{Member, member_docs};
use crate::emit::Emitter;
use crate::emit::docs::docs;
use crate::emit::types::method_ident;
use crate::error::Error;
use crate::model::{Rule, Shape};
use crate::skeleton::Field;
use heck::ToShoutySnakeCase;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

impl Emitter<'_> {
    pub(super) fn inherent(
        &self,
        name: &str,
        members: &[Member<'_>],
        rest: Option<&Ident>,
    ) -> Result<TokenStream, Error> {
        let ident = &self.bones(name)?.ident;
        // Constants are a convenience: one without a name of its own is left out.
        let mut taken = BTreeSet::from(["FIELDS".to_owned()]);
        let constants = members.iter().filter_map(|member| {
            let Shape::Constant(serde_json::Value::String(text)) = &member.property.ty.shape else {
                return None;
            };
            let constant = member.property.name.to_shouty_snake_case();
            let ident = syn::parse_str::<Ident>(&constant).ok().filter(|_| taken.insert(constant))?;
            let docs = docs(&member_docs(member.property, name));
            Some(quote! { #docs pub const #ident: &'static str = #text; })
        });
        let constants: Vec<_> = constants.collect();
        let mut parameters = Vec::new();
        let mut initial = Vec::new();
        let mut setters = Vec::new();
        for member in members {
            let Some(Field { ident: field, .. }) = member.field else { continue };
            if member.property.required {
                let parameter = self.parameter(&member.property.ty, &member.ty, field, member.boxed)?;
                let (ty, stored) = (parameter.ty, parameter.stored);
                parameters.push(quote! { #field: #ty });
                let shorthand = *field == stored.to_string();
                initial.push(if shorthand {
                    stored
                } else {
                    quote! { #field: #stored }
                });
            } else {
                initial.push(quote! { #field: ::std::option::Option::None });
                let value = format_ident!("value");
                let parameter = self.parameter(&member.property.ty, &member.ty, &value, member.boxed)?;
                let (ty, mut stored) = (parameter.ty, parameter.stored);
                stored = if member.property.ty.rules.contains(&Rule::NotNull) {
                    let rt = &self.rt;
                    quote! { #rt::non_null(#stored) }
                } else {
                    quote! { ::std::option::Option::Some(#stored) }
                };
                let method = method_ident(field);
                let docs = docs(&[format!("Sets `{}`.", member.property.name)]);
                let odd =
                    is_odd_for_a_setter(&method).then(|| quote! { #[allow(clippy::wrong_self_convention)] });
                setters.push(quote! {
                    #docs
                    #odd
                    #[must_use]
                    pub fn #method(mut self, value: #ty) -> Self {
                        self.#field = #stored;
                        self
                    }
                });
            }
        }
        if let Some(rest) = rest {
            initial.push(quote! { #rest: ::std::default::Default::default() });
        }
        let docs = docs(&[if parameters.is_empty() {
            format!("A `{ident}` with nothing set.")
        } else {
            format!("A `{ident}` with its required members.")
        }]);
        let many = (parameters.len() > 7).then(|| quote! { #[allow(clippy::too_many_arguments)] });
        Ok(quote! {
            impl #ident {
                #(#constants)*
                #docs
                #many
                #[must_use]
                pub fn new(#(#parameters),*) -> Self {
                    Self { #(#initial),* }
                }
                #(#setters)*
            }
        })
    }
}

/// Whether the name, which is the schema's choice, announces another kind of method.
fn is_odd_for_a_setter(method: &Ident) -> bool {
    let name = method.to_string();
    ["as_", "from_", "into_", "is_", "to_"].iter().any(|prefix| name.starts_with(prefix))
}
