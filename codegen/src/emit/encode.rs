//! Objects written straight into a buffer: everything that is certain is one prepared run of bytes.

use super::Emitter;
use super::objects::{Member, present_type, typed};
use crate::error::Error;
use crate::model::{Object, Rule, Shape};
use crate::skeleton::Field;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

impl Emitter<'_> {
    pub(super) fn object_write(
        &self,
        ident: &Ident,
        object: &Object,
        members: &[Member<'_>],
        rest: Option<&Ident>,
    ) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let presence = (!object.presence.is_empty()).then(|| quote! { #rt::Combination::check(self)?; });
        let mut writes = Vec::new();
        // What comes next whatever the value, not emitted yet.
        let mut certain = Vec::new();
        // The required come first. Without any, the brace has to wait for the first member that comes.
        let begins = members.first().is_some_and(|member| member.property.required);
        for (position, member) in members.iter().enumerate() {
            let wire = &member.property.name;
            let separator = if begins && position == 0 { '{' } else { ',' };
            let mut prefix = format!("{separator}{}:", serde_json::Value::from(wire.as_str())).into_bytes();
            if let Shape::Constant(value) = &member.property.ty.shape {
                certain.append(&mut prefix);
                certain.extend_from_slice(value.to_string().as_bytes());
                continue;
            }
            let Some(Field { ident: field, .. }) = member.field else { continue };
            let mut ty = member.property.ty.clone();
            let omits_null = !member.property.required && ty.rules.contains(&Rule::NotNull);
            if omits_null {
                ty.rules.retain(|rule| *rule != Rule::NotNull);
            }
            let check = self.check(&ty)?.map(|check| {
                let check = typed(&check, &present_type(member));
                quote! { #rt::rules::member(#wire, value, #check)?; }
            });
            if member.property.required {
                certain.append(&mut prefix);
                let bytes = Literal::byte_string(&std::mem::take(&mut certain));
                writes.push(match check {
                    Some(check) => quote! {
                        let value = &self.#field;
                        #check
                        #rt::encode_member(out, #bytes, #wire, value)?;
                    },
                    None => quote! { #rt::encode_member(out, #bytes, #wire, &self.#field)?; },
                });
            } else {
                flush(&mut certain, &mut writes);
                let bytes = Literal::byte_string(&prefix);
                let present = if omits_null {
                    quote! { #rt::present(&self.#field) }
                } else {
                    quote! { &self.#field }
                };
                writes.push(quote! {
                    if let ::std::option::Option::Some(value) = #present {
                        #check
                        #rt::encode_member(out, #bytes, #wire, value)?;
                    }
                });
            }
        }
        flush(&mut certain, &mut writes);
        if let Some(rest) = rest {
            let check = object.typed_rest().map(|ty| self.check(ty)).transpose()?.flatten();
            let checked = check.map(|check| {
                quote! {
                    for (key, value) in &self.#rest {
                        if !<Self as #rt::Object<'_>>::FIELDS.contains(&key.as_str()) {
                            #rt::rules::member(key, value, #check)?;
                        }
                    }
                }
            });
            writes.push(quote! {
                #checked
                #rt::encode_extra(out, &self.#rest, <Self as #rt::Object<'_>>::FIELDS)?;
            });
        }
        let (before, after) = if begins {
            (TokenStream::new(), TokenStream::new())
        } else {
            (quote! { let start = out.len(); }, quote! { #rt::open_object(out, start); })
        };
        Ok(quote! {
            impl #rt::Encode for #ident {
                fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> ::std::result::Result<(), #rt::Violation> {
                    #presence
                    #before
                    #(#writes)*
                    #after
                    out.push(b'}');
                    ::std::result::Result::Ok(())
                }
            }
        })
    }
}

fn flush(certain: &mut Vec<u8>, writes: &mut Vec<TokenStream>) {
    if !certain.is_empty() {
        let bytes = Literal::byte_string(&std::mem::take(certain));
        writes.push(quote! { out.extend_from_slice(#bytes); });
    }
}
