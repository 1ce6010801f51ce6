//! `#[derive(CustomEvent)]`

mod enumeration;
mod mirror;
mod payload;

use crate::errors::Errors;
use crate::naming::{Named, Naming};
use crate::{described, docs};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

const ATTRIBUTE: Named = Named { name: "custom_event", known: &["name", "prefix", "rename_all", "crate"] };

/// The implementations for an item, and what is wrong with it.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let item = match syn::parse2::<DeriveInput>(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let errors = Errors::default();
    ATTRIBUTE.none_on_fields(&item, &errors);
    let implementation = match &item.data {
        Data::Struct(_) => {
            let naming = Naming::parse(&item, &ATTRIBUTE, None, &errors);
            Some(structure(&item, &naming))
        }
        Data::Enum(data) => {
            let unnamed = "each variant of an enum is an event of its own: give the `name` to a variant";
            let naming = Naming::parse(&item, &ATTRIBUTE, Some(unnamed), &errors);
            enumeration::expand(&item, data, &naming, &errors)
        }
        Data::Union(data) => {
            errors.at(
                data.union_token,
                "a union has no serde form, so it cannot be an event: use a struct or an enum",
            );
            None
        }
    };
    let errors = errors.into_tokens();
    quote! { #errors #implementation }
}

fn structure(item: &DeriveInput, naming: &Naming) -> TokenStream {
    let Naming { krate, private, .. } = naming;
    let ident = &item.ident;
    let name = naming.own(ident);
    let described = described::members(private, docs::text(&item.attrs), &quote! { Self });
    let (implemented, of, bounds) = item.generics.split_for_impl();
    let into_event = into_event(item, naming, &[quote! { #ident #of }]);
    quote! {
        #[automatically_derived]
        impl #implemented #krate::CustomSpec for #ident #of #bounds {
            const NAME: &'static str = #name;
            #described
        }

        #into_event
    }
}

/// `From` for `Event`, where some types are `Serialize`.
fn into_event(item: &DeriveInput, naming: &Naming, serialize: &[TokenStream]) -> TokenStream {
    let private = &naming.private;
    let ident = &item.ident;
    let generics = bounded(&item.generics, &quote! { #private::serde::Serialize }, serialize);
    let (implemented, of, bounds) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #implemented ::core::convert::From<#ident #of> for #private::Event #bounds {
            /// # Panics
            ///
            /// When the payload has no JSON form, such as a map whose keys are not strings. `to_event` and
            /// `into_event` return that as an error.
            #[track_caller]
            fn from(payload: #ident #of) -> Self {
                #private::typed::event(&payload)
            }
        }
    }
}

/// Generics with a bound on some types, which need not hold: the lifetime leaves it to whoever uses the
/// implementation, also where a type has no parameters.
fn bounded(generics: &syn::Generics, bound: &TokenStream, types: &[TokenStream]) -> syn::Generics {
    let mut generics = generics.clone();
    let bounds = &mut generics.make_where_clause().predicates;
    bounds.extend(types.iter().map(|ty| -> syn::WherePredicate {
        syn::parse_quote! { for<'agui> #ty: #bound }
    }));
    generics
}

#[cfg(test)]
mod tests;
