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
        if ty.rules == [Rule::NotNull] && !ty.nullable {
            let rt = &self.rt;
            return Ok(Some(quote! { #rt::rules::not_null }));
        }
        let body = self.checks(ty)?;
        Ok(Some(quote! { |value| { #body } }))
    }

    /// Statements that end in a `Result<(), Violation>`.
    fn checks(&self, ty: &Type) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let mut checks = Vec::new();
        let mut rules = ty.rules.as_slice();
        if let [Rule::AtLeast(minimum), Rule::AtMost(maximum), rest @ ..] = rules {
            let (minimum, maximum) = (literal(minimum, &ty.shape)?, literal(maximum, &ty.shape)?);
            checks.push(quote! { #rt::rules::within(value, #minimum, #maximum) });
            rules = rest;
        }
        for rule in rules {
            let check = self.rule(rule, &ty.shape)?;
            checks.push(quote! { #rt::rules::#check });
        }
        let inner = match &ty.shape {
            Shape::List(item) => self.check(item)?.map(|check| quote! { #rt::rules::each(value, #check) }),
            Shape::Map(item) => {
                self.check(item)?.map(|check| quote! { #rt::rules::each_value(value, #check) })
            }
            _ => None,
        };
        checks.extend(inner);
        let last = checks.pop().unwrap_or_else(|| quote! { ::std::result::Result::Ok(()) });
        let checks = quote! { #(#checks?;)* #last };
        if !ty.nullable {
            return Ok(checks);
        }
        Ok(quote! {
            match value {
                ::std::option::Option::Some(value) => { #checks }
                ::std::option::Option::None => ::std::result::Result::Ok(()),
            }
        })
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
            Rule::Members { minimum, maximum } => {
                let maximum = count(*maximum);
                quote! { members(value, #minimum, #maximum) }
            }
            Rule::Unique => quote! { unique(value) },
            Rule::Names(rules) => {
                let rules = rules.iter().map(|rule| self.rule(rule, &Shape::String));
                let rules = rules.collect::<Result<Vec<_>, _>>()?;
                quote! { each_name(value, |value| { #(#rt::rules::#rules?;)* ::std::result::Result::Ok(()) }) }
            }
            Rule::MultipleOf(divisor) => bound("multiple_of", divisor, shape)?,
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
    let literal = literal(limit, shape)?;
    Ok(quote! { #function(value, #literal) })
}

fn literal(limit: &serde_json::Number, shape: &Shape) -> Result<Literal, Error> {
    Ok(match shape {
        // What cannot be negative is above every negative bound.
        Shape::Integer { unsigned: true } => Literal::u64_unsuffixed(limit.as_u64().unwrap_or(0)),
        Shape::Integer { unsigned: false } => Literal::i64_unsuffixed(limit.as_i64().unwrap_or(i64::MAX)),
        _ => Literal::f64_unsuffixed(
            limit.as_f64().ok_or_else(|| Error::Internal(format!("the bound {limit} has no literal")))?,
        ),
    })
}
