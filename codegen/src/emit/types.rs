//! How a value of a type is taken, stored and looked at.

use super::Emitter;
use crate::error::Error;
use crate::model::{Kind, Shape, Type};
use proc_macro2::TokenStream;
use quote::quote;

/// A parameter: its type, and the expression that turns `value` of that type into what is stored.
pub(crate) struct Parameter {
    pub(crate) ty: TokenStream,
    pub(crate) stored: TokenStream,
}

impl Emitter<'_> {
    /// The path of typify's tokens from the generated code: foreign crates are reached through the
    /// runtime, so that users need no dependency of their own on them.
    pub(crate) fn path(&self, ty: &TokenStream) -> Result<TokenStream, Error> {
        let rt = self.rt.to_string();
        let text = ty.to_string().replace(":: serde_json ::", &format!("{rt} :: serde_json ::"));
        text.parse().map_err(|_| Error::Internal(format!("`{text}` is not a type")))
    }

    /// A constructor's or setter's parameter for a present value, boxed if `boxed`.
    pub(crate) fn parameter(
        &self,
        ty: &Type,
        rust: &TokenStream,
        name: &proc_macro2::Ident,
        boxed: bool,
    ) -> Result<Parameter, Error> {
        let converts = !ty.nullable && self.converts(&ty.shape);
        let (ty, stored) = if converts {
            let bare = unboxed(rust);
            (quote! { impl ::std::convert::Into<#bare> }, quote! { #name.into() })
        } else {
            (unboxed(rust), quote! { #name })
        };
        let stored = if boxed || is_boxed(rust) {
            quote! { ::std::boxed::Box::new(#stored) }
        } else {
            stored
        };
        Ok(Parameter { ty, stored })
    }

    /// Whether there are conversions into the type worth accepting.
    fn converts(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Any | Shape::String => true,
            Shape::Reference(name) => match self.model.get(name).map(|definition| &definition.kind) {
                Some(Kind::Union(_) | Kind::Choice(_)) => true,
                Some(Kind::Other(ty)) => self.converts(&ty.shape),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether values are handed out as such rather than by reference.
    pub(crate) fn is_copy(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Boolean | Shape::Integer { .. } | Shape::Number => true,
            Shape::Reference(name) => {
                matches!(self.model.get(name).map(|definition| &definition.kind), Some(Kind::Enumeration(_)))
            }
            _ => false,
        }
    }
}

/// The method named after a field; not one that hides what every generated type can do.
pub(crate) fn method_ident(field: &proc_macro2::Ident) -> proc_macro2::Ident {
    if ["clone", "from", "new"].iter().any(|common| field == common) {
        quote::format_ident!("{field}_")
    } else {
        field.clone()
    }
}

/// Whether typify boxed the type to break a cycle.
pub(crate) fn is_boxed(rust: &TokenStream) -> bool {
    rust.to_string().starts_with(BOX)
}

const BOX: &str = ":: std :: boxed :: Box <";

fn unboxed(rust: &TokenStream) -> TokenStream {
    let text = rust.to_string();
    text.strip_prefix(BOX)
        .and_then(|inner| inner.trim_end().strip_suffix('>'))
        .and_then(|inner| inner.parse().ok())
        .unwrap_or_else(|| rust.clone())
}
