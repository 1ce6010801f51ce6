//! Everything that is neither object, union nor enumeration: an alias where the Rust type says it
//! all, a newtype where a name (strings) or a check (rules) is worth having or the type contains itself.

use super::Emitter;
use super::docs::item_docs;
use crate::error::Error;
use crate::model::{Definition, Shape, Type};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Emitter<'_> {
    pub(super) fn other(&self, name: &str, definition: &Definition, ty: &Type) -> Result<TokenStream, Error> {
        let bones = self.bones(name)?;
        let ident = &bones.ident;
        let docs = item_docs(name, definition);
        let inner = match bones.inner.first() {
            Some(inner) => self.path(inner)?,
            None => return Err(Error::Internal(format!("`{name}` has no inner type"))),
        };
        if self.is_alias(name, ty) {
            return Ok(quote! { #docs pub type #ident = #inner; });
        }
        let check = self.check(ty)?;
        if is_text(ty) {
            return Ok(self.text(&docs, ident, check.as_ref()));
        }
        let recursive = self.layout.recursive.contains(name);
        Ok(self.wrapper(&docs, ident, &inner, check.as_ref(), recursive))
    }

    /// Whether the Rust type says it all, under a name that is not worth a type of its own.
    pub(super) fn is_alias(&self, name: &str, ty: &Type) -> bool {
        !is_text(ty) && !self.layout.recursive.contains(name) && !ty.is_checked()
    }

    /// A string with a name of its own.
    fn text(&self, docs: &TokenStream, ident: &Ident, check: Option<&TokenStream>) -> TokenStream {
        let rt = &self.rt;
        let string = quote! { ::std::string::String };
        let derives = quote! { , Eq, PartialOrd, Ord, Hash };
        let common = self.newtype(docs, ident, &string, check, &derives, false);
        let made = match check {
            None => quote! {
                impl ::std::convert::From<&str> for #ident {
                    fn from(value: &str) -> Self {
                        Self(value.to_owned())
                    }
                }
            },
            Some(_) => quote! {
                impl ::std::convert::TryFrom<&str> for #ident {
                    type Error = #rt::Violation;

                    fn try_from(value: &str) -> ::std::result::Result<Self, Self::Error> {
                        Self::try_from(value.to_owned())
                    }
                }

                impl ::std::str::FromStr for #ident {
                    type Err = #rt::Violation;

                    fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                        Self::try_from(value)
                    }
                }
            },
        };
        quote! {
            #common
            #made

            impl #ident {
                /// The text.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl ::std::ops::Deref for #ident {
                type Target = str;

                fn deref(&self) -> &str {
                    &self.0
                }
            }

            impl ::std::convert::AsRef<str> for #ident {
                fn as_ref(&self) -> &str {
                    &self.0
                }
            }

            impl ::std::borrow::Borrow<str> for #ident {
                fn borrow(&self) -> &str {
                    &self.0
                }
            }

            impl ::std::cmp::PartialEq<str> for #ident {
                fn eq(&self, other: &str) -> bool {
                    self.0 == other
                }
            }

            impl ::std::cmp::PartialEq<&str> for #ident {
                fn eq(&self, other: &&str) -> bool {
                    self.0 == *other
                }
            }

            impl ::std::fmt::Display for #ident {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(&self.0)
                }
            }
        }
    }

    /// Anything else that cannot be an alias.
    fn wrapper(
        &self,
        docs: &TokenStream,
        ident: &Ident,
        inner: &TokenStream,
        check: Option<&TokenStream>,
        recursive: bool,
    ) -> TokenStream {
        let common = self.newtype(docs, ident, inner, check, &TokenStream::new(), recursive);
        quote! {
            #common

            impl ::std::ops::Deref for #ident {
                type Target = #inner;

                fn deref(&self) -> &Self::Target {
                    &self.0
                }
            }
        }
    }

    fn newtype(
        &self,
        docs: &TokenStream,
        ident: &Ident,
        inner: &TokenStream,
        check: Option<&TokenStream>,
        derives: &TokenStream,
        recursive: bool,
    ) -> TokenStream {
        let rt = &self.rt;
        let plain = self.plain();
        let more =
            self.more_derives(if derives.is_empty() { &[] } else { &["Eq", "PartialOrd", "Ord", "Hash"] });
        // What contains itself would be defined by itself here too.
        let leaf = (!recursive).then(|| quote! { const LEAF: bool = <#inner as #rt::Decode<'de>>::LEAF; });
        let decoded = match check {
            None => quote! { ::std::result::Result::Ok(value.map(Self)) },
            Some(_) => quote! {
                match value {
                    ::std::option::Option::Some(value) => Self::try_from(value)
                        .map(::std::option::Option::Some)
                        .map_err(#rt::serde::de::Error::custom),
                    ::std::option::Option::None => ::std::result::Result::Ok(::std::option::Option::None),
                }
            },
        };
        let made = match check {
            None => quote! {
                impl ::std::convert::From<#inner> for #ident {
                    fn from(value: #inner) -> Self {
                        Self(value)
                    }
                }
            },
            Some(check) => quote! {
                impl ::std::convert::TryFrom<#inner> for #ident {
                    type Error = #rt::Violation;

                    fn try_from(value: #inner) -> ::std::result::Result<Self, Self::Error> {
                        #rt::rules::run(&value, #check)?;
                        ::std::result::Result::Ok(Self(value))
                    }
                }
            },
        };
        quote! {
            #docs
            #[derive(Clone, Debug, PartialEq #derives #more)]
            pub struct #ident(#inner);

            #made

            impl ::std::convert::From<#ident> for #inner {
                fn from(value: #ident) -> Self {
                    value.0
                }
            }

            impl<'de> #rt::Decode<'de> for #ident {
                #leaf

                fn decode<__D: #rt::serde::Deserializer<'de>>(
                    deserializer: __D,
                    context: &mut #rt::Context,
                ) -> ::std::result::Result<::std::option::Option<Self>, __D::Error> {
                    let value = <#inner as #rt::Decode<'de>>::decode(deserializer, context)?;
                    #decoded
                }
            }

            impl #rt::Encode for #ident {
                fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> ::std::result::Result<(), #rt::Violation> {
                    #rt::Encode::encode(&self.0, out)
                }
            }

            impl #rt::serde::Serialize for #ident {
                fn serialize<__S: #rt::serde::Serializer>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error> {
                    #rt::serde::Serialize::serialize(&self.0, serializer)
                }
            }

            #rt::decodable!(#ident; #plain);
        }
    }
}

fn is_text(ty: &Type) -> bool {
    ty.shape == Shape::String && !ty.nullable
}
