//! A tool to Rust: the type of its arguments, what is known of it, and how it is run.

mod arguments;
mod runner;

pub(crate) use runner::runner;

use super::parse::{Function, Tool};
use super::types::in_result;
use arguments::structure;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Lit, Type};

/// The type of the arguments and what it is known by; how a backend tool is run is `runner`'s.
pub(crate) fn spec(function: &Function, tool: &Tool) -> TokenStream {
    let (krate, private) = (&tool.options.krate, private(tool));
    let ident = &tool.ident;
    let structure = structure(&function.visibility, tool);
    let (name, description, treatment) = (&tool.name, &tool.description, tool.options.treatment());
    let metadata = metadata(tool);
    let output = output_schema(tool);
    quote! {
        #structure

        impl #krate::ToolSpec for #ident
        where
            for<'agui> Self: #private::Specified,
        {
            const NAME: &'static str = #name;
            const DESCRIPTION: &'static str = #description;
            const OPTIONS: #krate::ToolOptions = #treatment;
            #metadata
            #output
        }
    }
}

/// The tool of a function, or of a signature without a body.
pub(crate) fn function(function: &Function, tool: &Tool) -> TokenStream {
    let (krate, ident, private) = (&tool.options.krate, &tool.ident, private(tool));
    let (entry, output) = if function.body.is_some() {
        let name = &function.signature.ident;
        (runner(tool, &quote! { #name }, None), None)
    } else {
        let (output, returns) = (&tool.returns, &tool.returns);
        let output = quote! {
            impl #krate::FrontendTool for #ident
            where
                for<'agui> Self: #krate::ToolSpec,
                for<'agui> #output: #private::ToolAnswer,
            {
                type Output = #output;
            }

        };
        let checks = tool.checks();
        let entry = quote! {{
            #checks
            let _ = #private::answer::<#returns>;
            #[allow(unused_imports)]
            use #private::returned::{AskFrontend as _, AskMistaken as _};
            (&&#private::returned::Tag::<#ident>::new()).agui_frontend()
        }};
        (entry, Some(output))
    };
    let name = &tool.name;
    quote! {
        impl #krate::ToolFunction for #ident {
            const TOOL_NAME: &'static str = #name;

            #[allow(deprecated)]
            fn tool() -> #krate::ToolEntry {
                #entry
            }
        }

        #output
    }
}

fn metadata(tool: &Tool) -> Option<TokenStream> {
    if tool.options.metadata.is_empty() {
        return None;
    }
    let private = private(tool);
    let pairs = tool.options.metadata.iter().map(|(name, value)| {
        let value = match value {
            Lit::Int(number) if number.suffix().is_empty() => quote! { #number as i64 },
            other => other.to_token_stream(),
        };
        quote! { (#name, ::core::convert::Into::into(#value)) }
    });
    Some(quote! {
        fn metadata() -> ::core::option::Option<#private::Metadata> {
            ::core::option::Option::Some(#private::metadata([#(#pairs),*]))
        }
    })
}

fn output_schema(tool: &Tool) -> Option<TokenStream> {
    let returns = in_result(&tool.returns);
    if !tool.nameable || matches!(returns, Type::ImplTrait(_)) {
        return None;
    }
    let private = private(tool);
    Some(quote! {
        fn output_schema() -> ::core::option::Option<#private::serde_json::Value> {
            #[allow(unused_imports)]
            use #private::returned::{AskDescribed as _, AskEventSchema as _, AskUndescribed as _};
            (&&&#private::returned::Tag::<#returns>::new()).agui_schema()
        }
    })
}

/// Where errors are shown that are about a place in the signature, in code that is nevertheless the macro's.
fn at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

fn private(tool: &Tool) -> TokenStream {
    let krate = &tool.options.krate;
    quote! { #krate::__private }
}

/// Tokens as serde and schemars want paths and bounds.
fn text(tokens: &TokenStream) -> String {
    tokens.to_string()
}
