//! What is generated, as files for review: `tests/expansions/NAME.expanded.rs` is made of `NAME.rs`, and
//! `tests/expansions.rs` compiles both.
//!
//! `AGUI_REWRITE=1 cargo test -p agui-macros` writes them anew.

use crate::{tool, tools};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::path::Path;
use syn::{Attribute, Item, ItemFn, ItemImpl, Meta};

#[test]
fn expansions_are_as_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansions");
    let mut differing = Vec::new();
    for file in std::fs::read_dir(&folder).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".expanded.rs") {
            continue;
        }
        let expanded = expanded(&std::fs::read_to_string(&file).unwrap());
        let golden = file.with_extension("expanded.rs");
        if std::env::var_os("AGUI_REWRITE").is_some() {
            std::fs::write(golden, expanded).unwrap();
        } else if std::fs::read_to_string(golden).ok() != Some(expanded) {
            differing.push(name.to_owned());
        }
    }
    assert!(differing.is_empty(), "{differing:?} expand differently now; after a review: AGUI_REWRITE=1");
}

fn expanded(source: &str) -> String {
    let file = syn::parse_file(source).unwrap();
    let tokens = file.items.into_iter().map(|item| match item {
        Item::Fn(function) => function_expanded(function),
        Item::Impl(item) => methods_expanded(item),
        // A function without a body is no item that syn knows.
        Item::Verbatim(signature) => {
            let (attribute, rest) = signature_split(signature);
            tool::expand(attribute, rest)
        }
        other => other.into_token_stream(),
    });
    let tokens: TokenStream = tokens.collect();
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}

fn function_expanded(mut function: ItemFn) -> TokenStream {
    let attribute = taken(&mut function.attrs, "agui_tool");
    tool::expand(attribute, function.into_token_stream())
}

fn methods_expanded(mut item: ItemImpl) -> TokenStream {
    let attribute = taken(&mut item.attrs, "agui_tools");
    tools::expand(attribute, item.into_token_stream())
}

/// Takes an attribute away; gives its arguments.
fn taken(attributes: &mut Vec<Attribute>, name: &str) -> TokenStream {
    let is_it = |attribute: &Attribute| attribute.path().segments.last().unwrap().ident == name;
    let attribute = attributes.remove(attributes.iter().position(is_it).unwrap());
    match attribute.meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    }
}

fn signature_split(signature: TokenStream) -> (TokenStream, TokenStream) {
    let parse = |input: syn::parse::ParseStream<'_>| {
        let mut attributes = input.call(Attribute::parse_outer)?;
        let attribute = taken(&mut attributes, "agui_tool");
        let rest: TokenStream = input.parse()?;
        Ok((attribute, quote::quote! { #(#attributes)* #rest }))
    };
    syn::parse::Parser::parse2(parse, signature).unwrap()
}
