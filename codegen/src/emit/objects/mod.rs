//! Objects to structs: their fields, and which modules write the rest.

mod constructor;
mod decode;
mod serialize;

use super::Emitter;
use super::docs::{docs, item_docs};
use crate::error::Error;
use crate::model::{Definition, Object, Presence, Property, Rest};
use crate::skeleton::Field;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// A property with its Rust side.
pub(super) struct Member<'a> {
    pub(super) property: &'a Property,
    /// `None` for constants, which take no room.
    pub(super) field: Option<&'a Field>,
    /// The type of a present value, as stored.
    pub(super) ty: TokenStream,
    pub(super) boxed: bool,
    pub(super) index: Literal,
}

impl Emitter<'_> {
    pub(super) fn object(
        &self,
        name: &str,
        definition: &Definition,
        object: &Object,
    ) -> Result<TokenStream, Error> {
        let bones = self.bones(name)?;
        let mut members = Vec::new();
        for (index, property) in object.properties.iter().enumerate() {
            let field = bones.fields.get(&property.name);
            let boxed = self.layout.fields.contains(&(name.to_owned(), property.name.clone()));
            let ty = match field {
                Some(field) => self.path(&field.ty)?,
                None => TokenStream::new(),
            };
            members.push(Member { property, field, ty, boxed, index: Literal::usize_unsuffixed(index) });
        }
        let rest = match &object.rest {
            Rest::Closed => None,
            _ => Some(rest_ident(&members)),
        };
        let structure = self.structure(name, definition, object, &members, rest.as_ref())?;
        let inherent = self.inherent(name, &members, rest.as_ref())?;
        let presence = self.presence(&bones.ident, object, &members);
        let decode = self.object_decode(name, object, &members, rest.as_ref())?;
        let serialize = self.object_serialize(name, object, &members, rest.as_ref())?;
        let write = self.object_write(&bones.ident, object, &members, rest.as_ref())?;
        Ok(quote! { #structure #inherent #presence #decode #serialize #write })
    }

    fn structure(
        &self,
        name: &str,
        definition: &Definition,
        object: &Object,
        members: &[Member<'_>],
        rest: Option<&Ident>,
    ) -> Result<TokenStream, Error> {
        let more = self.more_derives(&["Default"]);
        let ident = &self.bones(name)?.ident;
        let docs_of_type = item_docs(name, definition);
        let mut fields = Vec::new();
        for member in members {
            let Some(field) = member.field else { continue };
            let docs = docs(&member_docs(member.property, name));
            let ident = &field.ident;
            let ty = stored_type(member);
            fields.push(quote! { #docs pub #ident: #ty });
        }
        if let Some(rest) = rest {
            let ty = self.rest_type(name, object)?;
            let docs = docs(&["The members that the schema does not define, as they came."]);
            fields.push(quote! { #docs pub #rest: #ty });
        }
        let default = has_default(members).then(|| quote! { , Default });
        Ok(quote! {
            #docs_of_type
            #[derive(Clone, Debug, PartialEq #default #more)]
            #[non_exhaustive]
            pub struct #ident { #(#fields),* }
        })
    }

    /// A check that the optional members which belong together are there.
    fn presence(&self, ident: &Ident, object: &Object, members: &[Member<'_>]) -> Option<TokenStream> {
        let rt = &self.rt;
        let check = |presence: &Presence| {
            let sets = presence.sets.iter().map(|names| {
                let optional = members.iter().filter(|member| !member.property.required);
                let fields = optional.filter(|member| names.contains(&member.property.name));
                let there = fields.filter_map(|member| {
                    let field = &member.field?.ident;
                    Some(quote! { self.#field.is_some() })
                });
                let there: Vec<_> = there.collect();
                // What is required in any case needs no look.
                let there = if there.is_empty() {
                    quote! { true }
                } else {
                    quote! { #(#there)&&* }
                };
                let text = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
                quote! { (#text, #there) }
            });
            let function = if presence.exactly_one {
                format_ident!("exactly_one")
            } else {
                format_ident!("at_least_one")
            };
            quote! { #rt::rules::#function(&[#(#sets),*]) }
        };
        let mut checks: Vec<_> = object.presence.iter().map(check).collect();
        let last = checks.pop()?;
        Some(quote! {
            impl #rt::Combination for #ident {
                fn check(&self) -> ::std::result::Result<(), #rt::Violation> {
                    #(#checks?;)*
                    #last
                }
            }
        })
    }

    fn rest_type(&self, name: &str, object: &Object) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        match (&object.rest, self.bones(name)?.inner.first()) {
            (Rest::Typed(_), Some(inner)) => {
                let inner = self.path(inner)?;
                Ok(quote! { ::std::collections::BTreeMap<::std::string::String, #inner> })
            }
            _ => Ok(quote! { #rt::serde_json::Map<::std::string::String, #rt::serde_json::Value> }),
        }
    }
}

fn has_default(members: &[Member<'_>]) -> bool {
    members.iter().all(|member| member.field.is_none() || !member.property.required)
}

/// The field's type: that of a present value, boxed and optional as need be.
fn stored_type(member: &Member<'_>) -> TokenStream {
    let ty = present_type(member);
    if member.property.required {
        ty
    } else {
        quote! { ::std::option::Option<#ty> }
    }
}

pub(super) fn present_type(member: &Member<'_>) -> TokenStream {
    let ty = &member.ty;
    if member.boxed && !super::types::is_boxed(ty) {
        quote! { ::std::boxed::Box<#ty> }
    } else {
        ty.clone()
    }
}

/// Gives the closure's parameter a type, which inference does not find in every position.
pub(super) fn typed(check: &TokenStream, ty: &TokenStream) -> TokenStream {
    let text = check.to_string().replacen("| value |", &format!("| value : & {ty} |"), 1);
    text.parse().unwrap_or_else(|_| check.clone())
}

/// The field for undefined members, named so that it clashes with none.
fn rest_ident(members: &[Member<'_>]) -> Ident {
    let mut name = "extra".to_owned();
    while members.iter().any(|member| member.field.is_some_and(|field| field.ident == name)) {
        name.push('_');
    }
    format_ident!("{name}")
}

fn member_docs(property: &Property, owner: &str) -> Vec<String> {
    let mut paragraphs = vec![match &property.description {
        Some(text) => text.clone(),
        None => format!("The member `{}` of `{owner}`.", property.name),
    }];
    if let Some(default) = &property.default {
        paragraphs.push(format!("Absent means `{default}`."));
    }
    paragraphs
}
