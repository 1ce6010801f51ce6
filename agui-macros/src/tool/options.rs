//! The arguments of the attribute.

use crate::attributes::{Seen, duration, flag, krate, pairs, path, text};
use crate::errors::Errors;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::time::Duration;
use syn::parse::Parser;
use syn::{Lit, LitStr};

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
    pub(crate) requires_approval: bool,
    pub(crate) silent: bool,
    pub(crate) strict: bool,
    pub(crate) output_schema: bool,
    pub(crate) timeout: Option<Duration>,
    pub(crate) blocking: Option<Span>,
    pub(crate) metadata: Vec<(String, Lit)>,
    pub(crate) krate: TokenStream,
}

impl Options {
    /// `path_of_agui`: unless it is given here.
    pub(crate) fn parse(tokens: TokenStream, path_of_agui: &TokenStream, errors: &Errors) -> Self {
        let mut options = Self {
            name: None,
            description: None,
            arguments: None,
            requires_approval: false,
            silent: false,
            strict: false,
            output_schema: false,
            timeout: None,
            blocking: None,
            metadata: Vec::new(),
            krate: path_of_agui.clone(),
        };
        let mut seen = Seen::default();
        let parser = syn::meta::parser(|meta| {
            let Some(key) = seen.key(&meta, KNOWN, errors)? else { return Ok(()) };
            match key {
                "name" => options.name = Some(legal(text(&meta)?, errors)),
                "description" => options.description = Some(text(&meta)?),
                "arguments" => options.arguments = Some(meta.value()?.parse()?),
                "requires_approval" => options.requires_approval = flag(&meta)?,
                "silent" => options.silent = flag(&meta)?,
                "strict" => options.strict = flag(&meta)?,
                "output_schema" => options.output_schema = flag(&meta)?,
                "timeout" => options.timeout = Some(duration(&meta)?),
                "blocking" => {
                    let span =
                        meta.path.segments.first().map_or_else(Span::call_site, |first| first.ident.span());
                    options.blocking = flag(&meta)?.then_some(span);
                }
                "metadata" => options.metadata = pairs(&meta)?,
                _ => options.krate = krate(Some(&path(&meta)?)),
            }
            Ok(())
        });
        errors.ok(parser.parse2(tokens));
        options
    }

    /// The body of `ToolSpec::OPTIONS`.
    pub(crate) fn treatment(&self) -> TokenStream {
        let krate = &self.krate;
        let flags = [
            ("requires_approval", self.requires_approval),
            ("silent", self.silent),
            ("strict", self.strict),
            ("output_schema", self.output_schema),
        ];
        let flags = flags.iter().filter(|(_, set)| *set).map(|(flag, _)| {
            let flag = Ident::new(flag, Span::call_site());
            quote! { .#flag(true) }
        });
        let timeout = self.timeout.map(|limit| {
            let milliseconds = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
            quote! { .timeout(::core::time::Duration::from_millis(#milliseconds)) }
        });
        quote! { #krate::ToolOptions::new() #(#flags)* #timeout }
    }
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
