//! What a variant carries: its fields, and what serde's attributes say about them.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Fields, Meta, Token, Variant};

/// The entries of the attributes `#[serde(…)]`. What serde does not understand it reports itself.
pub(super) fn entries(attributes: &[Attribute], of: &str) -> Vec<Meta> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident(of))
        .filter_map(|attribute| {
            attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()
        })
        .flatten()
        .collect()
}

/// The entries of some names, as an attribute.
pub(super) fn only(attributes: &[Attribute], names: &[&str]) -> Option<TokenStream> {
    let mut kept = entries(attributes, "serde");
    kept.retain(|entry| names.iter().any(|name| entry.path().is_ident(name)));
    (!kept.is_empty()).then(|| quote! { #[serde(#(#kept),*)] })
}

/// Whether some attributes have an entry of one of the names.
pub(super) fn has(attributes: &[Attribute], names: &[&str]) -> bool {
    entries(attributes, "serde").iter().any(|entry| names.iter().any(|name| entry.path().is_ident(name)))
}

/// The types of a variant's fields that serde has to be able to do something with. `own`: the attributes by
/// which a field does without.
pub(super) fn types<'v>(variant: &'v Variant, own: &[&str]) -> Vec<&'v Field> {
    if has(&variant.attrs, own) {
        return Vec::new();
    }
    variant.fields.iter().filter(|field| !has(&field.attrs, own)).collect()
}

/// The fields with some of their attributes, `Self` replaced by the type that it is.
pub(super) fn fields(fields: &Fields, attributes: &[&str], this: &TokenStream) -> TokenStream {
    let each = fields.iter().map(|field| {
        let attributes = field
            .attrs
            .iter()
            .filter(|attribute| attributes.iter().any(|name| attribute.path().is_ident(name)));
        let name = field.ident.as_ref().map(|ident| quote! { #ident: });
        let ty = typed(field, this);
        quote! { #(#attributes)* #name #ty }
    });
    match fields {
        Fields::Named(_) => quote! { { #(#each),* } },
        Fields::Unnamed(_) => quote! { ( #(#each),* ) },
        Fields::Unit => TokenStream::new(),
    }
}

/// The type of a field, with `Self` replaced.
pub(super) fn typed(field: &Field, this: &TokenStream) -> TokenStream {
    replace(field.ty.to_token_stream(), this)
}

fn replace(tokens: TokenStream, this: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) if is_self(&ident) => this.clone(),
            TokenTree::Group(group) => {
                let mut replaced = Group::new(group.delimiter(), replace(group.stream(), this));
                replaced.set_span(group.span());
                TokenTree::from(replaced).into()
            }
            other => other.into(),
        })
        .collect()
}

fn is_self(ident: &Ident) -> bool {
    ident == "Self"
}
