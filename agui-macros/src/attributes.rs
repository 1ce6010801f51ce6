//! `name = value` lists in attributes: each key once, unknown ones with the nearest that there is.

use crate::errors::Errors;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use std::time::Duration;
use syn::meta::ParseNestedMeta;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path};

/// Keys seen so far, to notice repetition.
#[derive(Default)]
pub(crate) struct Seen(Vec<String>);

impl Seen {
    /// The key of an entry, if it is one of `known` and new. Otherwise says what is wrong, and skips the value
    /// so that the rest of the list is still looked at.
    pub(crate) fn key<'k>(
        &mut self,
        meta: &ParseNestedMeta<'_>,
        known: &[&'k str],
        errors: &Errors,
    ) -> syn::Result<Option<&'k str>> {
        let written = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let Some(key) = known.iter().find(|known| **known == written) else {
            errors.at(&meta.path, unknown(&written, known));
            skip(meta)?;
            return Ok(None);
        };
        if self.0.contains(&written) {
            errors.at(&meta.path, format!("`{key}` is given twice"));
            skip(meta)?;
            return Ok(None);
        }
        self.0.push(written);
        Ok(Some(key))
    }
}

fn unknown(written: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|known| (strsim::jaro_winkler(written, known), known))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .filter(|(similarity, _)| *similarity > 0.7);
    match nearest {
        Some((_, nearest)) => format!("unknown attribute `{written}`, did you mean `{nearest}`?"),
        None if known.len() == 1 => format!("unknown attribute `{written}`, expected `{}`", known.join("")),
        None => format!("unknown attribute `{written}`, expected one of `{}`", known.join("`, `")),
    }
}

/// Passes over the value of an entry.
fn skip(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(syn::Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in meta.input);
        content.parse::<TokenStream>()?;
    }
    Ok(())
}

/// `key` or `key = true`.
pub(crate) fn flag(meta: &ParseNestedMeta<'_>) -> syn::Result<bool> {
    let key = shown(&meta.path);
    if ends(meta) {
        return Ok(true);
    }
    match value(meta, "= true")? {
        Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) => Ok(flag.value),
        other => Err(syn::Error::new_spanned(
            other,
            format!("expected `{key}`, `{key} = true` or `{key} = false`"),
        )),
    }
}

/// `key = "text"`.
pub(crate) fn text(meta: &ParseNestedMeta<'_>, like: &str) -> syn::Result<LitStr> {
    match value(meta, like)? {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Ok(text),
        other => {
            let key = shown(&meta.path);
            Err(syn::Error::new_spanned(other, format!("expected a text in quotes: `{key} {like}`")))
        }
    }
}

/// `crate = path`.
pub(crate) fn path(meta: &ParseNestedMeta<'_>) -> syn::Result<Path> {
    assigned(meta, "= path::of::agui")?;
    meta.input.call(Path::parse_mod_style).map_err(|error| {
        syn::Error::new(error.span(), "expected a path without quotes: `crate = path::of::agui`")
    })
}

/// `key = Name`.
pub(crate) fn ident(meta: &ParseNestedMeta<'_>, like: &str) -> syn::Result<Ident> {
    let key = shown(&meta.path);
    assigned(meta, like)?;
    let given = meta.input.parse::<Ident>();
    given.map_err(|error| {
        syn::Error::new(error.span(), format!("expected a name without quotes: `{key} {like}`"))
    })
}

/// `key = "30s"`, in hours, minutes, seconds or milliseconds.
pub(crate) fn duration(meta: &ParseNestedMeta<'_>) -> syn::Result<Duration> {
    let text = text(meta, "= \"30s\"")?;
    let value = text.value();
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = value.strip_suffix(unit).and_then(|number| number.parse::<u64>().ok());
    let milliseconds = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    number
        .zip(milliseconds)
        .and_then(|(number, unit)| number.checked_mul(unit))
        .filter(|milliseconds| *milliseconds > 0)
        .map(Duration::from_millis)
        .ok_or_else(|| {
            syn::Error::new(text.span(), "expected a time such as \"500ms\", \"30s\", \"2m\" or \"1h\"")
        })
}

/// Whether nothing belongs to a key but itself.
fn ends(meta: &ParseNestedMeta<'_>) -> bool {
    meta.input.is_empty() || meta.input.peek(syn::Token![,])
}

/// The `=` after a key.
fn assigned(meta: &ParseNestedMeta<'_>, like: &str) -> syn::Result<()> {
    if meta.input.peek(syn::Token![=]) {
        return meta.value().map(drop);
    }
    Err(syn::Error::new_spanned(&meta.path, format!("expected `{} {like}`", shown(&meta.path))))
}

fn value(meta: &ParseNestedMeta<'_>, like: &str) -> syn::Result<Expr> {
    assigned(meta, like)?;
    meta.input.parse()
}

fn shown(path: &Path) -> String {
    path.get_ident().map(ToString::to_string).unwrap_or_default()
}

/// An attribute that begins with a value instead of a name.
pub(crate) fn named(tokens: &TokenStream, like: &str) -> syn::Result<()> {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Literal(literal)) if literal.to_string().starts_with('"') => {
            Err(syn::Error::new(literal.span(), format!("expected a name first: `{like} = {literal}`")))
        }
        Some(TokenTree::Literal(literal)) => {
            Err(syn::Error::new(literal.span(), "expected a name first: `name = value`"))
        }
        _ => Ok(()),
    }
}

/// `key(name = value, …)` with literal values, as pairs.
pub(crate) fn pairs(meta: &ParseNestedMeta<'_>) -> syn::Result<Vec<(String, Lit)>> {
    let mut pairs: Vec<(String, Lit)> = Vec::new();
    if !meta.input.peek(syn::token::Paren) {
        let like = format!("expected `{}(name = \"value\", …)`", shown(&meta.path));
        return Err(syn::Error::new_spanned(&meta.path, like));
    }
    meta.parse_nested_meta(|pair| {
        let Some(name) = pair.path.get_ident().map(ToString::to_string) else {
            return Err(pair.error("expected a name"));
        };
        if pairs.iter().any(|(known, _)| *known == name) {
            return Err(pair.error(format!("`{name}` is given twice")));
        }
        assigned(&pair, "= true")?;
        let negative = pair.input.peek(syn::Token![-]);
        let written: Expr = pair.input.fork().parse()?;
        let value = match pair.input.parse::<Lit>() {
            Ok(value @ (Lit::Str(_) | Lit::Bool(_))) if !negative => value,
            Ok(value @ (Lit::Int(_) | Lit::Float(_))) => value,
            _ => {
                return Err(syn::Error::new_spanned(written, "expected a text, a number, `true` or `false`"));
            }
        };
        pairs.push((name, value));
        Ok(())
    })?;
    Ok(pairs)
}

/// The crate that the generated code refers to.
pub(crate) fn krate(given: Option<&Path>) -> TokenStream {
    match given {
        Some(path) => quote! { #path },
        None => quote! { ::agui },
    }
}
