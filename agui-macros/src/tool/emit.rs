//! A tool to Rust: the type of its arguments, what is known of it, and how it is run.

use super::parse::{Form, Function, Parameter, Tool};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::HashSet;
use syn::{Attribute, GenericArgument, Lit, LitStr, Meta, PathArguments, Type, Visibility};

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

fn structure(visibility: &Visibility, tool: &Tool) -> TokenStream {
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

impl Tool {
    fn arguments(&self) -> impl Iterator<Item = Argument<'_>> {
        self.parameters.iter().filter_map(|parameter| match parameter {
            Parameter::Argument { attributes, ident, ty } => Some(Argument { attributes, ident, ty }),
            _ => None,
        })
    }

    /// Statements that compile if the arguments' types can be that: the one place where it is an error if not.
    fn checks(&self) -> TokenStream {
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

/// Whether an identifier stands somewhere in there.
pub(crate) fn mentions(tokens: TokenStream, ident: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(other) => other == ident,
        TokenTree::Group(group) => mentions(group.stream(), ident),
        _ => false,
    })
}

/// Where errors are shown that are about a place in the signature, in code that is nevertheless the macro's.
fn at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
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

/// The value in what looks like a `Result`. Only a description depends on whether it is one.
pub(crate) fn in_result(ty: &Type) -> &Type {
    result_part(ty, 0).unwrap_or(ty)
}

/// Whether a type is called `Result`.
pub(crate) fn is_result(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Result"))
}

/// A type argument of what looks like a `Result`.
fn result_part(ty: &Type, index: usize) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|_| is_result(ty))?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.iter().nth(index)? {
        GenericArgument::Type(part) => Some(part),
        _ => None,
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

fn private(tool: &Tool) -> TokenStream {
    let krate = &tool.options.krate;
    quote! { #krate::__private }
}

/// Tokens as serde and schemars want paths and bounds.
fn text(tokens: &TokenStream) -> String {
    tokens.to_string()
}
