//! `name = value` lists in attributes: each key once, unknown ones with the nearest that there is.

use crate::errors::Errors;
use proc_macro2::TokenStream;
use quote::quote;
use std::time::Duration;
use syn::meta::ParseNestedMeta;
use syn::{Expr, ExprLit, Lit, LitBool, LitStr, Path};

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
    if meta.input.peek(syn::Token![=]) {
        return Ok(meta.value()?.parse::<LitBool>()?.value);
    }
    Ok(true)
}

/// `key = "text"`.
pub(crate) fn text(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    let value: Expr = meta.value()?.parse()?;
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Ok(text),
        other => Err(syn::Error::new_spanned(other, "expected a text in quotes")),
    }
}

/// `crate = path`.
pub(crate) fn path(meta: &ParseNestedMeta<'_>) -> syn::Result<Path> {
    meta.value()?.call(Path::parse_mod_style)
}

/// `key = "30s"`, in hours, minutes, seconds or milliseconds.
pub(crate) fn duration(meta: &ParseNestedMeta<'_>) -> syn::Result<Duration> {
    let text = text(meta)?;
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
        .ok_or_else(|| syn::Error::new(text.span(), "expected a time such as \"500ms\", \"30s\", \"2m\" or \"1h\""))
}

/// `key(name = value, …)` with literal values, as pairs.
pub(crate) fn pairs(meta: &ParseNestedMeta<'_>) -> syn::Result<Vec<(String, Lit)>> {
    let mut pairs: Vec<(String, Lit)> = Vec::new();
    meta.parse_nested_meta(|pair| {
        let Some(name) = pair.path.get_ident().map(ToString::to_string) else {
            return Err(pair.error("expected a name"));
        };
        if pairs.iter().any(|(known, _)| *known == name) {
            return Err(pair.error(format!("`{name}` is given twice")));
        }
        let value: Lit = pair.value()?.parse()?;
        if !matches!(value, Lit::Str(_) | Lit::Int(_) | Lit::Float(_) | Lit::Bool(_)) {
            return Err(syn::Error::new(value.span(), "expected a text, a number, `true` or `false`"));
        }
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
