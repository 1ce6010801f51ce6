//! What shows in how a type is written.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypeParamBound, TypePath};

/// Whether an identifier stands somewhere in there.
pub(crate) fn mentions(tokens: TokenStream, ident: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(other) => other == ident,
        TokenTree::Group(group) => mentions(group.stream(), ident),
        _ => false,
    })
}

/// Whether a type is named, without a path to it.
pub(super) fn names(tokens: TokenStream, ident: &Ident) -> bool {
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

/// Whether a type leaves something to be inferred, which is not the lifetime `'_`.
pub(super) fn is_inferred(tokens: TokenStream) -> bool {
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
fn is_wrapped(path: &TypePath, what: &[&str]) -> bool {
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
pub(super) fn returned(output: &ReturnType) -> (Type, bool) {
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

/// The value in what looks like a `Result`. Only a description depends on whether it is one.
pub(super) fn in_result(ty: &Type) -> &Type {
    result_part(ty, 0).unwrap_or(ty)
}

/// Whether a type is called `Result`.
pub(super) fn is_result(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Result"))
}

/// A type argument of what looks like a `Result`.
pub(super) fn result_part(ty: &Type, index: usize) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|_| is_result(ty))?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.iter().nth(index)? {
        GenericArgument::Type(part) => Some(part),
        _ => None,
    }
}
