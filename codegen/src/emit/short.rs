//! Absolute paths to short ones, where nothing in the schema has that name.
//!
//! The emitting code writes `::std::option::Option` throughout, and `__D` for a type parameter, which
//! is right whatever a schema calls its definitions and members; people read the result, so it is
//! shortened where that is safe.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use std::collections::BTreeSet;

/// Paths below `::std`, longest first, each of which is in the prelude under its last name.
const PRELUDE: &[&[&str]] = &[
    &["option", "Option", "Some"],
    &["option", "Option", "None"],
    &["result", "Result", "Ok"],
    &["result", "Result", "Err"],
    &["option", "Option"],
    &["result", "Result"],
    &["string", "String"],
    &["vec", "Vec"],
    &["boxed", "Box"],
    &["convert", "From"],
    &["convert", "Into"],
    &["convert", "TryFrom"],
    &["convert", "AsRef"],
    &["default", "Default"],
    &["primitive", "usize"],
];

/// Shortens what can be shortened without meaning one of the names `taken` by the schema.
pub(super) fn shorten(tokens: TokenStream, taken: &BTreeSet<String>) -> TokenStream {
    let mut rest: Vec<TokenTree> = tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), shorten(group.stream(), taken));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Ident(ident) => TokenTree::Ident(plain(ident, taken)),
            other => other,
        })
        .collect();
    rest.reverse();
    let mut out = Vec::with_capacity(rest.len());
    while let Some(token) = rest.pop() {
        out.push(token);
        // Behind `:: std`, look for the rest of a prelude path.
        let std = matches!(&out[..], [.., TokenTree::Punct(a), TokenTree::Punct(b), TokenTree::Ident(std)]
            if a.as_char() == ':' && b.as_char() == ':' && std == "std");
        let path = PRELUDE.iter().find(|path| std && follows(&rest, path));
        if let Some(path) = path.filter(|path| path.last().is_some_and(|name| !taken.contains(*name))) {
            out.truncate(out.len() - 3);
            for _ in 0..path.len() * 3 - 1 {
                rest.pop();
            }
        }
    }
    out.into_iter().collect()
}

/// `__name` without its underscores, which no name made from a schema begins with.
fn plain(ident: Ident, taken: &BTreeSet<String>) -> Ident {
    match ident.to_string().strip_prefix("__") {
        Some(name) if !taken.contains(name) => Ident::new(name, ident.span()),
        _ => ident,
    }
}

/// Whether `:: a :: b …` comes next; `rest` is reversed.
fn follows(rest: &[TokenTree], path: &[&str]) -> bool {
    let mut ahead = rest.iter().rev();
    path.iter().all(|name| {
        let colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(colon)) if colon.as_char() == ':');
        colon(ahead.next())
            && colon(ahead.next())
            && matches!(ahead.next(), Some(TokenTree::Ident(ident)) if ident == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(text: &str, taken: &[&str]) -> String {
        let compact = |text: String| text.replace(' ', "");
        let taken = taken.iter().map(|&name| name.to_owned()).collect();
        compact(shorten(text.parse().unwrap(), &taken).to_string())
    }

    #[test]
    fn prelude_paths_are_shortened_unless_taken() {
        let text =
            "fn f() -> ::std::option::Option<::std::string::String> { ::std::option::Option::Some(1) }";
        assert_eq!(short(text, &[]), "fnf()->Option<String>{Some(1)}");
        assert_eq!(short(text, &["Option"]), "fnf()->::std::option::Option<String>{Some(1)}");
        assert_eq!(short("::std::fmt::Display", &[]), "::std::fmt::Display");
    }

    #[test]
    fn the_names_of_parameters_give_way() {
        assert_eq!(short("fn f<__D: Into<D>>(__entries: __D)", &[]), "fnf<D:Into<D>>(entries:D)");
        assert_eq!(short("fn f<__D: Into<D>>(__entries: __D)", &["D"]), "fnf<__D:Into<D>>(entries:__D)");
    }
}
