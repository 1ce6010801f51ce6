//! A function, read as a tool, and what cannot be one.

use super::options::Options;
use super::parameters::{is_for_argument, parameters};
use super::types::{mentions, names, returned};
use crate::docs;
use crate::errors::Errors;
use heck::ToPascalCase;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Block, FnArg, Signature, Token, Type, Visibility};

/// A function with or without a body.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: Option<Block>,
}

/// What is made of it.
pub(crate) struct Tool {
    pub(crate) options: Options,
    /// The type that is made.
    pub(crate) ident: Ident,
    pub(crate) name: TokenStream,
    pub(crate) description: TokenStream,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) form: Form,
    /// What the function gives, without the future around it.
    pub(crate) returns: Type,
    /// Whether that type means the same outside of the function's `impl`.
    pub(crate) nameable: bool,
    /// The function's name, where errors are shown that have no better place.
    pub(crate) span: Span,
}

pub(crate) enum Parameter {
    /// A field of the arguments, with the attributes that belong there.
    Argument { attributes: Vec<Attribute>, ident: Ident, ty: Box<Type> },
    /// The call's context, or its run.
    Context { run: bool, reference: bool },
    /// `&self`.
    Object,
}

/// How the function is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Plain,
    Async,
    Blocking,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let ahead = input.fork();
        let signature = input.parse().map_err(|error| {
            if is_function(&ahead) {
                error
            } else if ahead.peek(Token![impl]) {
                ahead.error(
                    "`#[agui_tools]` goes on the `impl`, and `#[agui_tool]` on the methods that are tools",
                )
            } else {
                ahead.error("`#[agui_tool]` goes on a function")
            }
        })?;
        let body = if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
            None
        } else {
            Some(input.parse()?)
        };
        Ok(Self { attributes, visibility, signature, body })
    }
}

/// Whether `fn` comes before anything with a body, however it goes on.
fn is_function(input: ParseStream<'_>) -> bool {
    let tokens = input.fork().parse::<TokenStream>().unwrap_or_default();
    let mut words = tokens.into_iter().take_while(|token| !matches!(token, TokenTree::Group(_)));
    words.any(|token| matches!(token, TokenTree::Ident(word) if word == "fn"))
}

impl Function {
    /// The function as the user goes on to use it: without what only the tool is to know.
    pub(crate) fn stripped(&self) -> Option<TokenStream> {
        let body = self.body.as_ref()?;
        let mut signature = self.signature.clone();
        for input in &mut signature.inputs {
            if let FnArg::Typed(input) = input {
                input.attrs.retain(|attribute| !is_for_argument(attribute));
            }
        }
        let (attributes, visibility) = (&self.attributes, &self.visibility);
        Some(quote! { #(#attributes)* #visibility #signature #body })
    }

    /// Reads the tool; what cannot be one is among the errors then.
    pub(crate) fn tool(&self, options: Options, errors: &Errors) -> Tool {
        let signature = &self.signature;
        let ident = &signature.ident;
        refuse_qualifiers(signature, errors);
        let parameters = parameters(signature, errors);
        let (returns, future) = returned(&signature.output);
        let form = match options.blocking {
            Some(span) if future || signature.asyncness.is_some() => {
                errors.push(syn::Error::new(
                    span,
                    "`blocking` is for functions that are not `async`: leave out one of them",
                ));
                Form::Async
            }
            Some(_) => Form::Blocking,
            None if future || signature.asyncness.is_some() => Form::Async,
            None => Form::Plain,
        };
        let unraw = ident.unraw();
        let name = match &options.name {
            Some(name) => quote! { #name },
            None => {
                let name = unraw.to_string();
                if name.len() > 64 || !name.is_ascii() {
                    errors.at(ident, "a tool's name takes 1 to 64 ASCII letters, digits, `_` and `-`: give one by `name = \"…\"`");
                }
                quote! { #name }
            }
        };
        let description = options.description.as_ref().map(|text| quote! { #text });
        let description = description.or_else(|| docs::text(&self.attributes)).unwrap_or_else(|| {
            if !options.unread {
                errors.at(
                    ident,
                    "a tool needs a description, which is what a model chooses it by: write a doc comment, or `#[agui_tool(description = \"…\")]`",
                );
            }
            quote! { "" }
        });
        let type_ident = options
            .arguments
            .clone()
            .unwrap_or_else(|| format_ident!("{}", unraw.to_string().to_pascal_case(), span = ident.span()));
        let nameable = !mentions(returns.to_token_stream(), "Self");
        let span = ident.span();
        let mut tool =
            Tool { options, ident: type_ident, name, description, parameters, form, returns, nameable, span };
        if refuse_taken_name(ident, &tool, errors) {
            tool.ident = format_ident!("{}Arguments", tool.ident);
        }
        tool
    }
}

/// Reports a type of the signature that has the name of the type that is made: `fn weather() -> Weather`.
fn refuse_taken_name(function: &Ident, tool: &Tool, errors: &Errors) -> bool {
    let arguments = tool.parameters.iter().filter_map(|parameter| match parameter {
        Parameter::Argument { ty, .. } => Some(&**ty),
        _ => None,
    });
    for ty in arguments.chain([&tool.returns]) {
        if names(ty.to_token_stream(), &tool.ident) {
            let made = &tool.ident;
            errors.at(
                ty,
                format!(
                    "`#[agui_tool]` makes a type `{made}` of the arguments of `{function}`, and there is one already: choose another name by `#[agui_tool(arguments = {made}Arguments)]`"
                ),
            );
            return true;
        }
    }
    false
}

fn refuse_qualifiers(signature: &Signature, errors: &Errors) {
    if let syn::Safety::Unsafe(unsafety) = &signature.safety {
        errors.at(unsafety, "a tool is called with whatever a model writes, so it cannot be `unsafe`");
    }
    if let Some(abi) = &signature.abi {
        errors.at(abi, "a tool is an ordinary Rust function");
    }
    if let Some(variadic) = &signature.variadic {
        errors.at(variadic, "a tool has a fixed number of arguments");
    }
    if let Some(generic) = signature.generics.params.first() {
        let why = match generic {
            syn::GenericParam::Lifetime(_) => {
                "a tool's arguments come out of JSON and belong to the call: use owned types instead of a lifetime"
            }
            _ => "a tool has one schema, so it cannot be generic: choose a type, or generate one tool a type",
        };
        errors.at(generic, why);
    } else if let Some(clause) = &signature.generics.where_clause {
        errors.at(clause, "a tool is not generic, so there is nothing to bound");
    }
}
