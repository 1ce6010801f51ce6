//! How a backend tool is run: its function is called, and what that returns becomes an output.

use super::{at, private};
use crate::tool::parse::{Form, Parameter, Tool};
use crate::tool::types::result_part;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

/// The entry of a tool with a body. `object`: an `Arc` of what the methods share.
pub(crate) fn runner(tool: &Tool, callee: &TokenStream, object: Option<&Ident>) -> TokenStream {
    let (krate, ident, private) = (&tool.options.krate, &tool.ident, private(tool));
    // Names of our own, which no argument of the user's can be.
    let local = |name| Ident::new(name, Span::mixed_site());
    let (arguments, context, future, returned) =
        (local("arguments"), local("context"), local("future"), local("returned"));
    let values = tool.parameters.iter().map(|parameter| match parameter {
        Parameter::Argument { ident, .. } => quote! { #arguments.#ident },
        Parameter::Context { run: false, reference: false } => {
            quote! { ::core::clone::Clone::clone(&#context) }
        }
        Parameter::Context { run: false, reference: true } => quote! { &#context },
        Parameter::Context { run: true, reference: false } => {
            quote! { ::core::clone::Clone::clone(#context.run()) }
        }
        Parameter::Context { run: true, reference: true } => quote! { #context.run() },
        Parameter::Object => quote! { &*#object },
    });
    let call = quote! { #callee(#(#values),*) };
    let borrows = tool
        .parameters
        .iter()
        .any(|parameter| matches!(parameter, Parameter::Object | Parameter::Context { reference: true, .. }));
    let (before, call) = match tool.form {
        Form::Plain => (None, call),
        // The arguments are in the function's own future then, and nowhere else.
        Form::Async if !borrows => (Some(quote! { let #future = #call; }), quote! { #future.await }),
        Form::Async => (None, quote! { #call.await }),
        Form::Blocking => (None, quote! { #private::blocking(move || #call).await }),
    };
    let convert = convert(tool, &returned);
    let shared = object.map(|object| quote! { let #object = ::core::clone::Clone::clone(#object); });
    let again = object.map(|object| quote! { let #object = ::core::clone::Clone::clone(&#object); });
    // A future that is not `Send` is shown at the function's name.
    let block = quote_spanned! { at(tool.span)=>
        async move {
            let #returned = #call;
            #convert
        }
    };
    let checks = tool.checks();
    let backend = quote_spanned! { at(tool.span)=>
        (&&#private::returned::Tag::<#ident>::new()).agui_backend(
            move |#arguments: #ident, #context: #krate::ToolContext| {
                #again
                let _ = (&#arguments, &#context);
                #before
                #block
            },
        )
    };
    quote! {{
        #[allow(unused_imports)]
        use #private::returned::{AskBackend as _, AskMistaken as _};
        #checks
        #shared
        #backend
    }}
}

/// What was returned as an output, with the errors of that at the type in the signature.
fn convert(tool: &Tool, returned: &Ident) -> TokenStream {
    let private = private(tool);
    let part = |index| result_part(&tool.returns, index).unwrap_or(&tool.returns);
    let (value, value_shown) = shown_at("value", part(0), tool.span);
    let (error, error_shown) = shown_at("error", part(1), tool.span);
    quote! {
        #[allow(unused_imports)]
        use #private::returned::{
            AskAllBeside as _, AskBeside as _, AskBoxed as _, AskContent as _, AskEvent as _, AskEvents as _,
            AskNested as _, AskFallible as _, AskInfallible as _, AskValue as _,
        };
        match (&&#private::returned::Tag::of(&#returned)).agui_split().split(#returned) {
            ::core::result::Result::Ok(#value) => {
                (&&&#private::returned::Tag::of(&#value.0)).agui_output().convert(#value_shown)
            }
            ::core::result::Result::Err(#error) => {
                ::core::result::Result::Err(#private::returned::failed(#error_shown))
            }
        }
    }
}

/// A variable that holds a tuple, and an expression for its content of which errors are shown at a whole type:
/// from the first token, where the variable is said to be, to the last, where its field is.
fn shown_at(name: &str, ty: &Type, otherwise: Span) -> (Ident, TokenStream) {
    let mut tokens = ty.to_token_stream().into_iter().map(|token| match token {
        TokenTree::Group(group) => group.span_close(),
        token => token.span(),
    });
    let unit = matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty());
    let first = if unit { otherwise } else { tokens.next().unwrap_or(otherwise) };
    let last = if unit { otherwise } else { tokens.last().unwrap_or(first) };
    let variable = Ident::new(name, at(first));
    let mut field = Literal::u32_unsuffixed(0);
    field.set_span(at(last));
    let dot = quote_spanned! { at(last)=> . };
    (Ident::new(name, Span::mixed_site()), quote! { #variable #dot #field })
}
