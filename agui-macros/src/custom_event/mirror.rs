//! The forms that an enum has on the wire, which are not those that it has by itself: enums like it that tell
//! serde how to write and how to read each variant (`#[serde(remote)]`).

use super::payload;
use crate::naming::Naming;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{DeriveInput, LitStr, Variant};

/// What serde says about the fields of variants holds here as well, what it says about variants does not.
const OF_ENUM: &[&str] = &["rename_all_fields", "deny_unknown_fields"];
const OF_VARIANT: &[&str] = &["rename_all", "with", "serialize_with", "deserialize_with"];

/// The enum by which payloads are written: each variant as what it contains.
pub(super) fn sent(
    item: &DeriveInput,
    variants: &[(&Variant, LitStr)],
    naming: &Naming,
    bounds: &[TokenStream],
) -> (Ident, TokenStream) {
    let bounds = bounds.iter().map(|ty| {
        let serde = serde(naming);
        quote! { for<'agui> #ty: #serde::Serialize }
    });
    let bounds = text(quote! { #(#bounds),* });
    let options = quote! { untagged, bound(serialize = #bounds) };
    mirror(item, variants, naming, "AguiSent", &options)
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
    let options = quote! { bound(deserialize = #bounds) };
    mirror(item, variants, naming, "AguiRead", &options)
}

fn mirror(
    item: &DeriveInput,
    variants: &[(&Variant, LitStr)],
    naming: &Naming,
    name: &str,
    options: &TokenStream,
) -> (Ident, TokenStream) {
    let ident = Ident::new(name, Span::mixed_site());
    let (of, generics) = (&item.ident, &item.generics);
    let (_, parameters, bounds) = generics.split_for_impl();
    let this = quote! { #of #parameters };
    let serde = serde(naming);
    let (path, remote) = (text(serde.clone()), of.to_string());
    let derive = if name == "AguiSent" {
        quote! { Serialize }
    } else {
        quote! { Deserialize }
    };
    let of_enum = payload::only(&item.attrs, OF_ENUM);
    let variants = variants.iter().map(|(variant, name)| {
        let ident = &variant.ident;
        let attributes = payload::only(&variant.attrs, OF_VARIANT);
        let fields = payload::fields(&variant.fields, &["serde"], &this);
        quote! { #[serde(rename = #name)] #attributes #ident #fields }
    });
    let mirror = quote! {
        #[derive(#serde::#derive)]
        #[serde(crate = #path, remote = #remote, #options)]
        #of_enum
        #[allow(dead_code, missing_docs)]
        enum #ident #generics #bounds { #(#variants),* }
    };
    (ident, mirror)
}

fn serde(naming: &Naming) -> TokenStream {
    let private = &naming.private;
    quote! { #private::serde }
}

/// Tokens as serde wants paths and bounds.
fn text(tokens: impl ToTokens) -> String {
    tokens.into_token_stream().to_string()
}
