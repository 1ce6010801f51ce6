//! `#[derive(Activity)]`

use crate::errors::Errors;
use crate::naming::{Named, Naming};
use crate::{described, docs};
use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Fields, Meta, Token};

const ATTRIBUTE: Named = Named { name: "activity", known: &["name", "prefix", "rename_all", "crate"] };

/// The implementation for an item, and what is wrong with it.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let item = match syn::parse2::<DeriveInput>(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let errors = Errors::default();
    ATTRIBUTE.none_on_fields(&item, &errors);
    check_form(&item, &errors);
    let naming = Naming::parse(&item, &ATTRIBUTE, None, &errors);
    let Naming { krate, private, .. } = &naming;
    let ident = &item.ident;
    let name = naming.own(ident);
    let described = described::members(private, docs::text(&item.attrs), &quote! { Self });
    let (implemented, of, bounds) = item.generics.split_for_impl();
    let errors = errors.into_tokens();
    quote! {
        #errors

        #[automatically_derived]
        impl #implemented #krate::Activity for #ident #of #bounds {
            const ACTIVITY_TYPE: &'static str = #name;
            #described
        }
    }
}

/// An activity's content is a JSON object, as far as that can be seen from here.
fn check_form(item: &DeriveInput, errors: &Errors) {
    let why = "an activity's content is a JSON object";
    match &item.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) => {}
            Fields::Unnamed(fields) => errors.at(fields, format!("{why}: give the fields names")),
            Fields::Unit => errors.at(&item.ident, format!("{why}: write `struct {} {{}}`", item.ident)),
        },
        Data::Enum(_) if tagged(item) => {}
        Data::Enum(data) => {
            errors.at(data.enum_token, format!("{why}: an enum is one with `#[serde(tag = \"…\")]`"));
        }
        Data::Union(data) => errors.at(data.union_token, format!("{why}, and a union has no serde form")),
    }
}

fn tagged(item: &DeriveInput) -> bool {
    item.attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .filter_map(|attribute| {
            attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()
        })
        .flatten()
        .any(|entry| entry.path().is_ident("tag"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_the_structs_name_unless_given() {
        let text = expand(quote! { struct Plan { steps: u8 } }).to_string();
        assert!(
            text.contains("ACTIVITY_TYPE : & 'static str = \"Plan\"") && !text.contains("compile_error"),
            "{text}"
        );
        let text =
            expand(quote! { #[activity(name = "PLAN")] #[serde(tag = "is")] enum Plan { A {} } }).to_string();
        assert!(text.contains("= \"PLAN\"") && !text.contains("compile_error"), "{text}");
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        for (item, message) in [
            (quote! { struct Plan(u8); }, "give the fields names"),
            (quote! { struct Plan; }, "write `struct Plan {}`"),
            (quote! { enum Plan { A } }, "an enum is one with"),
            (quote! { union Plan { a: u8 } }, "a union has no serde form"),
            (quote! { struct Plan { #[activity(name = "x")] a: u8 } }, "does not go on fields"),
            (quote! { #[activity(nam = "x")] struct Plan {} }, "did you mean `name`?"),
        ] {
            let text = expand(item).to_string();
            assert!(text.contains("compile_error") && text.contains(message), "{text}");
        }
    }
}
