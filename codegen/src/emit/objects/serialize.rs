//! How a struct is serialized by serde; `encode` of the folder above writes JSON without it.

use super::{Member, present_type, typed};
use crate::emit::Emitter;
use crate::error::Error;
use crate::model::{Object, Rest, Rule, Shape};
use crate::skeleton::Field;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

impl Emitter<'_> {
    pub(super) fn object_serialize(
        &self,
        name: &str,
        object: &Object,
        members: &[Member<'_>],
        rest: Option<&Ident>,
    ) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let ident = &self.bones(name)?.ident;
        let open = !matches!(object.rest, Rest::Closed);
        let write = if open { format_ident!("serialize_entry") } else { format_ident!("serialize_field") };
        let mut always = 0_usize;
        let mut lengths = Vec::new();
        let mut writes = Vec::new();
        for member in members {
            let wire = &member.property.name;
            if let Shape::Constant(value) = &member.property.ty.shape {
                always += 1;
                let value = constant(value);
                writes.push(quote! { object.#write(#wire, #value)?; });
                continue;
            }
            let Some(Field { ident: field, .. }) = member.field else { continue };
            let mut rules = member.property.ty.clone();
            let omits_null = !member.property.required && rules.rules.contains(&Rule::NotNull);
            if omits_null {
                rules.rules.retain(|rule| *rule != Rule::NotNull);
            }
            let check = match self.check(&rules)? {
                Some(check) => {
                    let check = typed(&check, &present_type(member));
                    Some(quote! { #rt::rules::encodable(#wire, value, #check)?; })
                }
                None => None,
            };
            if member.property.required {
                always += 1;
                writes.push(match check {
                    Some(check) => quote! { let value = &self.#field; #check object.#write(#wire, value)?; },
                    None => quote! { object.#write(#wire, &self.#field)?; },
                });
            } else {
                let present = if omits_null {
                    quote! { #rt::present(&self.#field) }
                } else {
                    quote! { &self.#field }
                };
                let counted = if omits_null {
                    present.clone()
                } else {
                    quote! { self.#field }
                };
                lengths.push(quote! { ::std::primitive::usize::from(#counted.is_some()) });
                writes.push(quote! {
                    if let ::std::option::Option::Some(value) = #present { #check object.#write(#wire, value)?; }
                });
            }
        }
        lengths.extend(rest.map(|rest| quote! { self.#rest.len() }));
        if always > 0 || lengths.is_empty() {
            let always = Literal::usize_unsuffixed(always);
            lengths.insert(0, quote! { #always });
        }
        let length = quote! { #(#lengths)+* };
        let checked = match object.typed_rest().map(|ty| self.check(ty)).transpose()?.flatten() {
            Some(check) => quote! { #rt::rules::encodable(key, value, #check)?; },
            None => TokenStream::new(),
        };
        let (begin, traits, tail) = match rest {
            Some(rest) => (
                quote! { serializer.serialize_map(::std::option::Option::Some(#length))? },
                quote! { SerializeMap },
                quote! {
                    for (key, value) in &self.#rest {
                        if !<Self as #rt::Object<'_>>::FIELDS.contains(&key.as_str()) {
                            #checked
                            object.serialize_entry(key, value)?;
                        }
                    }
                },
            ),
            None => (
                quote! { serializer.serialize_struct(#name, #length)? },
                quote! { SerializeStruct },
                TokenStream::new(),
            ),
        };
        let presence = (!object.presence.is_empty())
            .then(|| quote! { #rt::Combination::check(self).map_err(#rt::serde::ser::Error::custom)?; });
        let mutable = (!writes.is_empty() || rest.is_some()).then(|| quote! { mut });
        Ok(quote! {
            impl #rt::serde::Serialize for #ident {
                fn serialize<__S: #rt::serde::Serializer>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error> {
                    use #rt::serde::ser::#traits as _;
                    #presence
                    let #mutable object = #begin;
                    #(#writes)*
                    #tail
                    object.end()
                }
            }
        })
    }
}

fn constant(value: &serde_json::Value) -> TokenStream {
    match value {
        serde_json::Value::String(text) => quote! { #text },
        serde_json::Value::Bool(value) => quote! { &#value },
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), _, _) => quote! { &#number },
            (_, Some(number), _) => quote! { &#number },
            (_, _, number) => quote! { &#number },
        },
        _ => quote! { &() },
    }
}
