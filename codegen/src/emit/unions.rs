//! Discriminated unions to enums, with what their members have in common.

use super::Emitter;
use super::docs::{docs, item_docs};
use super::types::{is_boxed, method_ident};
use crate::error::Error;
use crate::model::{Definition, Enumeration, Kind, Property, Shape, Union};
use crate::names::{pascal, snake};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::{BTreeMap, BTreeSet};

impl Emitter<'_> {
    pub(super) fn union(
        &self,
        name: &str,
        definition: &Definition,
        union: &Union,
    ) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let more = self.more_derives(&[]);
        let ident = &self.bones(name)?.ident;
        let docs_of_type = item_docs(name, definition);
        let tag = &union.tag;
        let tags: Vec<_> = union.variants.iter().map(|(tag, _)| tag.as_str()).collect();
        let idents: Vec<_> = tags.iter().map(|tag| format_ident!("{}", pascal(tag))).collect();
        let mut variants = Vec::new();
        let mut conversions = Vec::new();
        let mut decodes = Vec::new();
        for (position, ((tag, target), variant)) in union.variants.iter().zip(&idents).enumerate() {
            let inner = &self.bones(target)?.ident;
            let boxed = self.layout.variants.contains(&(name.to_owned(), position));
            let description = self.model.get(target).and_then(|target| target.description.clone());
            let docs = docs(&[description.unwrap_or_else(|| format!("`{tag}`."))]);
            let (stored, into) = if boxed {
                (quote! { ::std::boxed::Box<#inner> }, quote! { ::std::boxed::Box::new(value) })
            } else {
                (quote! { #inner }, quote! { value })
            };
            variants.push(quote! { #docs #variant(#stored) });
            conversions.push(quote! {
                impl ::std::convert::From<#inner> for #ident {
                    fn from(value: #inner) -> Self {
                        Self::#variant(#into)
                    }
                }
            });
            let index = Literal::usize_unsuffixed(position);
            let wrap = if boxed {
                quote! { .map(|value| Self::#variant(::std::boxed::Box::new(value))) }
            } else {
                quote! { .map(Self::#variant) }
            };
            decodes.push(quote! { #index => <#inner as #rt::Object<'de>>::decode_entries(entries)?#wrap });
        }
        let indices = (0..tags.len()).map(Literal::usize_unsuffixed);
        let mut methods = BTreeSet::from(["tag".to_owned(), snake(&format!("peek_{tag}"))]);
        let linked = match self.linked(&union.tag, &tags, &idents, &mut methods)? {
            Some(linked) => linked,
            None => self.peek(&union.tag, &quote! { &'static str }, &quote! { #(#tags),* }),
        };
        let getters = self.getters(union, &idents, &mut methods)?;
        let tag_docs = docs(&[format!("The value of `{tag}`, which tells the variants apart.")]);
        let decodable = self.decodable(ident, "decode_tagged");
        Ok(quote! {
            #docs_of_type
            #[derive(Clone, Debug, PartialEq #more)]
            #[non_exhaustive]
            pub enum #ident {
                #(#variants,)*
            }

            impl #ident {
                #tag_docs
                #[must_use]
                pub const fn tag(&self) -> &'static str {
                    match self {
                        #(Self::#idents(_) => #tags,)*
                    }
                }

                #linked
                #getters
            }

            #(#conversions)*

            impl<'de> #rt::Tagged<'de> for #ident {
                const NAME: &'static str = #name;
                const TAG: &'static str = #tag;
                const TAGS: &'static [&'static str] = &[#(#tags),*];

                fn variant(tag: &str) -> ::std::option::Option<usize> {
                    ::std::option::Option::Some(match tag {
                        #(#tags => #indices,)*
                        _ => return ::std::option::Option::None,
                    })
                }

                fn decode_variant<__A: #rt::serde::de::MapAccess<'de>>(
                    variant: usize,
                    entries: &mut #rt::Entries<'_, 'de, __A>,
                ) -> ::std::result::Result<::std::option::Option<Self>, __A::Error> {
                    ::std::result::Result::Ok(match variant {
                        #(#decodes,)*
                        _ => ::std::option::Option::None,
                    })
                }
            }

            impl #rt::Encode for #ident {
                fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> ::std::result::Result<(), #rt::Violation> {
                    match self {
                        #(Self::#idents(value) => #rt::Encode::encode(value, out),)*
                    }
                }
            }

            impl #rt::serde::Serialize for #ident {
                fn serialize<__S: #rt::serde::Serializer>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error> {
                    match self {
                        #(Self::#idents(value) => #rt::serde::Serialize::serialize(value, serializer),)*
                    }
                }
            }

            #decodable
        })
    }

    /// The tag as a value of the enumeration that lists just these tags, if the schema has one.
    fn linked(
        &self,
        tag: &str,
        tags: &[&str],
        idents: &[Ident],
        methods: &mut BTreeSet<String>,
    ) -> Result<Option<TokenStream>, Error> {
        for (name, definition) in &self.model.definitions {
            let Kind::Enumeration(Enumeration { values, .. }) = &definition.kind else { continue };
            let positions: Option<Vec<_>> =
                tags.iter().map(|tag| values.iter().position(|value| value.text == *tag)).collect();
            let (Some(positions), true) = (positions, values.len() == tags.len()) else { continue };
            let bones = self.bones(name)?;
            let enumeration = &bones.ident;
            let values: Vec<_> =
                positions.iter().filter_map(|position| bones.variants.get(*position)).collect();
            let method = format_ident!("{}", snake(name));
            if !methods.insert(method.to_string()) {
                continue;
            }
            let docs = docs(&[format!("Which variant this is, as `{name}`.")]);
            let peek = self.peek(tag, &quote! { #enumeration }, &quote! { #(#enumeration::#values),* });
            return Ok(Some(quote! {
                #docs
                #[must_use]
                pub const fn #method(&self) -> #enumeration {
                    match self {
                        #(Self::#idents(_) => #enumeration::#values,)*
                    }
                }

                #peek
            }));
        }
        Ok(None)
    }

    /// A function that looks at the tag alone, in the bytes of a document.
    fn peek(&self, tag: &str, seen: &TokenStream, values: &TokenStream) -> TokenStream {
        let rt = &self.rt;
        let method = format_ident!("{}", snake(&format!("peek_{tag}")));
        let docs = docs(&[
            format!("Looks at `{tag}` in the bytes of a document, without decoding the rest."),
            "`None` if the schema does not know the value.".to_owned(),
        ]);
        quote! {
            #docs
            ///
            /// # Errors
            ///
            /// When the document is no JSON object with a string there.
            pub fn #method(json: &[u8]) -> ::std::result::Result<::std::option::Option<#seen>, #rt::DecodeError> {
                let values = [#values];
                ::std::result::Result::Ok(#rt::peek::<Self>(json)?.and_then(|variant| values.get(variant).copied()))
            }
        }
    }

    /// Access to members that several variants share, where they have the same type in all that have
    /// them, and a name that is not among the methods yet.
    fn getters(
        &self,
        union: &Union,
        idents: &[Ident],
        methods: &mut BTreeSet<String>,
    ) -> Result<TokenStream, Error> {
        let mut shared: BTreeMap<&str, Vec<(usize, &str, &Property)>> = BTreeMap::new();
        for (position, (_, target)) in union.variants.iter().enumerate() {
            for property in self.model.object(target).into_iter().flat_map(|object| &object.properties) {
                if !property.is_constant() {
                    shared.entry(&property.name).or_default().push((position, target, property));
                }
            }
        }
        let mut getters = TokenStream::new();
        for (wire, holders) in shared {
            let Some((_, first_target, first)) = holders.first() else { continue };
            let Some(field) = self.bones(first_target)?.fields.get(wire) else { continue };
            let mut alike = holders.len() > 1 && !first.ty.nullable;
            for (_, target, property) in &holders {
                let boxed = self.layout.fields.contains(&((*target).to_owned(), wire.to_owned()))
                    || self.bones(target)?.fields.get(wire).is_none_or(|field| is_boxed(&field.ty));
                alike = alike && property.ty == first.ty && !boxed;
            }
            let ident = &field.ident;
            if !alike || !methods.insert(method_ident(ident).to_string()) {
                continue;
            }
            let ty = self.path(&field.ty)?;
            let everywhere = holders.len() == union.variants.len();
            let required = holders.iter().all(|(_, _, property)| property.required);
            getters.extend(self.getter(wire, ident, &ty, &holders, idents, everywhere && required));
            let method = format_ident!("{}", snake(&format!("{wire} mut")));
            let optional = holders.iter().all(|(_, _, property)| !property.required);
            if everywhere && optional && methods.insert(method.to_string()) {
                let docs = docs(&[format!("The member `{wire}`, to be changed.")]);
                getters.extend(quote! {
                    #docs
                    #[must_use]
                    pub fn #method(&mut self) -> &mut ::std::option::Option<#ty> {
                        match self {
                            #(Self::#idents(value) => &mut value.#ident,)*
                        }
                    }
                });
            }
        }
        Ok(getters)
    }

    fn getter(
        &self,
        wire: &str,
        ident: &Ident,
        ty: &TokenStream,
        holders: &[(usize, &str, &Property)],
        idents: &[Ident],
        total: bool,
    ) -> TokenStream {
        let shape = holders.first().map_or(&Shape::Any, |(_, _, property)| &property.ty.shape);
        let copy = self.is_copy(shape);
        let text = *shape == Shape::String;
        let seen = match (copy, text) {
            (true, _) => quote! { #ty },
            (_, true) => quote! { &str },
            _ => quote! { &#ty },
        };
        let arms = holders.iter().filter_map(|(position, _, property)| {
            let variant = idents.get(*position)?;
            let look = match (property.required, copy, text) {
                (true, true, _) => quote! { value.#ident },
                (true, _, true) => quote! { value.#ident.as_str() },
                (true, ..) => quote! { &value.#ident },
                (false, true, _) => quote! { value.#ident },
                (false, _, true) => quote! { value.#ident.as_deref() },
                (false, ..) => quote! { value.#ident.as_ref() },
            };
            let look = if property.required && !total {
                quote! { ::std::option::Option::Some(#look) }
            } else {
                look
            };
            Some(quote! { Self::#variant(value) => #look, })
        });
        let arms: Vec<_> = arms.collect();
        let none = (holders.len() < idents.len()).then(|| quote! { _ => ::std::option::Option::None, });
        let (returned, doc) = if total {
            (seen, format!("The member `{wire}`."))
        } else {
            (
                quote! { ::std::option::Option<#seen> },
                format!("The member `{wire}`; `None` where it is absent or the variant has none."),
            )
        };
        let docs = docs(&[doc]);
        let method = method_ident(ident);
        quote! {
            #docs
            #[must_use]
            pub fn #method(&self) -> #returned {
                match self {
                    #(#arms)*
                    #none
                }
            }
        }
    }
}
