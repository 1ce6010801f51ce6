//! Rules to expressions that check them.

use super::Emitter;
use crate::error::Error;
use crate::model::{Rule, Shape, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

impl Emitter<'_> {
    /// A closure `|value| -> Result<(), Violation>` for a reference to a value of the type; `None`
    /// where the Rust type says it all.
    pub(crate) fn check(&self, ty: &Type) -> Result<Option<TokenStream>, Error> {
        if !ty.is_checked() {
            return Ok(None);
        }
        let body = self.checks(ty)?;
        Ok(Some(quote! { |value| { #body ::std::result::Result::Ok(()) } }))
    }

    fn checks(&self, ty: &Type) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let mut checks = TokenStream::new();
        for rule in &ty.rules {
            let check = self.rule(rule, &ty.shape)?;
            checks.extend(quote! { #rt::rules::#check?; });
        }
        match &ty.shape {
            Shape::List(item) => {
                if let Some(check) = self.check(item)? {
                    checks.extend(quote! { #rt::rules::each(value, #check)?; });
                }
            }
            Shape::Map(item) => {
                if let Some(check) = self.check(item)? {
                    checks.extend(quote! { #rt::rules::each_value(value, #check)?; });
                }
            }
            _ => {}
        }
        if ty.nullable {
            checks = quote! { if let ::std::option::Option::Some(value) = value { #checks } };
        }
        Ok(checks)
    }

    fn rule(&self, rule: &Rule, shape: &Shape) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        Ok(match rule {
            Rule::NotNull => quote! { not_null(value) },
            Rule::AtLeast(limit) => bound("at_least", limit, shape)?,
            Rule::AtMost(limit) => bound("at_most", limit, shape)?,
            Rule::Above(limit) => bound("above", limit, shape)?,
            Rule::Below(limit) => bound("below", limit, shape)?,
            Rule::Items { minimum, maximum } => {
                let maximum = count(*maximum);
                quote! { items(value, #minimum, #maximum) }
            }
            Rule::Length { minimum, maximum } => {
                let maximum = count(*maximum);
                quote! { length(value, #minimum, #maximum) }
            }
            Rule::Pattern(pattern) => {
                let table = crate::pattern::compile(pattern).map_err(Error::Internal)?;
                let ranges = table.ranges.iter().map(|(last, class)| {
                    let (last, class) = (Literal::u8_unsuffixed(*last), Literal::u8_unsuffixed(*class));
                    quote! { (#last, #class) }
                });
                let width = Literal::usize_unsuffixed(table.width);
                let next = table.next.iter().map(|state| Literal::u16_unsuffixed(*state));
                let accepting = &table.accepting;
                quote! {
                    matches(value, {
                        static PATTERN: #rt::Pattern = #rt::Pattern::new(
                            #pattern,
                            &[#(#ranges),*],
                            #width,
                            &[#(#next),*],
                            &[#(#accepting),*],
                        );
                        &PATTERN
                    })
                }
            }
        })
    }
}

fn count(maximum: usize) -> TokenStream {
    if maximum == usize::MAX {
        quote! { ::std::primitive::usize::MAX }
    } else {
        let maximum = Literal::usize_unsuffixed(maximum);
        quote! { #maximum }
    }
}

fn bound(function: &str, limit: &serde_json::Number, shape: &Shape) -> Result<TokenStream, Error> {
    let function = quote::format_ident!("{function}");
    let impossible = || Error::Internal(format!("the bound {limit} has no literal"));
    let literal = match shape {
        // A bound below zero says nothing about what cannot be negative, and saturates.
        Shape::Integer { unsigned: true } => Literal::u64_suffixed(limit.as_u64().unwrap_or(0)),
        Shape::Integer { unsigned: false } => {
            Literal::i64_suffixed(limit.as_i64().unwrap_or(i64::MAX))
        }
        _ => Literal::f64_suffixed(limit.as_f64().ok_or_else(impossible)?),
    };
    Ok(quote! { #function(value, #literal) })
}
