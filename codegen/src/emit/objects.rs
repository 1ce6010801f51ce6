//! Objects to structs: fields, constructor, setters, decoding, encoding.

use super::Emitter;
use super::docs::docs;
use super::types::method_ident;
use crate::error::Error;
use crate::model::{Definition, Object, Presence, Property, Rest, Rule, Shape};
use crate::skeleton::Field;
use heck::ToShoutySnakeCase;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// A property with its Rust side.
pub(super) struct Member<'a> {
    pub(super) property: &'a Property,
    /// `None` for constants, which take no room.
    pub(super) field: Option<&'a Field>,
    /// The type of a present value, as stored.
    pub(super) ty: TokenStream,
    pub(super) boxed: bool,
    pub(super) index: Literal,
}

impl Emitter<'_> {
    pub(super) fn object(
        &self,
        name: &str,
        definition: &Definition,
        object: &Object,
    ) -> Result<TokenStream, Error> {
        let bones = self.bones(name)?;
        let mut members = Vec::new();
        for (index, property) in object.properties.iter().enumerate() {
            let field = bones.fields.get(&property.name);
            let boxed = self.layout.fields.contains(&(name.to_owned(), property.name.clone()));
            let ty = match field {
                Some(field) => self.path(&field.ty)?,
                None => TokenStream::new(),
            };
            members.push(Member { property, field, ty, boxed, index: Literal::usize_unsuffixed(index) });
        }
        let rest = match &object.rest {
            Rest::Closed => None,
            _ => Some(rest_ident(&members)),
        };
        let structure = self.structure(name, definition, object, &members, rest.as_ref())?;
        let inherent = self.inherent(name, &members, rest.as_ref())?;
        let presence = self.presence(&bones.ident, object, &members);
        let decode = self.object_decode(name, object, &members, rest.as_ref())?;
        let encode = self.object_encode(name, object, &members, rest.as_ref())?;
        let write = self.object_write(&bones.ident, object, &members, rest.as_ref())?;
        Ok(quote! { #structure #inherent #presence #decode #encode #write })
    }

    fn structure(
        &self,
        name: &str,
        definition: &Definition,
        object: &Object,
        members: &[Member<'_>],
        rest: Option<&Ident>,
    ) -> Result<TokenStream, Error> {
        let more = self.more_derives(&["Default"]);
        let ident = &self.bones(name)?.ident;
        let docs_of_type = self.item_docs(name, definition);
        let mut fields = Vec::new();
        for member in members {
            let Some(field) = member.field else { continue };
            let docs = docs(&member_docs(member.property, name));
            let ident = &field.ident;
            let ty = stored_type(member);
            fields.push(quote! { #docs pub #ident: #ty });
        }
        if let Some(rest) = rest {
            let ty = self.rest_type(name, object)?;
            let docs = docs(&["The members that the schema does not define, as they came."]);
            fields.push(quote! { #docs pub #rest: #ty });
        }
        let default = has_default(members).then(|| quote! { , Default });
        Ok(quote! {
            #docs_of_type
            #[derive(Clone, Debug, PartialEq #default #more)]
            #[non_exhaustive]
            pub struct #ident { #(#fields),* }
        })
    }

    fn inherent(
        &self,
        name: &str,
        members: &[Member<'_>],
        rest: Option<&Ident>,
    ) -> Result<TokenStream, Error> {
        let ident = &self.bones(name)?.ident;
        // Constants are a convenience: one without a name of its own is left out.
        let mut taken = BTreeSet::from(["FIELDS".to_owned()]);
        let constants = members.iter().filter_map(|member| {
            let Shape::Constant(serde_json::Value::String(text)) = &member.property.ty.shape else {
                return None;
            };
            let constant = member.property.name.to_shouty_snake_case();
            let ident = syn::parse_str::<Ident>(&constant).ok().filter(|_| taken.insert(constant))?;
            let docs = docs(&member_docs(member.property, name));
            Some(quote! { #docs pub const #ident: &'static str = #text; })
        });
        let constants: Vec<_> = constants.collect();
        let mut parameters = Vec::new();
        let mut initial = Vec::new();
        let mut setters = Vec::new();
        for member in members {
            let Some(Field { ident: field, .. }) = member.field else { continue };
            if member.property.required {
                let parameter = self.parameter(&member.property.ty, &member.ty, field, member.boxed)?;
                let (ty, stored) = (parameter.ty, parameter.stored);
                parameters.push(quote! { #field: #ty });
                let shorthand = *field == stored.to_string();
                initial.push(if shorthand {
                    stored
                } else {
                    quote! { #field: #stored }
                });
            } else {
                initial.push(quote! { #field: ::std::option::Option::None });
                let value = format_ident!("value");
                let parameter = self.parameter(&member.property.ty, &member.ty, &value, member.boxed)?;
                let (ty, mut stored) = (parameter.ty, parameter.stored);
                stored = if member.property.ty.rules.contains(&Rule::NotNull) {
                    let rt = &self.rt;
                    quote! { #rt::non_null(#stored) }
                } else {
                    quote! { ::std::option::Option::Some(#stored) }
                };
                let method = method_ident(field);
                let docs = docs(&[format!("Sets `{}`.", member.property.name)]);
                let odd =
                    is_odd_for_a_setter(&method).then(|| quote! { #[allow(clippy::wrong_self_convention)] });
                setters.push(quote! {
                    #docs
                    #odd
                    #[must_use]
                    pub fn #method(mut self, value: #ty) -> Self {
                        self.#field = #stored;
                        self
                    }
                });
            }
        }
        if let Some(rest) = rest {
            initial.push(quote! { #rest: ::std::default::Default::default() });
        }
        let docs = docs(&[if parameters.is_empty() {
            format!("A `{ident}` with nothing set.")
        } else {
            format!("A `{ident}` with its required members.")
        }]);
        let many = (parameters.len() > 7).then(|| quote! { #[allow(clippy::too_many_arguments)] });
        Ok(quote! {
            impl #ident {
                #(#constants)*
                #docs
                #many
                #[must_use]
                pub fn new(#(#parameters),*) -> Self {
                    Self { #(#initial),* }
                }
                #(#setters)*
            }
        })
    }

    /// A check that the optional members which belong together are there.
    fn presence(&self, ident: &Ident, object: &Object, members: &[Member<'_>]) -> Option<TokenStream> {
        let rt = &self.rt;
        let check = |presence: &Presence| {
            let sets = presence.sets.iter().map(|names| {
                let optional = members.iter().filter(|member| !member.property.required);
                let fields = optional.filter(|member| names.contains(&member.property.name));
                let there = fields.filter_map(|member| {
                    let field = &member.field?.ident;
                    Some(quote! { self.#field.is_some() })
                });
                let there: Vec<_> = there.collect();
                // What is required in any case needs no look.
                let there = if there.is_empty() {
                    quote! { true }
                } else {
                    quote! { #(#there)&&* }
                };
                let text = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
                quote! { (#text, #there) }
            });
            let function = if presence.exactly_one {
                format_ident!("exactly_one")
            } else {
                format_ident!("at_least_one")
            };
            quote! { #rt::rules::#function(&[#(#sets),*]) }
        };
        let mut checks: Vec<_> = object.presence.iter().map(check).collect();
        let last = checks.pop()?;
        Some(quote! {
            impl #rt::Combination for #ident {
                fn check(&self) -> ::std::result::Result<(), #rt::Violation> {
                    #(#checks?;)*
                    #last
                }
            }
        })
    }

    fn object_decode(
        &self,
        name: &str,
        object: &Object,
        members: &[Member<'_>],
        rest: Option<&Ident>,
    ) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let ident = &self.bones(name)?.ident;
        let wire: Vec<_> = members.iter().map(|member| member.property.name.as_str()).collect();
        let mut slots = Vec::new();
        let mut arms = Vec::new();
        let mut constants = Vec::new();
        let mut required = Vec::new();
        let mut build = Vec::new();
        for member in members {
            let index = &member.index;
            let wire = &member.property.name;
            if let Shape::Constant(value) = &member.property.ty.shape {
                arms.push(match value {
                    serde_json::Value::String(text) => {
                        quote! { #index => __entries.constant(#index, #text)? }
                    }
                    other => {
                        let json = other.to_string();
                        quote! { #index => __entries.constant_json(#index, #json)? }
                    }
                });
                constants.push(quote! { __entries.required_constant(#index, #wire)?; });
                continue;
            }
            let Some(Field { ident: field, .. }) = member.field else { continue };
            slots.push(quote! { let mut #field = #rt::Slot::Absent; });
            arms.push(match self.check(&member.property.ty)? {
                Some(check) => {
                    let check = typed(&check, &present_type(member));
                    quote! { #index => __entries.fill_checked(&mut #field, #check)? }
                }
                None => quote! { #index => __entries.fill(&mut #field)? },
            });
            if member.property.required {
                required.push((
                    quote! { ::std::option::Option::Some(#field) },
                    quote! { __entries.required(#field, #wire)? },
                ));
                build.push(quote! { #field });
            } else {
                build.push(quote! { #field: #field.optional() });
            }
        }
        let unknown = match (&object.rest, rest) {
            (Rest::Open, Some(rest)) => quote! { __entries.keep_unknown(&mut #rest)? },
            (Rest::Typed(ty), Some(rest)) => {
                let check = match self.check(ty)? {
                    Some(check) => check,
                    None => quote! { |_| ::std::result::Result::Ok(()) },
                };
                quote! { __entries.keep_typed(&mut #rest, #check)? }
            }
            _ => quote! { __entries.skip_unknown()? },
        };
        if let Some(rest) = rest {
            let ty = self.rest_type(name, object)?;
            slots.push(quote! { let mut #rest = <#ty>::new(); });
            build.push(quote! { #rest });
        }
        let step = if arms.is_empty() {
            quote! { while __entries.next_field(Self::FIELDS)?.is_some() { #unknown; } }
        } else {
            quote! {
                while let ::std::option::Option::Some(__field) = __entries.next_field(Self::FIELDS)? {
                    match __field {
                        #(#arms,)*
                        _ => #unknown,
                    }
                }
            }
        };
        // All are asked for before any may end it: that one was removed does not excuse another's absence.
        let (present, slot): (Vec<_>, Vec<_>) = required.into_iter().unzip();
        let unpack = match present.len() {
            0 => TokenStream::new(),
            1 => quote! {
                let #(#present)* = #(#slot)* else {
                    return ::std::result::Result::Ok(::std::option::Option::None);
                };
            },
            _ => quote! {
                let (#(#present),*) = (#(#slot),*) else {
                    return ::std::result::Result::Ok(::std::option::Option::None);
                };
            },
        };
        let decodable = self.decodable(ident, "decode_object");
        let made = if object.presence.is_empty() {
            quote! { ::std::result::Result::Ok(::std::option::Option::Some(Self { #(#build),* })) }
        } else {
            let optional = members.iter().filter(|member| !member.property.required);
            let optional = optional.filter_map(|member| Some(&member.field?.ident));
            // As with a required member: what was there and is unknown takes the object with it.
            quote! {
                let __removed = [#(#optional.is_removed()),*].contains(&true);
                let __value = Self { #(#build),* };
                match #rt::Combination::check(&__value) {
                    ::std::result::Result::Ok(()) => ::std::result::Result::Ok(::std::option::Option::Some(__value)),
                    ::std::result::Result::Err(_) if __removed => ::std::result::Result::Ok(::std::option::Option::None),
                    ::std::result::Result::Err(violation) => ::std::result::Result::Err(#rt::serde::de::Error::custom(violation)),
                }
            }
        };
        Ok(quote! {
            impl<'de> #rt::Object<'de> for #ident {
                const NAME: &'static str = #name;
                const FIELDS: &'static [&'static str] = &[#(#wire),*];

                fn decode_entries<__A: #rt::serde::de::MapAccess<'de>>(
                    __entries: &mut #rt::Entries<'_, 'de, __A>,
                ) -> ::std::result::Result<::std::option::Option<Self>, __A::Error> {
                    #(#slots)*
                    #step
                    #(#constants)*
                    #unpack
                    #made
                }
            }

            #decodable
        })
    }

    fn object_encode(
        &self,
        name: &str,
        object: &Object,
        members: &[Member<'_>],
        rest: Option<&Ident>,
    ) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        let ident = &self.bones(name)?.ident;
        let open = !matches!(object.rest, Rest::Closed);
        let write = if open { format_ident!("serialize_entry") } else { format_ident!("serialize_field") };
        let mut always = 0_usize;
        let mut lengths = Vec::new();
        let mut writes = Vec::new();
        for member in members {
            let wire = &member.property.name;
            if let Shape::Constant(value) = &member.property.ty.shape {
                always += 1;
                let value = constant(value);
                writes.push(quote! { object.#write(#wire, #value)?; });
                continue;
            }
            let Some(Field { ident: field, .. }) = member.field else { continue };
            let mut rules = member.property.ty.clone();
            let omits_null = !member.property.required && rules.rules.contains(&Rule::NotNull);
            if omits_null {
                rules.rules.retain(|rule| *rule != Rule::NotNull);
            }
            let check = match self.check(&rules)? {
                Some(check) => {
                    let check = typed(&check, &present_type(member));
                    Some(quote! { #rt::rules::encodable(#wire, value, #check)?; })
                }
                None => None,
            };
            if member.property.required {
                always += 1;
                writes.push(match check {
                    Some(check) => quote! { let value = &self.#field; #check object.#write(#wire, value)?; },
                    None => quote! { object.#write(#wire, &self.#field)?; },
                });
            } else {
                let present = if omits_null {
                    quote! { #rt::present(&self.#field) }
                } else {
                    quote! { &self.#field }
                };
                let counted = if omits_null {
                    present.clone()
                } else {
                    quote! { self.#field }
                };
                lengths.push(quote! { ::std::primitive::usize::from(#counted.is_some()) });
                writes.push(quote! {
                    if let ::std::option::Option::Some(value) = #present { #check object.#write(#wire, value)?; }
                });
            }
        }
        lengths.extend(rest.map(|rest| quote! { self.#rest.len() }));
        if always > 0 || lengths.is_empty() {
            let always = Literal::usize_unsuffixed(always);
            lengths.insert(0, quote! { #always });
        }
        let length = quote! { #(#lengths)+* };
        let checked = match object.typed_rest().map(|ty| self.check(ty)).transpose()?.flatten() {
            Some(check) => quote! { #rt::rules::encodable(key, value, #check)?; },
            None => TokenStream::new(),
        };
        let (begin, traits, tail) = match rest {
            Some(rest) => (
                quote! { serializer.serialize_map(::std::option::Option::Some(#length))? },
                quote! { SerializeMap },
                quote! {
                    for (key, value) in &self.#rest {
                        if !<Self as #rt::Object<'_>>::FIELDS.contains(&key.as_str()) {
                            #checked
                            object.serialize_entry(key, value)?;
                        }
                    }
                },
            ),
            None => (
                quote! { serializer.serialize_struct(#name, #length)? },
                quote! { SerializeStruct },
                TokenStream::new(),
            ),
        };
        let presence = (!object.presence.is_empty())
            .then(|| quote! { #rt::Combination::check(self).map_err(#rt::serde::ser::Error::custom)?; });
        let mutable = (!writes.is_empty() || rest.is_some()).then(|| quote! { mut });
        Ok(quote! {
            impl #rt::serde::Serialize for #ident {
                fn serialize<__S: #rt::serde::Serializer>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error> {
                    use #rt::serde::ser::#traits as _;
                    #presence
                    let #mutable object = #begin;
                    #(#writes)*
                    #tail
                    object.end()
                }
            }
        })
    }

    fn rest_type(&self, name: &str, object: &Object) -> Result<TokenStream, Error> {
        let rt = &self.rt;
        match (&object.rest, self.bones(name)?.inner.first()) {
            (Rest::Typed(_), Some(inner)) => {
                let inner = self.path(inner)?;
                Ok(quote! { ::std::collections::BTreeMap<::std::string::String, #inner> })
            }
            _ => Ok(quote! { #rt::serde_json::Map<::std::string::String, #rt::serde_json::Value> }),
        }
    }

    /// The docs of a generated item: the description, and where it comes from.
    pub(super) fn item_docs(&self, name: &str, definition: &Definition) -> TokenStream {
        let description = match &definition.description {
            Some(text) => text.clone(),
            None => format!("The schema's `{name}`."),
        };
        docs(&[description, format!("Schema: `#{}`.", definition.pointer)])
    }
}

/// The field for undefined members, named so that it clashes with none.
fn rest_ident(members: &[Member<'_>]) -> Ident {
    let mut name = "extra".to_owned();
    while members.iter().any(|member| member.field.is_some_and(|field| field.ident == name)) {
        name.push('_');
    }
    format_ident!("{name}")
}

/// Whether the name, which is the schema's choice, announces another kind of method.
fn is_odd_for_a_setter(method: &Ident) -> bool {
    let name = method.to_string();
    ["as_", "from_", "into_", "is_", "to_"].iter().any(|prefix| name.starts_with(prefix))
}

fn has_default(members: &[Member<'_>]) -> bool {
    members.iter().all(|member| member.field.is_none() || !member.property.required)
}

/// The field's type: that of a present value, boxed and optional as need be.
fn stored_type(member: &Member<'_>) -> TokenStream {
    let ty = present_type(member);
    if member.property.required {
        ty
    } else {
        quote! { ::std::option::Option<#ty> }
    }
}

pub(super) fn present_type(member: &Member<'_>) -> TokenStream {
    let ty = &member.ty;
    if member.boxed && !super::types::is_boxed(ty) {
        quote! { ::std::boxed::Box<#ty> }
    } else {
        ty.clone()
    }
}

/// Gives the closure's parameter a type, which inference does not find in every position.
pub(super) fn typed(check: &TokenStream, ty: &TokenStream) -> TokenStream {
    let text = check.to_string().replacen("| value |", &format!("| value : & {ty} |"), 1);
    text.parse().unwrap_or_else(|_| check.clone())
}

fn constant(value: &serde_json::Value) -> TokenStream {
    match value {
        serde_json::Value::String(text) => quote! { #text },
        serde_json::Value::Bool(value) => quote! { &#value },
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), _, _) => quote! { &#number },
            (_, Some(number), _) => quote! { &#number },
            (_, _, number) => quote! { &#number },
        },
        _ => quote! { &() },
    }
}

fn member_docs(property: &Property, owner: &str) -> Vec<String> {
    let mut paragraphs = vec![match &property.description {
        Some(text) => text.clone(),
        None => format!("The member `{}` of `{owner}`.", property.name),
    }];
    if let Some(default) = &property.default {
        paragraphs.push(format!("Absent means `{default}`."));
    }
    paragraphs
}
