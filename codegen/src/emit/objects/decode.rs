//! How a struct is decoded: its entries are met, then it is built.

use super::{Member, present_type, typed};
use crate::emit::Emitter;
use crate::error::Error;
use crate::model::{Object, Rest, Shape};
use crate::skeleton::Field;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Emitter<'_> {
    pub(super) fn object_decode(
        &self,
        name: &str,
        object: &Object,
        members: &[Member<'_>],
        rest: Option<&Ident>,
    ) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let ident = &self.bones(name)?.ident;
        let wire: Vec<_> = members.iter().map(|member| member.property.name.as_str()).collect();
        let mut slots = Vec::new();
        let mut arms = Vec::new();
        let mut constants = Vec::new();
        let mut required = Vec::new();
        let mut build = Vec::new();
        for member in members {
            let index = &member.index;
            let wire = &member.property.name;
            if let Shape::Constant(value) = &member.property.ty.shape {
                arms.push(match value {
                    serde_json::Value::String(text) => {
                        quote! { #index => __entries.constant(#index, #text)? }
                    }
                    other => {
                        let json = other.to_string();
                        quote! { #index => __entries.constant_json(#index, #json)? }
                    }
                });
                constants.push(quote! { __entries.required_constant(#index, #wire)?; });
                continue;
            }
            let Some(Field { ident: field, .. }) = member.field else { continue };
            slots.push(quote! { let mut #field = #rt::Slot::Absent; });
            arms.push(match self.check(&member.property.ty)? {
                Some(check) => {
                    let check = typed(&check, &present_type(member));
                    quote! { #index => __entries.fill_checked(&mut #field, #check)? }
                }
                None => quote! { #index => __entries.fill(&mut #field)? },
            });
            if member.property.required {
                required.push((
                    quote! { ::std::option::Option::Some(#field) },
                    quote! { __entries.required(#field, #wire)? },
                ));
                build.push(quote! { #field });
            } else {
                build.push(quote! { #field: #field.optional() });
            }
        }
        let unknown = match (&object.rest, rest) {
            (Rest::Open, Some(rest)) => quote! { __entries.keep_unknown(&mut #rest)? },
            (Rest::Typed(ty), Some(rest)) => {
                let check = match self.check(ty)? {
                    Some(check) => check,
                    None => quote! { |_| ::std::result::Result::Ok(()) },
                };
                quote! { __entries.keep_typed(&mut #rest, #check)? }
            }
            _ => quote! { __entries.skip_unknown()? },
        };
        if let Some(rest) = rest {
            let ty = self.rest_type(name, object)?;
            slots.push(quote! { let mut #rest = <#ty>::new(); });
            build.push(quote! { #rest });
        }
        let step = if arms.is_empty() {
            quote! { while __entries.next_field(Self::FIELDS)?.is_some() { #unknown; } }
        } else {
            quote! {
                while let ::std::option::Option::Some(__field) = __entries.next_field(Self::FIELDS)? {
                    match __field {
                        #(#arms,)*
                        _ => #unknown,
                    }
                }
            }
        };
        // All are asked for before any may end it: that one was removed does not excuse another's absence.
        let (present, slot): (Vec<_>, Vec<_>) = required.into_iter().unzip();
        let unpack = match present.len() {
            0 => TokenStream::new(),
            1 => quote! {
                let #(#present)* = #(#slot)* else {
                    return ::std::result::Result::Ok(::std::option::Option::None);
                };
            },
            _ => quote! {
                let (#(#present),*) = (#(#slot),*) else {
                    return ::std::result::Result::Ok(::std::option::Option::None);
                };
            },
        };
        let decodable = self.decodable(ident, "decode_object");
        let made = if object.presence.is_empty() {
            quote! { ::std::result::Result::Ok(::std::option::Option::Some(Self { #(#build),* })) }
        } else {
            let optional = members.iter().filter(|member| !member.property.required);
            let optional = optional.filter_map(|member| Some(&member.field?.ident));
            // As with a required member: what was there and is unknown takes the object with it.
            quote! {
                let __removed = [#(#optional.is_removed()),*].contains(&true);
                let __value = Self { #(#build),* };
                match #rt::Combination::check(&__value) {
                    ::std::result::Result::Ok(()) => ::std::result::Result::Ok(::std::option::Option::Some(__value)),
                    ::std::result::Result::Err(_) if __removed => ::std::result::Result::Ok(::std::option::Option::None),
                    ::std::result::Result::Err(violation) => ::std::result::Result::Err(#rt::serde::de::Error::custom(violation)),
                }
            }
        };
        Ok(quote! {
            impl<'de> #rt::Object<'de> for #ident {
                const NAME: &'static str = #name;
                const FIELDS: &'static [&'static str] = &[#(#wire),*];

                fn decode_entries<__A: #rt::serde::de::MapAccess<'de>>(
                    __entries: &mut #rt::Entries<'_, 'de, __A>,
                ) -> ::std::result::Result<::std::option::Option<Self>, __A::Error> {
                    #(#slots)*
                    #step
                    #(#constants)*
                    #unpack
                    #made
                }
            }

            #decodable
        })
    }
}
