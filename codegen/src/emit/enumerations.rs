//! Closed sets of strings to enums.

use super::Emitter;
use super::docs::{docs, item_docs};
use crate::error::Error;
use crate::model::{Definition, Enumeration};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    pub(super) fn enumeration(
        &self,
        name: &str,
        definition: &Definition,
        enumeration: &Enumeration,
    ) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let more = self.more_derives(&["Copy", "Eq", "PartialOrd", "Ord", "Hash"]);
        let values = &enumeration.values;
        let bones = self.bones(name)?;
        let ident = &bones.ident;
        let variants = &bones.variants;
        let docs_of_type = item_docs(name, definition);
        let docs = values.iter().map(|value| {
            let wire = format!("`{}` on the wire.", value.text);
            match &value.description {
                Some(text) => docs(&[text.clone(), wire]),
                None => docs(&[wire]),
            }
        });
        let texts: Vec<_> = values.iter().map(|value| value.text.as_str()).collect();
        let fixed = enumeration.fixed.then(|| quote! { const FIXED: bool = true; });
        let decodable = self.decodable(ident, "decode_enumeration");
        Ok(quote! {
            #docs_of_type
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash #more)]
            #[non_exhaustive]
            pub enum #ident {
                #(#docs #variants,)*
            }

            impl #ident {
                /// All values, in the order of the schema.
                pub const ALL: &'static [Self] = &[#(Self::#variants),*];

                /// The value as it stands on the wire.
                #[must_use]
                pub const fn as_str(self) -> &'static str {
                    match self {
                        #(Self::#variants => #texts,)*
                    }
                }
            }

            impl #rt::Enumeration for #ident {
                const VALUES: &'static [&'static str] = &[#(#texts),*];
                #fixed

                fn from_value(value: &str) -> ::std::option::Option<Self> {
                    ::std::option::Option::Some(match value {
                        #(#texts => Self::#variants,)*
                        _ => return ::std::option::Option::None,
                    })
                }
            }

            impl ::std::fmt::Display for #ident {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }

            impl ::std::str::FromStr for #ident {
                type Err = #rt::UnknownValue;

                fn from_str(value: &str) -> ::std::result::Result<Self, #rt::UnknownValue> {
                    <Self as #rt::Enumeration>::from_value(value).ok_or_else(|| {
                        #rt::UnknownValue::new(value, <Self as #rt::Enumeration>::VALUES)
                    })
                }
            }

            impl #rt::Encode for #ident {
                fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> ::std::result::Result<(), #rt::Violation> {
                    #rt::Encode::encode(self.as_str(), out)
                }
            }

            impl #rt::serde::Serialize for #ident {
                fn serialize<__S: #rt::serde::Serializer>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            #decodable
        })
    }
}
