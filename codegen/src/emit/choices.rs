//! Unions told apart by JSON type to enums.

use super::Emitter;
use super::docs::{docs, item_docs};
use crate::error::Error;
use crate::model::{Alternative, Definition, Json, Shape};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

impl Emitter<'_> {
    pub(super) fn choice(
        &self,
        name: &str,
        definition: &Definition,
        alternatives: &[Alternative],
    ) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let more = self.more_derives(&[]);
        let bones = self.bones(name)?;
        let ident = &bones.ident;
        let docs_of_type = item_docs(name, definition);
        let mut variants = Vec::new();
        let mut encodes = Vec::new();
        let mut writes = Vec::new();
        let mut decodes = Vec::new();
        let mut conversions = Vec::new();
        for (position, (alternative, inner)) in alternatives.iter().zip(&bones.inner).enumerate() {
            let variant = format_ident!("{}", alternative.name);
            let inner = self.path(inner)?;
            let boxed = self.layout.variants.contains(&(name.to_owned(), position));
            let stored = if boxed {
                quote! { ::std::boxed::Box<#inner> }
            } else {
                inner.clone()
            };
            let docs = docs(&[match &alternative.description {
                Some(text) => text.clone(),
                None => format!("{}.", noun(alternative.json, true)),
            }]);
            variants.push(quote! { #docs #variant(#stored) });
            let check = self.check(&alternative.ty)?;
            let checked = check.as_ref().map(|check| {
                quote! { #rt::rules::run(value, #check).map_err(#rt::serde::ser::Error::custom)?; }
            });
            encodes.push(quote! { Self::#variant(value) => { #checked #rt::serde::Serialize::serialize(value, serializer) } });
            let checked = check.as_ref().map(|check| quote! { #rt::rules::run(value, #check)?; });
            writes.push(quote! { Self::#variant(value) => { #checked #rt::Encode::encode(value, out) } });
            let method = method(alternative.json);
            let checked = check.as_ref().map(|check| {
                quote! {
                    if let ::std::option::Option::Some(value) = &value {
                        #rt::rules::run(value, #check).map_err(#rt::serde::de::Error::custom)?;
                    }
                }
            });
            decodes.push(quote! {
                fn #method<__D: #rt::serde::Deserializer<'de>>(
                    value: __D,
                    context: &mut #rt::Context,
                ) -> ::std::result::Result<::std::option::Option<Self>, __D::Error> {
                    let value = <#stored as #rt::Decode<'de>>::decode(value, context)?;
                    #checked
                    ::std::result::Result::Ok(value.map(Self::#variant))
                }
            });
            let into = if boxed {
                quote! { ::std::boxed::Box::new(value) }
            } else {
                quote! { value }
            };
            conversions.push(quote! {
                impl ::std::convert::From<#inner> for #ident {
                    fn from(value: #inner) -> Self {
                        Self::#variant(#into)
                    }
                }
            });
            if alternative.ty.shape == Shape::String {
                conversions.push(quote! {
                    impl ::std::convert::From<&str> for #ident {
                        fn from(value: &str) -> Self {
                            Self::#variant(value.to_owned())
                        }
                    }
                });
            }
        }
        let nouns: Vec<_> = alternatives.iter().map(|alternative| noun(alternative.json, false)).collect();
        let expected = nouns.join(" or ");
        let decodable = self.decodable(ident, "decode_choice");
        Ok(quote! {
            #docs_of_type
            #[derive(Clone, Debug, PartialEq #more)]
            #[non_exhaustive]
            pub enum #ident {
                #(#variants,)*
            }

            #(#conversions)*

            impl<'de> #rt::Choice<'de> for #ident {
                const EXPECTED: &'static str = #expected;
                #(#decodes)*
            }

            impl #rt::Encode for #ident {
                fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> ::std::result::Result<(), #rt::Violation> {
                    match self {
                        #(#writes)*
                    }
                }
            }

            impl #rt::serde::Serialize for #ident {
                fn serialize<__S: #rt::serde::Serializer>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error> {
                    match self {
                        #(#encodes)*
                    }
                }
            }

            #decodable
        })
    }
}

fn method(json: Json) -> proc_macro2::Ident {
    format_ident!(
        "{}",
        match json {
            Json::Boolean => "boolean",
            Json::Number => "number",
            Json::String => "string",
            Json::Array => "array",
            Json::Object => "object",
        }
    )
}

fn noun(json: Json, capital: bool) -> &'static str {
    match (json, capital) {
        (Json::Boolean, true) => "A boolean",
        (Json::Boolean, false) => "a boolean",
        (Json::Number, true) => "A number",
        (Json::Number, false) => "a number",
        (Json::String, true) => "A string",
        (Json::String, false) => "a string",
        (Json::Array, true) => "An array",
        (Json::Array, false) => "an array",
        (Json::Object, true) => "An object",
        (Json::Object, false) => "an object",
    }
}
