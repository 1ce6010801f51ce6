//! The forms that an enum has on the wire, which are not those that it has by itself: enums like it that tell
//! serde how to write and how to read each variant (`#[serde(remote)]`).

use super::payload;
use crate::naming::Naming;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{DeriveInput, LitStr, Variant};

/// What serde says about the fields of variants holds here as well, what it says about variants does not.
const OF_ENUM: &[&str] = &["rename_all_fields", "deny_unknown_fields"];
const OF_VARIANT: &[&str] = &["rename_all", "with", "serialize_with", "deserialize_with"];

/// The enum by which payloads are written: each variant as what it contains.
pub(super) fn sent(
    item: &DeriveInput,
    variants: &[(&Variant, LitStr)],
    naming: &Naming,
    types: &[TokenStream],
) -> (Ident, TokenStream) {
    let serde = serde(naming);
    let bounds = text(quote! { #(for<'agui> #types: #serde::Serialize),* });
    let ident = Ident::new("AguiSent", Span::call_site());
    let mirror = mirror(item, variants, naming, &ident);
    let mirror = quote! {
        #[derive(#serde::Serialize)]
        #[serde(untagged, bound(serialize = #bounds))]
        #mirror
    };
    (ident, mirror)
}

/// The enum by which payloads are read, chosen by the event's name.
pub(super) fn read(
    item: &DeriveInput,
    variants: &[(&Variant, LitStr)],
    naming: &Naming,
    (owned, default): (&[TokenStream], &[TokenStream]),
) -> (Ident, TokenStream) {
    let serde = serde(naming);
    let bounds = text(quote! {
        #(for<'agui> #owned: #serde::de::DeserializeOwned,)*
        #(for<'agui> #default: ::core::default::Default,)*
    });
    let ident = Ident::new("AguiRead", Span::call_site());
    let mirror = mirror(item, variants, naming, &ident);
    let mirror = quote! {
        #[derive(#serde::Deserialize)]
        #[serde(bound(deserialize = #bounds))]
        #mirror
    };
    (ident, mirror)
}

/// An enum like the item, with what serde has to know in either direction.
fn mirror(
    item: &DeriveInput,
    variants: &[(&Variant, LitStr)],
    naming: &Naming,
    ident: &Ident,
) -> TokenStream {
    let (of, generics) = (&item.ident, &item.generics);
    let (_, parameters, bounds) = generics.split_for_impl();
    let this = quote! { #of #parameters };
    let (path, remote) = (text(serde(naming)), of.to_string());
    let of_enum = payload::only(&item.attrs, OF_ENUM);
    let variants = variants.iter().map(|(variant, name)| {
        let ident = &variant.ident;
        let attributes = payload::only(&variant.attrs, OF_VARIANT);
        let fields = payload::fields(&variant.fields, &["serde"], &this);
        quote! { #[serde(rename = #name)] #attributes #ident #fields }
    });
    quote! {
        #[serde(crate = #path, remote = #remote)]
        #of_enum
        #[allow(dead_code, missing_docs)]
        enum #ident #generics #bounds { #(#variants),* }
    }
}

fn serde(naming: &Naming) -> TokenStream {
    let private = &naming.private;
    quote! { #private::serde }
}

/// Tokens as serde wants paths and bounds.
fn text(tokens: TokenStream) -> String {
    tokens.to_string()
}
