//! An enum: every variant is an event.

use super::{ATTRIBUTE, bounded, into_event, mirror, payload};
use crate::errors::Errors;
use crate::naming::Naming;
use crate::{described, docs};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashMap;
use syn::{Attribute, DataEnum, DeriveInput, Field, Fields, LitStr, Variant};

/// The implementations, if there is something to implement.
pub(super) fn expand(
    item: &DeriveInput,
    data: &DataEnum,
    naming: &Naming,
    errors: &Errors,
) -> Option<TokenStream> {
    if data.variants.is_empty() {
        errors.at(&item.ident, "an enum without variants has no events");
        return None;
    }
    let variants: Vec<_> = data
        .variants
        .iter()
        .map(|variant| {
            let given = ATTRIBUTE.on_variant(&variant.attrs, errors);
            (variant, naming.of(given.as_ref(), &variant.ident))
        })
        .collect();
    if !distinct(&variants, errors) {
        return None;
    }
    Some(implement(item, &variants, naming))
}

fn distinct(variants: &[(&Variant, LitStr)], errors: &Errors) -> bool {
    let mut known: HashMap<String, &Ident> = HashMap::new();
    let mut distinct = true;
    for (variant, name) in variants {
        if let Some(first) = known.insert(name.value(), &variant.ident) {
            errors.at(name, format!("the event `{}` is `{first}` already", name.value()));
            distinct = false;
        }
    }
    distinct
}

fn implement(item: &DeriveInput, variants: &[(&Variant, LitStr)], naming: &Naming) -> TokenStream {
    let Naming { krate, private, .. } = naming;
    let ident = &item.ident;
    let (_, of, _) = item.generics.split_for_impl();
    let this = quote! { #ident #of };
    let sent_types = types(variants, &["skip", "skip_serializing", "with", "serialize_with"], &this);
    let (sent, sent_mirror) = mirror::sent(item, variants, naming, &sent_types);
    let generics = bounded(&item.generics, &quote! { #private::serde::Serialize }, &sent_types);
    let (implemented, of, bounds) = generics.split_for_impl();
    let turbofish = of.as_turbofish();
    let kinds = variants.iter().map(|(variant, name)| kind(item, variant, name, naming));
    let names = variants.iter().map(|(variant, name)| {
        let variant = &variant.ident;
        quote! { Self::#variant { .. } => #name }
    });
    let into_event = into_event(item, naming, &sent_types);
    let from_custom = from_custom(item, variants, naming);
    quote! {
        const _: () = {
            #sent_mirror

            #[automatically_derived]
            #[allow(deprecated)]
            impl #implemented #krate::CustomPayload for #ident #of #bounds {
                const KINDS: &'static [#krate::CustomKind] = &[#(#kinds),*];

                fn name(&self) -> &'static str {
                    match self { #(#names),* }
                }

                fn to_value(&self) -> ::core::result::Result<
                    #private::serde_json::Value,
                    #private::serde_json::Error,
                > {
                    #sent #turbofish::serialize(self, #private::serde_json::value::Serializer)
                }
            }

            #into_event

            #from_custom
        };
    }
}

/// Reading back, for enums that do not borrow: what is read is owned.
fn from_custom(item: &DeriveInput, variants: &[(&Variant, LitStr)], naming: &Naming) -> Option<TokenStream> {
    if item.generics.lifetimes().next().is_some() {
        return None;
    }
    let Naming { krate, private, .. } = naming;
    let ident = &item.ident;
    let (_, of, _) = item.generics.split_for_impl();
    let this = quote! { #ident #of };
    let skipped = ["skip", "skip_deserializing"];
    let owned = types(variants, &["skip", "skip_deserializing", "with", "deserialize_with"], &this);
    let default = of_fields(variants, &this, |field| {
        let plain = payload::entries(&field.attrs, "serde")
            .iter()
            .any(|entry| matches!(entry, syn::Meta::Path(path) if path.is_ident("default")));
        plain || (payload::has(&field.attrs, &skipped) && !payload::has(&field.attrs, &["default"]))
    });
    let (read, mirror) = mirror::read(item, variants, naming, (&owned, &default));
    let generics = bounded(&item.generics, &quote! { #private::serde::de::DeserializeOwned }, &owned);
    let generics = bounded(&generics, &quote! { ::core::default::Default }, &default);
    let (implemented, of, bounds) = generics.split_for_impl();
    let turbofish = of.as_turbofish();
    let names = variants.iter().map(|(_, name)| name);
    Some(quote! {
        #mirror

        #[automatically_derived]
        impl #implemented #krate::FromCustom for #ident #of #bounds {
            fn from_custom(
                event: &#private::CustomEvent,
            ) -> ::core::option::Option<::core::result::Result<Self, #krate::PayloadError>> {
                #private::typed::read_variant(event, &[#(#names),*], |value| #read #turbofish::deserialize(value))
            }
        }
    })
}

/// One event as data.
fn kind(item: &DeriveInput, variant: &Variant, name: &LitStr, naming: &Naming) -> TokenStream {
    let Naming { krate, private, .. } = naming;
    let description = docs::text(&variant.attrs).unwrap_or_else(|| quote! { "" });
    let schema = schema(item, variant, private);
    quote! { #krate::CustomKind::new(#name, #description, || #schema) }
}

fn schema(item: &DeriveInput, variant: &Variant, private: &TokenStream) -> TokenStream {
    let undescribed = quote! { #private::typed::undescribed() };
    // What other code makes of a field, only that code could describe.
    let hidden = |attributes: &[Attribute]| {
        payload::has(attributes, &["with", "serialize_with", "deserialize_with"])
            && !payload::entries(attributes, "schemars").iter().any(|entry| entry.path().is_ident("with"))
    };
    if hidden(&variant.attrs) || variant.fields.iter().any(|field| hidden(&field.attrs)) {
        return undescribed;
    }
    let types: Vec<_> = variant.fields.iter().map(|field| payload::typed(field, &quote! { Self })).collect();
    match &variant.fields {
        Fields::Unit => described::schema(private, &quote! { () }),
        Fields::Unnamed(_) => match types.as_slice() {
            [one] => described::schema(private, one),
            _ => described::schema(private, &quote! { (#(#types,)*) }),
        },
        // A type for it could not name the parameters.
        Fields::Named(_) if !item.generics.params.is_empty() => undescribed,
        Fields::Named(_) => object_schema(item, variant, private),
    }
}

/// The schema of a type that is made of the variant's fields. Its parameter is there for schemars, which takes
/// bounds on generic types only.
fn object_schema(item: &DeriveInput, variant: &Variant, private: &TokenStream) -> TokenStream {
    let this = &item.ident;
    let this = quote! { #this };
    let schemars = quote! { #private::schemars };
    let types = variant.fields.iter().map(|field| payload::typed(field, &this));
    let bounds = quote! { #(for<'agui> #types: #schemars::JsonSchema),* }.to_string();
    let (path, title) = (schemars.to_string(), variant.ident.to_string());
    let ident = format_ident!("Agui{}", variant.ident);
    let docs = variant.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let closed = payload::only(&item.attrs, &["deny_unknown_fields"]);
    let renamed = payload::only(&variant.attrs, &["rename_all"]).or_else(|| {
        let all = payload::entries(&item.attrs, "serde");
        let all = all.iter().find(|entry| entry.path().is_ident("rename_all_fields"))?;
        match all {
            syn::Meta::NameValue(all) => {
                let case = &all.value;
                Some(quote! { #[serde(rename_all = #case)] })
            }
            syn::Meta::List(all) => {
                let cases = &all.tokens;
                Some(quote! { #[serde(rename_all(#cases))] })
            }
            syn::Meta::Path(_) => None,
        }
    });
    let fields = payload::fields(&variant.fields, &["serde", "schemars", "doc"], &this);
    let schema = described::schema(private, &quote! { #ident<true> });
    quote! {{
        #[allow(unused_imports)]
        use ::core::convert::Into as _;

        #[derive(#schemars::JsonSchema)]
        #[schemars(crate = #path, bound = #bounds, rename = #title)]
        #closed
        #renamed
        #(#docs)*
        #[allow(dead_code)]
        struct #ident<const AGUI: bool> #fields

        #schema
    }}
}

/// The distinct types of fields for which no attribute stands in.
fn types(variants: &[(&Variant, LitStr)], own: &[&str], this: &TokenStream) -> Vec<TokenStream> {
    let mut types = Vec::new();
    for (variant, _) in variants {
        for field in payload::types(variant, own) {
            push(&mut types, payload::typed(field, this));
        }
    }
    types
}

fn of_fields(
    variants: &[(&Variant, LitStr)],
    this: &TokenStream,
    chosen: impl Fn(&Field) -> bool,
) -> Vec<TokenStream> {
    let mut types = Vec::new();
    for field in variants.iter().flat_map(|(variant, _)| &variant.fields).filter(|field| chosen(field)) {
        push(&mut types, payload::typed(field, this));
    }
    types
}

fn push(types: &mut Vec<TokenStream>, ty: TokenStream) {
    if types.iter().all(|known| known.to_string() != ty.to_string()) {
        types.push(ty);
    }
}
