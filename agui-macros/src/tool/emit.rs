//! A tool to Rust: the type of its arguments, what is known of it, and how it is run.

use super::parse::{Form, Function, Parameter, Tool};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, Lit, PathArguments, Type, Visibility};

/// The type of the arguments and what it is known by; how a backend tool is run is `runner`'s.
pub(crate) fn spec(function: &Function, tool: &Tool) -> TokenStream {
    let krate = &tool.options.krate;
    let ident = &tool.ident;
    let structure = structure(&function.visibility, tool);
    let (name, description, treatment) = (&tool.name, &tool.description, tool.options.treatment());
    let metadata = metadata(tool);
    let output = output_schema(tool);
    quote! {
        #structure

        impl #krate::ToolSpec for #ident {
            const NAME: &'static str = #name;
            const DESCRIPTION: &'static str = #description;
            const OPTIONS: #krate::ToolOptions = #treatment;
            #metadata
            #output
        }
    }
}

/// What does not compile anyway, so that one mistake is one error.
pub(crate) fn fallback(visibility: &Visibility, tool: &Tool) -> TokenStream {
    let (krate, ident) = (&tool.options.krate, &tool.ident);
    let private = quote! { #krate::__private };
    quote! {
        #[allow(missing_docs)]
        #visibility struct #ident {}

        const _: () = {
            impl<'de> #private::serde::Deserialize<'de> for #ident {
                fn deserialize<D: #private::serde::Deserializer<'de>>(_: D) -> ::core::result::Result<Self, D::Error> {
                    ::core::unimplemented!()
                }
            }

            impl #private::schemars::JsonSchema for #ident {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    ::core::unimplemented!()
                }

                fn json_schema(_: &mut #private::schemars::SchemaGenerator) -> #private::schemars::Schema {
                    ::core::unimplemented!()
                }
            }

            impl #krate::ToolSpec for #ident {
                const NAME: &'static str = ::core::stringify!(#ident);
                const DESCRIPTION: &'static str = "";
            }

            impl #krate::ToolFunction for #ident {
                fn tool() -> #krate::ToolEntry {
                    ::core::unimplemented!()
                }
            }
        };
    }
}

fn structure(visibility: &Visibility, tool: &Tool) -> TokenStream {
    let (krate, ident, description) = (&tool.options.krate, &tool.ident, &tool.description);
    let arguments: Vec<_> = tool
        .parameters
        .iter()
        .filter_map(|parameter| match parameter {
            Parameter::Argument { attributes, ident, ty } => Some((attributes, ident, ty)),
            _ => None,
        })
        .collect();
    let fields =
        arguments.iter().map(|(attributes, ident, ty)| quote! { #(#attributes)* #visibility #ident: #ty });
    let idents: Vec<_> = arguments.iter().map(|(_, ident, _)| ident).collect();
    let types: Vec<_> = arguments.iter().map(|(.., ty)| ty).collect();
    let private = quote! { #krate::__private };
    let (serde, schemars) = (quote! { #private::serde }, quote! { #private::schemars });
    let (serde_path, schemars_path) = (text(&serde), text(&schemars));
    // What a call can be made of, compared and shown by, where its arguments can be. A bound that mentions a
    // lifetime is left to whoever uses the implementation.
    let serialize = types.iter().map(|ty| text(&quote! { for<'agui> #ty: #serde::Serialize }));
    let serialize = serialize.collect::<Vec<_>>().join(", ");
    let label = ident.to_string();
    let names = idents.iter().map(|ident| ident.to_string());
    quote! {
        #[doc = #description]
        #[derive(#serde::Deserialize, #serde::Serialize, #schemars::JsonSchema)]
        #[serde(crate = #serde_path, bound(serialize = #serialize, deserialize = ""))]
        #[schemars(crate = #schemars_path)]
        #[allow(missing_docs)]
        #visibility struct #ident { #(#fields),* }

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
                true #(&& self.#idents == other.#idents)*
            }
        }
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
        quote! { (#name, #private::serde_json::Value::from(#value)) }
    });
    Some(quote! {
        fn metadata() -> ::core::option::Option<#private::Metadata> {
            ::core::option::Option::Some(#private::metadata([#(#pairs),*]))
        }
    })
}

fn output_schema(tool: &Tool) -> Option<TokenStream> {
    let returns = in_result(&tool.returns);
    if matches!(returns, Type::ImplTrait(_)) {
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

/// The value in what looks like a `Result`. Only a description depends on whether it is one.
pub(crate) fn in_result(ty: &Type) -> &Type {
    let Type::Path(path) = ty else { return ty };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Result") else { return ty };
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(value)) => value,
            _ => ty,
        },
        _ => ty,
    }
}

/// The tool of a function, or of a signature without a body.
pub(crate) fn function(function: &Function, tool: &Tool) -> TokenStream {
    let (krate, ident) = (&tool.options.krate, &tool.ident);
    let (entry, output) = if function.body.is_some() {
        let name = &function.signature.ident;
        (runner(tool, &quote! { #name }, None), None)
    } else {
        let output = &tool.returns;
        let output = quote! { impl #krate::FrontendTool for #ident { type Output = #output; } };
        (quote! { #krate::ToolEntry::frontend::<#ident>() }, Some(output))
    };
    quote! {
        impl #krate::ToolFunction for #ident {
            fn tool() -> #krate::ToolEntry {
                #entry
            }
        }

        #output
    }
}

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
    let shared = object.map(|object| quote! { let #object = ::std::sync::Arc::clone(#object); });
    let again = object.map(|object| quote! { let #object = ::std::sync::Arc::clone(&#object); });
    quote! {{
        #shared
        #krate::ToolEntry::backend(move |#arguments: #ident, #context: #krate::ToolContext| {
            #again
            let _ = (&#arguments, &#context);
            #before
            async move {
                let #returned = #call;
                #convert
            }
        })
    }}
}

/// What was returned as an output, with the errors of that at the type in the signature.
fn convert(tool: &Tool, returned: &Ident) -> TokenStream {
    let private = private(tool);
    let span = tool.returns_span().resolved_at(Span::mixed_site());
    let value = Ident::new("value", span);
    let error = Ident::new("error", span);
    let (to_output, to_error) = (
        quote_spanned! { span=> (&&&#private::returned::Tag::of(&#value)).agui_output().convert(#value) },
        quote_spanned! { span=> #private::returned::failed(#error) },
    );
    quote! {
        #[allow(unused_imports)]
        use #private::returned::{
            AskContent as _, AskEvent as _, AskEvents as _, AskFallible as _, AskInfallible as _, AskValue as _,
        };
        match (&&#private::returned::Tag::of(&#returned)).agui_split().split(#returned) {
            ::core::result::Result::Ok(#value) => #to_output,
            ::core::result::Result::Err(#error) => ::core::result::Result::Err(#to_error),
        }
    }
}

fn private(tool: &Tool) -> TokenStream {
    let krate = &tool.options.krate;
    quote! { #krate::__private }
}

/// Tokens as serde and schemars want paths and bounds.
fn text(tokens: &TokenStream) -> String {
    tokens.to_string()
}
