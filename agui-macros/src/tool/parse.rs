//! A function, read as a tool: what becomes an argument, what is the context, and what cannot be.

use super::emit::mentions;
use super::options::Options;
use crate::docs;
use crate::errors::Errors;
use heck::ToPascalCase;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
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

/// Whether a type is named, without a path to it.
fn names(tokens: TokenStream, ident: &Ident) -> bool {
    let mut after_path = false;
    tokens.into_iter().any(|token| {
        let found = match &token {
            TokenTree::Ident(other) => !after_path && other == ident,
            TokenTree::Group(group) => names(group.stream(), ident),
            _ => false,
        };
        after_path = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
        found
    })
}

fn parameters(signature: &Signature, errors: &Errors) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    // A lifetime that is declared has been reported where it is.
    let lifetimes = signature.generics.lifetimes().next().is_some();
    for input in &signature.inputs {
        let Some(parameter) = parameter(input, lifetimes, errors) else { continue };
        let twice = |other: &Parameter| match (other, &parameter) {
            (Parameter::Argument { ident: a, .. }, Parameter::Argument { ident: b, .. }) => a == b,
            _ => false,
        };
        if parameters.iter().any(twice) {
            errors.told("a tool has one argument of a name");
        } else {
            parameters.push(parameter);
        }
    }
    parameters
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

fn parameter(input: &FnArg, lifetimes: bool, errors: &Errors) -> Option<Parameter> {
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
    if is_inferred(input.ty.to_token_stream()) {
        errors.told("an argument needs a type that is written out");
        return None;
    }
    if let Some(message) = refused(&input.ty) {
        if !lifetimes {
            errors.at(&input.ty, message);
        }
        return None;
    }
    let attributes = input.attrs.iter().filter(|attribute| is_for_argument(attribute)).cloned().collect();
    Some(Parameter::Argument { attributes, ident: pattern.ident.clone(), ty: input.ty.clone() })
}

/// Whether a type leaves something to be inferred, which is not the lifetime `'_`.
fn is_inferred(tokens: TokenStream) -> bool {
    let mut lifetime = false;
    tokens.into_iter().any(|token| {
        let inferred = match &token {
            TokenTree::Ident(word) => !lifetime && word == "_",
            TokenTree::Group(group) => is_inferred(group.stream()),
            _ => false,
        };
        lifetime = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        inferred
    })
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
    unreadable(ty, "arguments come out of JSON and belong to the call")
}

/// Why nothing of a type can come out of JSON, if that shows in how it is written.
pub(super) fn unreadable(ty: &Type, owned: &str) -> Option<String> {
    match ty {
        Type::Reference(reference) => {
            let instead = match &*reference.elem {
                Type::Path(path) if path.path.is_ident("str") => "String".to_owned(),
                Type::Slice(slice) => format!("Vec<{}>", shown(&slice.elem)),
                other => shown(other),
            };
            Some(format!("{owned}: use `{instead}` instead of a reference"))
        }
        Type::ImplTrait(_) => Some("an argument needs a type that can be named, not `impl Trait`".to_owned()),
        Type::Path(path) if is_wrapped(path, &["ToolContext", "RunContext"]) => {
            Some("the context is always there: take `&ToolContext`, or `ToolContext` by value".to_owned())
        }
        Type::Path(path) if is_wrapped(path, &["str"]) => Some(format!("{owned}: use `String`")),
        other if mentions(other.to_token_stream(), "Self") => {
            Some("`Self` would be the type of the arguments here: write the type's name".to_owned())
        }
        other => other
            .to_token_stream()
            .into_iter()
            .any(|token| is_lifetime(&token))
            .then(|| format!("{owned}: use a type without references")),
    }
}

/// Whether the one thing in a type is one of these, such as in `Arc<ToolContext>` or `Cow<'_, str>`.
fn is_wrapped(path: &syn::TypePath, what: &[&str]) -> bool {
    let Some(last) = path.path.segments.last() else { return false };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    arguments.args.iter().any(|argument| match argument {
        GenericArgument::Type(Type::Path(inner)) => {
            let inner = inner.path.segments.last();
            let named = inner.is_some_and(|inner| what.iter().any(|what| inner.ident == what));
            named && (last.ident == "Cow" || !what.contains(&"str"))
        }
        _ => false,
    })
}

/// A type as people write it.
fn shown(ty: &Type) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (spaced, tight) in
        [(" < ", "<"), (" <", "<"), ("< ", "<"), (" >", ">"), (" ,", ","), (" :: ", "::"), ("& ", "&")]
    {
        text = text.replace(spaced, tight);
    }
    text
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
