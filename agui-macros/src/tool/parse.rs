//! A function, read as a tool: what becomes an argument, what is the context, and what cannot be.

use super::options::Options;
use crate::docs;
use crate::errors::Errors;
use heck::ToPascalCase;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{
    Attribute, Block, FnArg, GenericArgument, Pat, PatType, PathArguments, ReturnType, Signature, Token,
    Type, TypeParamBound, Visibility,
};

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
            if is_function(&ahead) { error } else { ahead.error("`#[agui_tool]` goes on a function") }
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

/// Whether what comes begins like a function, however it goes on.
fn is_function(input: ParseStream<'_>) -> bool {
    input.peek(Token![fn])
        || input.peek(Token![async])
        || input.peek(Token![unsafe])
        || input.peek(Token![extern])
        || (input.peek(Token![const]) && input.peek2(Token![fn]))
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
        let parameters = signature.inputs.iter().filter_map(|input| parameter(input, errors)).collect();
        let (returns, future) = returned(&signature.output);
        let form = match options.blocking {
            Some(span) if future || signature.asyncness.is_some() => {
                errors.push(syn::Error::new(span, "`blocking` is for functions that are not `async`"));
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
            errors.at(
                ident,
                "a tool needs a description, which is what a model chooses it by: write a doc comment, or `#[agui_tool(description = \"…\")]`",
            );
            quote! { "" }
        });
        let type_ident = options
            .arguments
            .clone()
            .unwrap_or_else(|| format_ident!("{}", unraw.to_string().to_pascal_case(), span = ident.span()));
        Tool { options, ident: type_ident, name, description, parameters, form, returns }
    }
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

fn parameter(input: &FnArg, errors: &Errors) -> Option<Parameter> {
    let input = match input {
        FnArg::Receiver(receiver) => {
            let shared = matches!(receiver.kind, syn::ReceiverKind::Reference(_, _, None));
            if !shared {
                errors.at(
                    receiver,
                    "a tool's object is shared by calls that run side by side: take `&self`, and keep what changes behind a lock",
                );
            }
            return Some(Parameter::Object);
        }
        FnArg::Typed(input) => input,
    };
    if let Some((run, reference)) = context(input, errors) {
        return Some(Parameter::Context { run, reference });
    }
    let Pat::Ident(pattern) = &*input.pat else {
        errors.at(&input.pat, "an argument needs a name, which is what a model calls it by");
        return None;
    };
    if let Some(reference) = &pattern.by_ref {
        errors.at(reference, "an argument belongs to the call: take it by value");
    }
    if let Some((_, subpattern)) = &pattern.subpat {
        errors.at(subpattern, "an argument needs a name, not a pattern");
    }
    for attribute in &input.attrs {
        if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
            errors.at(attribute, "an argument cannot be conditional: make the whole tool so");
        }
    }
    if let Some(message) = refused(&input.ty) {
        errors.at(&input.ty, message);
        return None;
    }
    let attributes = input.attrs.iter().filter(|attribute| is_for_argument(attribute)).cloned().collect();
    Some(Parameter::Argument { attributes, ident: pattern.ident.clone(), ty: input.ty.clone() })
}

/// Attributes of an argument that belong to the field made of it.
fn is_for_argument(attribute: &Attribute) -> bool {
    ["doc", "serde", "schemars"].iter().any(|name| attribute.path().is_ident(name))
}

/// Whether a parameter is the context: of which kind, and whether by reference.
pub(super) fn context(input: &PatType, errors: &Errors) -> Option<(bool, bool)> {
    let (ty, reference) = match &*input.ty {
        Type::Reference(reference) => (&*reference.elem, Some(reference)),
        ty => (ty, None),
    };
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.arguments.is_none())?;
    let run = match last.ident.to_string().as_str() {
        "ToolContext" => false,
        "RunContext" => true,
        _ => return None,
    };
    if let Some(mutability) = reference.and_then(|reference| reference.mutability) {
        errors.at(mutability, "the context is shared: take it by value or by `&`");
    }
    Some((run, reference.is_some()))
}

/// Why an argument cannot be of a type, if that shows in how it is written.
fn refused(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => {
            let owned = match &*reference.elem {
                Type::Path(path) if path.path.is_ident("str") => "String".to_owned(),
                Type::Slice(slice) => format!("Vec<{}>", slice.elem.to_token_stream()),
                other => other.to_token_stream().to_string(),
            };
            Some(format!(
                "arguments come out of JSON and belong to the call: use `{owned}` instead of a reference"
            ))
        }
        Type::ImplTrait(_) => Some("an argument needs a type that can be named, not `impl Trait`".to_owned()),
        other => other.to_token_stream().into_iter().any(|token| is_lifetime(&token)).then(|| {
            "arguments come out of JSON and belong to the call: use a type without references".to_owned()
        }),
    }
}

/// Whether there is a reference or a lifetime in it.
fn is_lifetime(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(punct) => ['\'', '&'].contains(&punct.as_char()),
        TokenTree::Group(group) => group.stream().into_iter().any(|token| is_lifetime(&token)),
        _ => false,
    }
}

/// The type that a function gives in the end, and whether it is wrapped in an `impl Future`.
fn returned(output: &ReturnType) -> (Type, bool) {
    let ReturnType::Type(_, ty) = output else { return (syn::parse_quote!(()), false) };
    let future = match &**ty {
        Type::ImplTrait(opaque) => opaque.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().filter(|last| last.ident == "Future"),
            _ => None,
        }),
        _ => None,
    };
    let inner = future.and_then(|future| match &future.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(assoc.ty.clone()),
                _ => None,
            })
        }
        _ => None,
    });
    match inner {
        Some(inner) => (inner, true),
        None => ((**ty).clone(), future.is_some()),
    }
}

impl Tool {
    /// The span at which errors about the returned type are shown.
    pub(crate) fn returns_span(&self) -> Span {
        match &self.returns {
            Type::Tuple(tuple) if tuple.elems.is_empty() => Span::call_site(),
            ty => ty.span(),
        }
    }
}
