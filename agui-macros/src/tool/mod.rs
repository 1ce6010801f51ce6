//! `#[agui_tool]`

mod emit;
mod options;
mod parse;

pub(crate) use emit::{fallback, runner, spec};
pub(crate) use options::Options;
pub(crate) use parse::{Function, Parameter, Tool};

use crate::attributes::krate;
use crate::errors::Errors;
use proc_macro2::TokenStream;
use quote::quote;
use syn::FnArg;

/// The function, and the tool beside it; on a mistake the function with the errors, so that its callers
/// still resolve.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let options = Options::parse(attribute, &krate(None), &errors);
    let function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.push(error);
            let errors = errors.into_tokens();
            return quote! { #errors #item };
        }
    };
    let receiver = function.signature.inputs.iter().find(|input| matches!(input, FnArg::Receiver(_)));
    if let Some(receiver) = receiver {
        errors.at(receiver, "tools that are methods need `#[agui_tools]` on their `impl`");
        let errors = errors.into_tokens();
        let stripped = function.stripped();
        return quote! { #errors #stripped };
    }
    let tool = function.tool(options, &errors);
    let stripped = function.stripped();
    if stripped.is_none() {
        check_signature(&function, &tool, &errors);
    }
    if !errors.is_empty() {
        let (errors, fallback) = (errors.into_tokens(), fallback(&function.visibility, &tool));
        return quote! { #stripped #errors #fallback };
    }
    let (spec, entry) = (spec(&function, &tool), emit::function(&function, &tool));
    quote! {
        #stripped

        #spec

        #entry
    }
}

/// What a tool of the application cannot be.
fn check_signature(function: &Function, tool: &Tool, errors: &Errors) {
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
    for input in &function.signature.inputs {
        if let FnArg::Typed(typed) = input
            && parse::context(typed, errors).is_some()
        {
            errors.at(typed, "the application runs this tool, which has no context there");
        }
    }
    if !std::ptr::eq(emit::in_result(&tool.returns), &tool.returns) {
        errors.at(
            &tool.returns,
            "the application answers with a value: declare that, a failure is told by itself",
        );
    }
}
