//! `#[derive(CustomEvent)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, LitStr, Result, parse2};

/// The implementation for an item, or the errors in its place.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    parse2(item).and_then(|item| implement(&item)).unwrap_or_else(|error| error.to_compile_error())
}

fn implement(item: &DeriveInput) -> Result<TokenStream> {
    let name = name(item)?.unwrap_or_else(|| LitStr::new(&item.ident.to_string(), item.ident.span()));
    let ident = &item.ident;
    let (implemented, of, bounds) = item.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #implemented ::agui::CustomPayload for #ident #of #bounds {
            const NAME: &'static str = #name;
        }
    })
}

/// The name given by `#[custom_event(name = "…")]`.
fn name(item: &DeriveInput) -> Result<Option<LitStr>> {
    let mut name: Option<LitStr> = None;
    for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("custom_event")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("name") {
                return Err(meta.error("unknown attribute, expected `name = \"…\"`"));
            }
            let value: LitStr = meta.value()?.parse()?;
            if value.value().is_empty() {
                return Err(syn::Error::new(value.span(), "an event name has at least one character"));
            }
            if name.replace(value).is_some() {
                return Err(meta.error("`name` is given twice"));
            }
            Ok(())
        })?;
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(item: TokenStream) -> String {
        expand(item).to_string()
    }

    #[test]
    fn the_name_is_the_types_unless_given() {
        assert!(expanded(quote! { struct Progress { done: u32 } }).contains("= \"Progress\""));
        let given = quote! { #[custom_event(name = "shop.progress")] struct Progress; };
        assert!(expanded(given).contains("= \"shop.progress\""));
    }

    #[test]
    fn generics_are_carried_over() {
        let text = expanded(quote! { struct Wrap<T: Send>(T) where T: Copy; });
        assert!(text.contains("impl < T : Send >") && text.contains("Wrap < T > where T : Copy"), "{text}");
    }

    #[test]
    fn mistakes_are_compile_errors() {
        for (item, message) in [
            (quote! { #[custom_event(nam = "x")] struct A; }, "unknown attribute"),
            (quote! { #[custom_event(name = "")] struct A; }, "at least one character"),
            (quote! { #[custom_event(name = "a", name = "b")] struct A; }, "given twice"),
        ] {
            let text = expanded(item);
            assert!(text.contains("compile_error") && text.contains(message), "{text}");
        }
    }
}
