//! The schema of a type, where it turns out to have one.

use proc_macro2::TokenStream;
use quote::quote;

/// An expression for the JSON Schema of a type, `None` unless it implements `JsonSchema`. Of a generic type
/// that depends on its bounds alone, not on what it is used with.
pub(crate) fn schema(private: &TokenStream, ty: &TokenStream) -> TokenStream {
    quote! {{
        #[allow(unused_imports)]
        use #private::typed::{AskDescribed as _, AskUndescribed as _};
        (&&#private::typed::Asked::<#ty>::new()).agui_schema()
    }}
}

/// The constant and the function that describe a type.
pub(crate) fn members(
    private: &TokenStream,
    description: Option<TokenStream>,
    ty: &TokenStream,
) -> TokenStream {
    let description = description.map(|text| quote! { const DESCRIPTION: &'static str = #text; });
    let schema = schema(private, ty);
    quote! {
        #description

        fn schema() -> ::core::option::Option<#private::serde_json::Value> {
            #schema
        }
    }
}
