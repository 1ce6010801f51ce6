//! `#[agui_tool]`

mod emit;
mod fallback;
mod options;
mod parameters;
mod parse;
mod types;

pub(crate) use emit::{runner, spec};
pub(crate) use fallback::fallback;
pub(crate) use options::Options;
pub(crate) use parse::{Function, Parameter, Tool};
pub(crate) use types::mentions;

use crate::attributes::krate;
use crate::errors::Errors;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, FnArg, Type};

/// The function, and the tool beside it; on a mistake the function with the errors, so that its callers
/// still resolve.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let options = Options::parse(attribute, &krate(None), &errors);
    let mut function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.push(error);
            let errors = errors.into_tokens();
            return quote! { #errors #item };
        }
    };
    if let Some(again) = function.attributes.iter().position(is_marker) {
        errors.at(
            function.attributes.remove(again),
            "this is a tool already: one `#[agui_tool]` says everything",
        );
    }
    let receiver = function.signature.inputs.iter().find(|input| matches!(input, FnArg::Receiver(_)));
    if let Some(receiver) = receiver {
        errors.at(receiver, "tools that are methods need `#[agui_tools]` on their `impl`");
        let errors = errors.into_tokens();
        let stripped = function.stripped();
        return quote! { #errors #stripped };
    }
    let tool = function.tool(options, &errors);
    let stripped = function.stripped();
    match &stripped {
        Some(_) => check_body(&tool, &errors),
        None => check_signature(&function, &tool, &errors),
    }
    if !errors.is_empty() {
        let (errors, fallback) = (errors.into_tokens(), fallback(&function.visibility, &tool));
        let used = used(&function);
        return quote! { #stripped #used #errors #fallback };
    }
    let (spec, entry) = (spec(&function, &tool), emit::function(&function, &tool));
    quote! {
        #stripped

        #spec

        #entry
    }
}

/// Whether an attribute is `#[agui_tool]`.
pub(crate) fn is_marker(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "agui_tool")
}

/// Keeps what only a mistaken signature imports from being unused as well.
fn used(function: &Function) -> Option<TokenStream> {
    let contexts = function.signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => parameters::context(typed, &Errors::default()).map(|_| &typed.ty),
        FnArg::Receiver(_) => None,
    });
    let contexts = contexts.map(|ty| quote! { const _: fn(#ty) = |_| {}; });
    function.body.is_none().then(|| contexts.collect())
}

/// What makes no sense for a tool that the agent runs.
pub(crate) fn check_body(tool: &Tool, errors: &Errors) {
    if let Some(span) = tool.options.silent {
        let why = "the agent runs this tool itself, so there is nothing to announce: leave `silent` out";
        errors.push(syn::Error::new(span, why));
    }
    if let (Some((span, _)), parse::Form::Plain) = (tool.options.timeout, tool.form) {
        let why = "a function that is not `async` runs to its end: make it `async`, or add `blocking`";
        errors.push(syn::Error::new(span, why));
    }
}

/// What a tool of the application cannot be.
fn check_signature(function: &Function, tool: &Tool, errors: &Errors) {
    errors.tell(&function.signature.inputs);
    if let Some(asyncness) = &function.signature.asyncness {
        errors.at(
            asyncness,
            "the application runs this tool, so there is nothing to await here: leave `async` out",
        );
    }
    if let Some(span) = tool.options.blocking {
        errors.push(syn::Error::new(
            span,
            "the application runs this tool, so there is nothing that could block here",
        ));
    }
    if let Some(span) = tool.options.requires_approval {
        errors.push(syn::Error::new(
            span,
            "the application runs this tool and has to ask by itself: leave `requires_approval` out",
        ));
    }
    if let Some((span, _)) = tool.options.timeout {
        errors.push(syn::Error::new(
            span,
            "the application runs this tool, which may take its time: leave `timeout` out",
        ));
    }
    for input in &function.signature.inputs {
        if let FnArg::Typed(typed) = input
            && parameters::context(typed, &Errors::default()).is_some()
        {
            errors.at(typed, "the application runs this tool, which has no context there");
        }
    }
    let is_future = tool.form == parse::Form::Async && function.signature.asyncness.is_none();
    if matches!(tool.returns, Type::ImplTrait(_)) || is_future {
        errors.at(&function.signature.output, "the application answers with a value: name its type");
    } else if types::is_result(&tool.returns) {
        errors.at(
            &tool.returns,
            "the application answers with a value: declare that, a failure is told by itself",
        );
    } else if let Some(message) =
        types::unreadable(&tool.returns, "the application's answer comes out of JSON")
    {
        errors.at(&tool.returns, message);
    }
}
