//! What stands in the place of a tool that cannot be made, so that one mistake is one error.

use super::parse::{Parameter, Tool};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Visibility;

/// A type like the tool's, as far as that is known: what uses it goes on to compile.
pub(crate) fn fallback(visibility: &Visibility, tool: &Tool) -> TokenStream {
    let (krate, ident) = (&tool.options.krate, &tool.ident);
    let private = quote! { #krate::__private };
    let fields = tool.parameters.iter().filter_map(|parameter| match parameter {
        Parameter::Argument { ident, ty, .. } => Some(quote! { #visibility #ident: #ty }),
        _ => None,
    });
    quote! {
        #[allow(missing_docs, dead_code)]
        #visibility struct #ident { #(#fields),* }

        const _: () = {
            impl<'de> #private::serde::Deserialize<'de> for #ident {
                fn deserialize<D: #private::serde::Deserializer<'de>>(_: D) -> ::core::result::Result<Self, D::Error> {
                    ::core::unimplemented!()
                }
            }

            impl #private::serde::Serialize for #ident {
                fn serialize<S: #private::serde::Serializer>(&self, _: S) -> ::core::result::Result<S::Ok, S::Error> {
                    ::core::unimplemented!()
                }
            }

            impl #private::schemars::JsonSchema for #ident {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    ::core::unimplemented!()
                }

                fn json_schema(_: &mut #private::schemars::SchemaGenerator) -> #private::schemars::Schema {
                    ::core::unimplemented!()
                }
            }

            impl #krate::ToolSpec for #ident
            where
                for<'agui> Self: #private::Specified,
            {
                const NAME: &'static str = ::core::stringify!(#ident);
                const DESCRIPTION: &'static str = "";
            }

            impl #krate::ToolFunction for #ident {
                const TOOL_NAME: &'static str = ::core::stringify!(#ident);

                fn tool() -> #krate::ToolEntry {
                    ::core::unimplemented!()
                }
            }
        };
    }
}
