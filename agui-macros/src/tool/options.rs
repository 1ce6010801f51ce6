//! The arguments of the attribute.

use crate::attributes::{Seen, duration, flag, ident, krate, named, pairs, path, text};
use crate::errors::Errors;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::time::Duration;
use syn::parse::Parser;
use syn::{Lit, LitStr, Path};

const KNOWN: &[&str] = &[
    "name",
    "description",
    "arguments",
    "requires_approval",
    "silent",
    "strict",
    "output_schema",
    "timeout",
    "blocking",
    "metadata",
    "crate",
];

/// What `#[agui_tool(…)]` says.
pub(crate) struct Options {
    pub(crate) name: Option<LitStr>,
    pub(crate) description: Option<LitStr>,
    /// The name of the type that is made.
    pub(crate) arguments: Option<Ident>,
    pub(crate) requires_approval: Option<Span>,
    pub(crate) silent: Option<Span>,
    pub(crate) strict: bool,
    pub(crate) output_schema: bool,
    pub(crate) timeout: Option<(Span, Duration)>,
    pub(crate) blocking: Option<Span>,
    pub(crate) metadata: Vec<(String, Lit)>,
    pub(crate) krate: TokenStream,
    /// Whether there is something that could not be read, which may be what is missing now.
    pub(crate) unread: bool,
}

impl Options {
    /// `path_of_agui`: unless it is given here.
    pub(crate) fn parse(tokens: TokenStream, path_of_agui: &TokenStream, errors: &Errors) -> Self {
        let mut options = Self {
            name: None,
            description: None,
            arguments: None,
            requires_approval: None,
            silent: None,
            strict: false,
            output_schema: false,
            timeout: None,
            blocking: None,
            metadata: Vec::new(),
            krate: path_of_agui.clone(),
            unread: false,
        };
        let mut seen = Seen::default();
        let parser = syn::meta::parser(|meta| {
            let Some(key) = seen.key(&meta, KNOWN, errors)? else { return Ok(()) };
            match key {
                "name" => options.name = Some(legal(text(&meta, "= \"get_weather\"")?, errors)),
                "description" => {
                    options.description = Some(filled(text(&meta, "= \"What it does.\"")?, errors));
                }
                "arguments" => options.arguments = Some(ident(&meta, "= GetWeather")?),
                "requires_approval" => options.requires_approval = flag(&meta)?.then_some(span(&meta.path)),
                "silent" => options.silent = flag(&meta)?.then_some(span(&meta.path)),
                "strict" => options.strict = flag(&meta)?,
                "output_schema" => options.output_schema = flag(&meta)?,
                "timeout" => options.timeout = Some((span(&meta.path), duration(&meta)?)),
                "blocking" => options.blocking = flag(&meta)?.then_some(span(&meta.path)),
                "metadata" => options.metadata = pairs(&meta)?,
                _ => options.krate = krate(Some(&path(&meta)?)),
            }
            Ok(())
        });
        let read = named(&tokens, "description").and_then(|()| parser.parse2(tokens));
        options.unread = errors.ok(read).is_none();
        options
    }

    /// The body of `ToolSpec::OPTIONS`.
    pub(crate) fn treatment(&self) -> TokenStream {
        let krate = &self.krate;
        let flags = [
            ("requires_approval", self.requires_approval.is_some()),
            ("silent", self.silent.is_some()),
            ("strict", self.strict),
            ("output_schema", self.output_schema),
        ];
        let flags = flags.iter().filter(|(_, set)| *set).map(|(flag, _)| {
            let flag = Ident::new(flag, Span::call_site());
            quote! { .#flag(true) }
        });
        let timeout = self.timeout.map(|(_, limit)| {
            let milliseconds = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
            quote! { .timeout(::core::time::Duration::from_millis(#milliseconds)) }
        });
        quote! { #krate::ToolOptions::new() #(#flags)* #timeout }
    }
}

fn span(path: &Path) -> Span {
    path.segments.first().map_or_else(Span::call_site, |first| first.ident.span())
}

/// Reports a description that says nothing.
fn filled(text: LitStr, errors: &Errors) -> LitStr {
    if text.value().trim().is_empty() {
        errors.at(&text, "a model chooses a tool by its description: say what the tool does");
    }
    text
}

/// Reports a name that providers of models would refuse.
fn legal(name: LitStr, errors: &Errors) -> LitStr {
    let text = name.value();
    let legal = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if !legal {
        errors.at(&name, "a tool's name takes 1 to 64 ASCII letters, digits, `_` and `-`");
    }
    name
}
