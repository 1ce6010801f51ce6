//! What the derives have in common: what a type is called on the wire, and where agui is.

use crate::attributes::{Seen, krate, text};
use crate::case::{Case, case};
use crate::errors::Errors;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Data, DeriveInput, LitStr, Path};

/// The options on a type.
pub(crate) struct Naming {
    name: Option<LitStr>,
    prefix: Option<LitStr>,
    case: Option<Case>,
    /// The path of agui.
    pub(crate) krate: TokenStream,
    /// The path of what is there for expansions.
    pub(crate) private: TokenStream,
}

impl Naming {
    /// The options in an item's attributes. `unnamed` explains why there is no `name`, where that is so.
    pub(crate) fn parse(
        item: &DeriveInput,
        attribute: &Named,
        unnamed: Option<&str>,
        errors: &Errors,
    ) -> Self {
        let (mut name, mut prefix, mut renamed, mut path) = (None, None, None, None);
        let mut seen = Seen::default();
        for list in item.attrs.iter().filter(|attr| attr.path().is_ident(attribute.name)) {
            errors.ok(list.parse_nested_meta(|meta| {
                match seen.key(&meta, attribute.known, errors)? {
                    Some("name") => {
                        let value = text(&meta, "= \"shop.order_placed\"")?;
                        match unnamed {
                            Some(reason) => errors.at(&meta.path, reason),
                            None => name = not_empty(value, "a name", errors),
                        }
                    }
                    Some("prefix") => prefix = not_empty(text(&meta, "= \"shop.\"")?, "a prefix", errors),
                    Some("rename_all") => renamed = case(&text(&meta, "= \"snake_case\"")?, errors),
                    Some("crate") => path = Some(crate_path(&meta)?),
                    _ => {}
                }
                Ok(())
            }));
        }
        let krate = krate(path.as_ref());
        let private = quote! { #krate::__private };
        Self { name, prefix, case: renamed, krate, private }
    }

    /// The name of the type itself.
    pub(crate) fn own(&self, ident: &Ident) -> LitStr {
        self.of(self.name.as_ref(), ident)
    }

    /// The name of something within the type that may have been given one.
    pub(crate) fn of(&self, given: Option<&LitStr>, ident: &Ident) -> LitStr {
        let (name, span) = match given {
            Some(given) => (given.value(), given.span()),
            None => {
                let name = ident.unraw().to_string();
                (self.case.map_or_else(|| name.clone(), |case| case(&name)), ident.span())
            }
        };
        let prefix = self.prefix.as_ref().map(LitStr::value).unwrap_or_default();
        LitStr::new(&format!("{prefix}{name}"), span)
    }
}

/// An attribute and its keys.
pub(crate) struct Named {
    pub(crate) name: &'static str,
    pub(crate) known: &'static [&'static str],
}

impl Named {
    /// The name that a variant is given, which is all that it can be given.
    pub(crate) fn on_variant(&self, attributes: &[Attribute], errors: &Errors) -> Option<LitStr> {
        let mut name = None;
        let mut seen = Seen::default();
        for list in attributes.iter().filter(|attr| attr.path().is_ident(self.name)) {
            errors.ok(list.parse_nested_meta(|meta| {
                match seen.key(&meta, self.known, errors)? {
                    Some("name") => name = not_empty(text(&meta, "= \"order_placed\"")?, "a name", errors),
                    Some(key) => {
                        errors.at(
                            &meta.path,
                            format!("`{key}` belongs on the enum, a variant has only `name`"),
                        );
                        // Its value is looked at like that on an enum.
                        if key == "crate" {
                            crate_path(&meta).map(drop)?
                        } else {
                            text(&meta, "= \"…\"").map(drop)?
                        }
                    }
                    None => {}
                }
                Ok(())
            }));
        }
        name
    }

    /// Fields have no options.
    pub(crate) fn none_on_fields(&self, item: &DeriveInput, errors: &Errors) {
        let fields: Vec<_> = match &item.data {
            Data::Struct(data) => data.fields.iter().collect(),
            Data::Enum(data) => data.variants.iter().flat_map(|variant| &variant.fields).collect(),
            Data::Union(_) => Vec::new(),
        };
        for attribute in fields.iter().flat_map(|field| &field.attrs) {
            if attribute.path().is_ident(self.name) {
                errors.at(attribute, format!("`{}` does not go on fields, serde's attributes do", self.name));
            }
        }
    }
}

fn not_empty(text: LitStr, what: &str, errors: &Errors) -> Option<LitStr> {
    if text.value().is_empty() {
        errors.at(&text, format!("{what} has at least one character"));
        return None;
    }
    Some(text)
}

/// `crate = path`, or the path in quotes as serde has it.
fn crate_path(meta: &ParseNestedMeta<'_>) -> syn::Result<Path> {
    let value = meta.value()?;
    if value.peek(LitStr) {
        return value.parse::<LitStr>()?.parse_with(Path::parse_mod_style);
    }
    value.call(Path::parse_mod_style)
}
