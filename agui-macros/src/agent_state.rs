//! `#[derive(AgentState)]`

use crate::errors::Errors;
use crate::naming::{Named, Naming};
use crate::{described, docs};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

const ATTRIBUTE: Named = Named { name: "agent_state", known: &["name", "crate"] };

/// The implementation for an item, and what is wrong with it.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut item = match syn::parse2::<DeriveInput>(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let errors = Errors::default();
    ATTRIBUTE.none_on_fields(&item, &errors);
    if let Data::Union(data) = &item.data {
        errors.at(data.union_token, "a union has no serde form, so it cannot be a state: use a struct");
        return errors.into_tokens();
    }
    let naming = Naming::parse(&item, &ATTRIBUTE, None, &errors);
    let Naming { krate, private, .. } = &naming;
    let name = naming.own(&item.ident);
    let described = described::members(private, docs::text(&item.attrs), &quote! { Self });
    // What a state has to be depends on the parameters. Without any, what is missing is told here.
    if item.generics.type_params().next().is_some() {
        let bounds = &mut item.generics.make_where_clause().predicates;
        bounds.push(syn::parse_quote! {
            Self: #private::serde::Serialize + #private::serde::de::DeserializeOwned + ::core::default::Default
        });
    }
    let ident = &item.ident;
    let (implemented, of, bounds) = item.generics.split_for_impl();
    let errors = errors.into_tokens();
    quote! {
        #errors

        #[automatically_derived]
        impl #implemented #krate::AgentState for #ident #of #bounds {
            const NAME: &'static str = #name;
            #described
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_has_a_name_and_nothing_else_to_say() {
        let text = expand(quote! { #[agent_state(name = "list")] struct List { items: u8 } }).to_string();
        assert!(text.contains("= \"list\"") && !text.contains("compile_error"), "{text}");
        for (item, message) in [
            (quote! { union List { a: u8 } }, "a union has no serde form"),
            (quote! { #[agent_state(prefix = "x")] struct List; }, "unknown attribute `prefix`"),
            (quote! { #[agent_state(name = "")] struct List; }, "at least one character"),
        ] {
            let text = expand(item).to_string();
            assert!(text.contains("compile_error") && text.contains(message), "{text}");
        }
    }

    #[test]
    fn bounds_are_asked_of_generic_states_only() {
        let bound = "Self : :: agui :: __private :: serde :: Serialize";
        assert!(!expand(quote! { struct List { items: u8 } }).to_string().contains(bound));
        assert!(expand(quote! { struct List<T> { items: T } }).to_string().contains(bound));
    }
}
