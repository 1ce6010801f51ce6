//! Doc comments as text.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// An expression of type `&'static str` for the text of doc comments; `None` without any.
pub(crate) fn text(attributes: &[Attribute]) -> Option<TokenStream> {
    let docs: Vec<_> = attributes.iter().filter_map(doc).collect();
    let literal = docs.iter().map(literal).collect::<Option<Vec<_>>>();
    let Some(lines) = literal else {
        // Something like `#[doc = include_str!("weather.md")]`.
        return Some(quote! { ::core::concat!(#(#docs, "\n"),*) });
    };
    let text = lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let text = text.trim();
    (!text.is_empty()).then(|| quote! { #text })
}

fn doc(attribute: &Attribute) -> Option<&Expr> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => Some(&meta.value),
        _ => None,
    }
}

fn literal(value: &&Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}
