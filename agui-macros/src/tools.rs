//! `#[agui_tools]`: methods that are tools.

use crate::attributes::{Seen, krate, path};
use crate::errors::Errors;
use crate::tool::{
    Function, Options, Parameter, Tool, check_body, fallback, is_marker, mentions, runner, spec,
};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::{Attribute, File, ImplItem, ImplItemFn, Item, ItemImpl, Meta};

/// The `impl`, and beside it the types of its tools and how they are run.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let krate = crate_path(attribute, &errors);
    let mut item = match syn::parse2::<ItemImpl>(item.clone()) {
        Ok(item) => item,
        Err(error) => {
            match head(&item) {
                // It is one, and not Rust.
                Some(head) if head == "impl" => errors.push(error),
                head => {
                    errors.at(head, "`#[agui_tools]` goes on the `impl` of a type, such as `impl Shop { … }`")
                }
            }
            let (errors, item) = (errors.into_tokens(), without_markers(item));
            return quote! { #errors #item };
        }
    };
    if let Some((of, _)) = &item.trait_ {
        errors.at(of, "`#[agui_tools]` goes on the `impl` of a type itself, not of a trait for it");
    }
    let tools = tools(&mut item, &krate, &errors);
    if tools.is_empty() && errors.is_empty() {
        errors.at(&item.self_ty, "none of these methods is a tool: mark those that are with `#[agui_tool]`");
    }
    if !errors.is_empty() {
        let fallbacks = tools.iter().map(|(function, tool)| fallback(&function.visibility, tool));
        let fallbacks = fallbacks.collect::<TokenStream>();
        let (errors, methods) = (errors.into_tokens(), methods(&item, &[], &krate));
        return quote! { #item #errors #fallbacks #methods };
    }
    let specs = tools.iter().map(|(function, tool)| conditional(spec(function, tool), function));
    let specs = specs.collect::<TokenStream>();
    let methods = methods(&item, &tools, &krate);
    quote! { #item #specs #methods }
}

fn crate_path(attribute: TokenStream, errors: &Errors) -> TokenStream {
    let (mut seen, mut given) = (Seen::default(), None);
    let parser = syn::meta::parser(|meta| {
        if seen.key(&meta, &["crate"], errors)?.is_some() {
            given = Some(path(&meta)?);
        }
        Ok(())
    });
    errors.ok(parser.parse2(attribute));
    krate(given.as_ref())
}

/// Takes the tools out of an `impl`; what stays there are plain methods.
fn tools(item: &mut ItemImpl, krate: &TokenStream, errors: &Errors) -> Vec<(Function, Tool)> {
    let generics: Vec<_> = item.generics.type_params().map(|parameter| parameter.ident.to_string()).collect();
    let mut tools: Vec<(Function, Tool)> = Vec::new();
    for member in &mut item.items {
        let method = match member {
            ImplItem::Fn(method) => method,
            ImplItem::Verbatim(tokens) => {
                refuse_signature(tokens, errors);
                continue;
            }
            other => {
                refuse_member(other, errors);
                continue;
            }
        };
        let Some(marked) = method.attrs.iter().position(is_marker) else { continue };
        let marker = method.attrs.remove(marked);
        if let Some(again) = method.attrs.iter().position(is_marker) {
            errors
                .at(method.attrs.remove(again), "this is a tool already: one `#[agui_tool]` says everything");
        }
        if let Meta::NameValue(value) = &marker.meta {
            errors.at(value, "expected `#[agui_tool]` or `#[agui_tool(name = \"…\", …)]`");
        }
        let function = function(method);
        let mut tool = function.tool(Options::parse(arguments(&marker), krate, errors), errors);
        check_body(&tool, errors);
        for parameter in &tool.parameters {
            if let Parameter::Argument { ty, .. } = parameter
                && let Some(generic) = generics.iter().find(|generic| mentions(ty.to_token_stream(), generic))
            {
                errors.at(ty, format!("a tool has one schema, whatever `{generic}` is: choose a type"));
            }
        }
        tool.nameable &= !generics.iter().any(|generic| mentions(tool.returns.to_token_stream(), generic));
        if let Some(method) = function.stripped().and_then(|method| syn::parse2(method).ok()) {
            *member = ImplItem::Fn(method);
        }
        let name = tool.name.to_string();
        if tools.iter().any(|(_, other)| other.name.to_string() == name) {
            errors.at(
                &function.signature.ident,
                format!("there are two tools called `{}`", name.trim_matches('"')),
            );
        }
        tools.push((function, tool));
    }
    tools
}

fn function(method: &ImplItemFn) -> Function {
    Function {
        attributes: method.attrs.clone(),
        visibility: method.vis.clone(),
        signature: method.sig.clone(),
        body: Some(method.block.clone()),
    }
}

fn refuse_signature(tokens: &mut TokenStream, errors: &Errors) {
    let Ok(mut function) = syn::parse2::<Function>(tokens.clone()) else { return };
    if let Some(marked) = function.attributes.iter().position(is_marker) {
        function.attributes.remove(marked);
        errors.at(
            &function.signature.ident,
            "a tool that the application runs has no object: put its signature outside of the `impl`",
        );
        *tokens = TokenStream::new();
    }
}

/// Reports what is marked and no method.
fn refuse_member(member: &mut ImplItem, errors: &Errors) {
    let attributes = match member {
        ImplItem::Const(member) => &mut member.attrs,
        ImplItem::Type(member) => &mut member.attrs,
        ImplItem::Macro(member) => &mut member.attrs,
        _ => return,
    };
    if let Some(marked) = attributes.iter().position(is_marker) {
        errors.at(attributes.remove(marked), "`#[agui_tool]` goes on a function");
    }
}

/// The word by which an item begins, after attributes and visibility.
fn head(item: &TokenStream) -> Option<Ident> {
    item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if word != "pub" && word != "unsafe" => Some(word),
        _ => None,
    })
}

/// The conditions under which a method is there.
fn conditions(function: &Function) -> Vec<&Attribute> {
    function.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect()
}

/// Items that are there under the conditions of a method.
fn conditional(items: TokenStream, function: &Function) -> TokenStream {
    let conditions: Vec<_> = conditions(function).into_iter().cloned().collect();
    let Ok(mut file) = syn::parse2::<File>(items.clone()) else { return items };
    for item in &mut file.items {
        match item {
            Item::Struct(item) => item.attrs.extend(conditions.iter().cloned()),
            Item::Impl(item) => item.attrs.extend(conditions.iter().cloned()),
            Item::Const(item) => item.attrs.extend(conditions.iter().cloned()),
            _ => {}
        }
    }
    file.into_token_stream()
}

/// What is no `impl`, so that only that is an error.
fn without_markers(item: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in item {
        let TokenTree::Group(group) = token else {
            kept.push(token);
            continue;
        };
        let marker = group.delimiter() == Delimiter::Bracket
            && syn::parse2::<Meta>(group.stream())
                .is_ok_and(|meta| meta.path().segments.last().is_some_and(|last| last.ident == "agui_tool"));
        if marker {
            kept.pop();
        } else {
            let mut inner = Group::new(group.delimiter(), without_markers(group.stream()));
            inner.set_span(group.span());
            kept.push(inner.into());
        }
    }
    kept.into_iter().collect()
}

/// What stands in the parentheses of an attribute.
fn arguments(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}

/// How the methods are run, all on one object.
fn methods(item: &ItemImpl, tools: &[(Function, Tool)], krate: &TokenStream) -> TokenStream {
    let ty = &item.self_ty;
    let (implemented, _, bounds) = item.generics.split_for_impl();
    let predicates = bounds.map(|bounds| &bounds.predicates).into_iter().flatten();
    let (object, list) = (Ident::new("object", Span::mixed_site()), Ident::new("list", Span::mixed_site()));
    let entries = tools.iter().map(|(function, tool)| {
        let name = &function.signature.ident;
        let has_object = tool.parameters.iter().any(|parameter| matches!(parameter, Parameter::Object));
        let entry = runner(tool, &quote! { <Self>::#name }, has_object.then_some(&object));
        let conditions = conditions(function);
        quote! { #(#conditions)* #list.push(#entry); }
    });
    // Told once, and of a generic type to those who choose its parameters.
    let check = item.generics.params.is_empty().then(|| {
        quote! { const _: () = { let _ = #krate::__private::object::<#ty>; }; }
    });
    quote! {
        #check

        impl #implemented #krate::ToolMethods for #ty
        where
            #(#predicates,)*
            for<'agui> #ty: #krate::__private::ToolObject,
        {
            #[allow(deprecated, unused_mut, clippy::vec_init_then_push)]
            fn entries(#object: &::std::sync::Arc<Self>) -> ::std::vec::Vec<#krate::ToolEntry> {
                let _ = #object;
                let mut #list = ::std::vec::Vec::new();
                #(#entries)*
                #list
            }
        }
    }
}
