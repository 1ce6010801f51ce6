//! The type of the arguments: it is read from a call, it describes itself, and where it cannot the error is one.

use super::{at, private, text};
use crate::tool::parse::{Parameter, Tool};
use crate::tool::types::mentions;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::HashSet;
use syn::{Attribute, LitStr, Meta, Type, Visibility};

pub(super) fn structure(visibility: &Visibility, tool: &Tool) -> TokenStream {
    let (ident, description) = (&tool.ident, &tool.description);
    let private = private(tool);
    let serde = quote! { #private::serde };
    let serde_path = text(&serde);
    let arguments: Vec<_> = tool.arguments().collect();
    let fields = arguments.iter().map(|argument| {
        let Argument { attributes, ident, ty } = argument;
        let attributes = attributes.iter().filter(|attribute| !attribute.path().is_ident("schemars"));
        // What a call can be made of where its arguments can be.
        let serialize = bounds(ty, &[quote! { #serde::Serialize }]);
        let read = bounds(ty, &argument.required(&private));
        quote! {
            #(#attributes)*
            #[serde(bound(serialize = #serialize, deserialize = #read))]
            #visibility #ident: #ty
        }
    });
    let idents: Vec<_> = arguments.iter().map(|argument| argument.ident).collect();
    let types = distinct(arguments.iter().map(|argument| argument.ty));
    let label = ident.to_string();
    let names = idents.iter().map(|ident| ident.to_string());
    let structure = quote_spanned! { at(tool.span)=> struct };
    let schema = schema(tool, &arguments);
    quote! {
        #[doc = #description]
        #[derive(#serde::Deserialize, #serde::Serialize)]
        #[serde(crate = #serde_path)]
        #[allow(missing_docs)]
        #visibility #structure #ident { #(#fields),* }

        #schema

        impl ::core::fmt::Debug for #ident
        where
            #(for<'agui> #types: ::core::fmt::Debug,)*
        {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#label) #(.field(#names, &self.#idents))* .finish()
            }
        }

        impl ::core::cmp::PartialEq for #ident
        where
            #(for<'agui> #types: ::core::cmp::PartialEq,)*
        {
            fn eq(&self, other: &Self) -> bool {
                let _ = other;
                true #(&& ::core::cmp::PartialEq::eq(&self.#idents, &other.#idents))*
            }
        }
    }
}

/// The arguments' JSON Schema, by a type of its own: where there is no generic parameter, the only bounds that
/// schemars heeds are those of the type.
fn schema(tool: &Tool, arguments: &[Argument<'_>]) -> TokenStream {
    let (ident, private) = (&tool.ident, private(tool));
    let (label, description) = (ident.to_string(), &tool.description);
    let schemars = quote! { #private::schemars };
    let schemars_path = text(&schemars);
    let mut seen = HashSet::new();
    let bounds: Vec<_> = arguments
        .iter()
        .flat_map(|argument| argument.required(&private).into_iter().map(|of| (argument.ty, of)))
        .map(|(ty, of)| quote! { for<'agui> #ty: #of })
        .filter(|bound| seen.insert(text(bound)))
        .collect();
    let fields =
        arguments.iter().map(|Argument { attributes, ident, ty }| quote! { #(#attributes)* #ident: #ty });
    quote! {
        impl #schemars::JsonSchema for #ident
        where
            #(#bounds,)*
        {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#label)
            }

            fn json_schema(generator: &mut #schemars::SchemaGenerator) -> #schemars::Schema {
                // For modules without a prelude: what is derived calls its methods.
                #[allow(unused_imports)]
                use ::core::convert::Into as _;

                #[doc = #description]
                #[derive(#schemars::JsonSchema)]
                #[schemars(crate = #schemars_path)]
                #[allow(dead_code)]
                struct Parameters
                where
                    #(#bounds,)*
                {
                    #(#fields),*
                }

                <Parameters as #schemars::JsonSchema>::json_schema(generator)
            }
        }
    }
}

/// Each type once, however often it occurs: a bound costs time.
fn distinct<'t>(types: impl Iterator<Item = &'t Type>) -> Vec<&'t Type> {
    let mut seen = HashSet::new();
    types.filter(|ty| seen.insert(text(&ty.to_token_stream()))).collect()
}

/// A bound of a type as serde wants it, with its errors at the type. For all lifetimes, since one about no
/// generic type would be an error itself where it does not hold; this way it is left to whoever uses the
/// implementation.
fn bounds(ty: &Type, of: &[TokenStream]) -> LitStr {
    let bounds = of.iter().map(|of| text(&quote! { for<'agui> #ty: #of })).collect::<Vec<_>>().join(", ");
    LitStr::new(
        &bounds,
        ty.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span()),
    )
}

impl Tool {
    fn arguments(&self) -> impl Iterator<Item = Argument<'_>> {
        self.parameters.iter().filter_map(|parameter| match parameter {
            Parameter::Argument { attributes, ident, ty } => Some(Argument { attributes, ident, ty }),
            _ => None,
        })
    }

    /// Statements that compile if the arguments' types can be that: the one place where it is an error if not.
    pub(super) fn checks(&self) -> TokenStream {
        let private = private(self);
        let mut seen = HashSet::new();
        let arguments: Vec<_> = self.arguments().collect();
        let all = arguments
            .iter()
            .flat_map(|argument| argument.requirements().into_iter().map(|(_, by)| (by, argument.ty)));
        all.filter(|(by, ty)| seen.insert((*by, text(&ty.to_token_stream()))))
            .map(|(by, ty)| {
                let by = Ident::new(by, Span::call_site());
                quote! { let _ = #private::#by::<#ty>; }
            })
            .collect()
    }
}

struct Argument<'t> {
    attributes: &'t Vec<Attribute>,
    ident: &'t Ident,
    ty: &'t Type,
}

impl Argument<'_> {
    /// The traits that an argument's type has to have. Everything is implemented under the condition that it
    /// has them, and says nothing; the one error is where the tool is made.
    fn required(&self, private: &TokenStream) -> Vec<TokenStream> {
        self.requirements()
            .into_iter()
            .map(|(of, _)| {
                let of = Ident::new(of, Span::call_site());
                quote! { #private::#of }
            })
            .collect()
    }

    /// The traits, and the functions that ask for them.
    fn requirements(&self) -> Vec<(&'static str, &'static str)> {
        // Of other types serde or schemars is told what to use.
        let replaced = ["with", "deserialize_with", "schema_with", "skip", "skip_deserializing"];
        let mut required = Vec::new();
        if !replaced.into_iter().any(|word| self.says(|tokens| mentions(tokens, word))) {
            required.push(("ToolArgument", "argument"));
        }
        if self.says(is_default) {
            required.push(("ToolDefault", "default"));
        }
        required
    }

    /// Whether the arguments of an attribute for serde or schemars say something.
    fn says(&self, what: impl Fn(TokenStream) -> bool) -> bool {
        self.attributes.iter().any(|attribute| match &attribute.meta {
            Meta::List(list) => what(list.tokens.clone()),
            _ => false,
        })
    }
}

/// Whether there is a `default` without a function that gives it.
fn is_default(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(word) if word == "default") {
            return !matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=');
        }
    }
    false
}
