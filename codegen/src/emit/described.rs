//! Types back to schema: what each type accepts, from the model that it was emitted from, for
//! `schemars::JsonSchema`.

use super::Emitter;
use crate::error::Error;
use crate::model::{Alternative, Definition, Enumeration, Kind, Object, Property, Rest, Rule, Shape, Type};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The types that a description refers to, under the name by which it does.
type Referred<'a> = BTreeMap<&'a str, &'a Ident>;

impl<'a> Emitter<'a> {
    /// The description of a definition that is a type of its own.
    pub(super) fn described(&'a self, name: &str, definition: &'a Definition) -> Result<TokenStream, Error> {
        if matches!(&definition.kind, Kind::Other(ty) if self.is_alias(name, ty)) {
            return Ok(TokenStream::new());
        }
        let rt = &self.rt;
        let ident = &self.bones(name)?.ident;
        let mut referred = Referred::new();
        let mut schema = self.definition(definition, &mut referred)?;
        // Whether serde_json keeps the order of members is not for us to say.
        schema.sort_all_objects();
        let text = raw(&schema.to_string())?;
        let referred = referred.iter().map(|(name, ident)| quote! { #name => #ident });
        Ok(quote! { #rt::described!(#ident, #name, #text, [#(#referred),*]); })
    }

    fn definition(&'a self, definition: &'a Definition, referred: &mut Referred<'a>) -> Result<Value, Error> {
        let schema = match &definition.kind {
            Kind::Object(object) => self.members(object, referred)?,
            Kind::Union(union) => {
                let variants = union.variants.iter().map(|(_, name)| self.reference(name, referred));
                json!({ "oneOf": variants.collect::<Result<Vec<_>, _>>()? })
            }
            Kind::Choice(alternatives) => {
                let described = |alternative: &'a Alternative| {
                    let schema = self.typed(&alternative.ty, referred)?;
                    Ok(with(schema, "description", alternative.description.as_deref()))
                };
                let alternatives: Result<Vec<_>, Error> = alternatives.iter().map(described).collect();
                json!({ "anyOf": alternatives? })
            }
            Kind::Enumeration(enumeration) => values(enumeration),
            Kind::Other(ty) => self.typed(ty, referred)?,
        };
        Ok(with(schema, "description", definition.description.as_deref()))
    }

    fn members(&'a self, object: &'a Object, referred: &mut Referred<'a>) -> Result<Value, Error> {
        let mut schema = Map::from_iter([("type".to_owned(), json!("object"))]);
        let mut properties = Map::new();
        for property in &object.properties {
            properties.insert(property.name.clone(), self.property(property, referred)?);
        }
        let required = object.properties.iter().filter(|property| property.required);
        let required: Vec<_> = required.map(|property| property.name.as_str()).collect();
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        let rest = match &object.rest {
            Rest::Closed => Some(Value::Bool(false)),
            Rest::Open => None,
            Rest::Typed(ty) => Some(self.typed(ty, referred)?),
        };
        schema.extend(rest.map(|rest| ("additionalProperties".to_owned(), rest)));
        if !object.presence.is_empty() {
            let combinations = object.presence.iter().map(|presence| {
                let sets: Vec<_> = presence.sets.iter().map(|set| json!({ "required": set })).collect();
                let keyword = if presence.exactly_one { "oneOf" } else { "anyOf" };
                Value::Object(Map::from_iter([(keyword.to_owned(), json!(sets))]))
            });
            schema.insert("allOf".to_owned(), combinations.collect());
        }
        Ok(Value::Object(schema))
    }

    fn property(&'a self, property: &'a Property, referred: &mut Referred<'a>) -> Result<Value, Error> {
        let schema = self.typed(&property.ty, referred)?;
        let schema = with(schema, "description", property.description.as_deref());
        Ok(with(schema, "default", property.default.clone()))
    }

    /// A type in place.
    fn typed(&'a self, ty: &'a Type, referred: &mut Referred<'a>) -> Result<Value, Error> {
        let mut schema = match &ty.shape {
            Shape::Any => json!({}),
            Shape::Boolean => json!({ "type": "boolean" }),
            Shape::Integer { unsigned: false } => json!({ "type": "integer" }),
            Shape::Integer { unsigned: true } => json!({ "type": "integer", "minimum": 0 }),
            Shape::Number => json!({ "type": "number" }),
            Shape::String => json!({ "type": "string" }),
            Shape::Constant(value) => json!({ "const": value }),
            Shape::List(item) => json!({ "type": "array", "items": self.typed(item, referred)? }),
            Shape::Map(item) => {
                json!({ "type": "object", "additionalProperties": self.typed(item, referred)? })
            }
            Shape::Reference(name) => self.reference(name, referred)?,
        };
        for rule in &ty.rules {
            for (keyword, value) in keywords(rule) {
                schema = with(schema, keyword, Some(value));
            }
        }
        if ty.nullable {
            schema = json!({ "anyOf": [schema, { "type": "null" }] });
        }
        Ok(schema)
    }

    /// A reference to a type, or what an alias stands for, which is no type of its own.
    fn reference(&'a self, name: &'a str, referred: &mut Referred<'a>) -> Result<Value, Error> {
        let definition = self.model.get(name);
        if let Some(definition @ Definition { kind: Kind::Other(ty), .. }) = definition
            && self.is_alias(name, ty)
        {
            return self.definition(definition, referred);
        }
        referred.insert(name, &self.bones(name)?.ident);
        Ok(json!({ "$ref": name }))
    }
}

fn values(enumeration: &Enumeration) -> Value {
    let texts: Vec<_> = enumeration.values.iter().map(|value| value.text.as_str()).collect();
    match texts.as_slice() {
        [text] if enumeration.fixed => json!({ "const": text }),
        texts => json!({ "type": "string", "enum": texts }),
    }
}

fn keywords(rule: &Rule) -> Vec<(&'static str, Value)> {
    let counted = |least, minimum: &usize, most, maximum: &usize| {
        let minimum = (*minimum > 0).then(|| (least, json!(minimum)));
        let maximum = (*maximum < usize::MAX).then(|| (most, json!(maximum)));
        minimum.into_iter().chain(maximum).collect()
    };
    match rule {
        Rule::NotNull => vec![("type", json!(["string", "number", "boolean", "object", "array"]))],
        Rule::AtLeast(limit) => vec![("minimum", json!(limit))],
        Rule::AtMost(limit) => vec![("maximum", json!(limit))],
        Rule::Above(limit) => vec![("exclusiveMinimum", json!(limit))],
        Rule::Below(limit) => vec![("exclusiveMaximum", json!(limit))],
        Rule::MultipleOf(divisor) => vec![("multipleOf", json!(divisor))],
        Rule::Unique => vec![("uniqueItems", json!(true))],
        Rule::Members { minimum, maximum } => counted("minProperties", minimum, "maxProperties", maximum),
        Rule::Names(rules) => {
            let names: Map<_, _> = rules
                .iter()
                .flat_map(keywords)
                .map(|(keyword, value)| (keyword.to_owned(), value))
                .collect();
            vec![("propertyNames", Value::Object(names))]
        }
        Rule::Items { minimum, maximum } => counted("minItems", minimum, "maxItems", maximum),
        Rule::Length { minimum, maximum } => counted("minLength", minimum, "maxLength", maximum),
        Rule::Pattern(pattern) => vec![("pattern", json!(pattern))],
    }
}

/// JSON as a raw string, which people can read. What turns the direction of writing is escaped.
fn raw(json: &str) -> Result<Literal, Error> {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => text.push(c),
        }
    }
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    let literal = format!("r{hashes}\"{text}\"{hashes}");
    literal.parse().map_err(|_| Error::Internal(format!("`{text}` has no literal")))
}

/// The schema with a keyword more.
fn with(mut schema: Value, keyword: &str, value: Option<impl Into<Value>>) -> Value {
    if let (Value::Object(keywords), Some(value)) = (&mut schema, value) {
        keywords.insert(keyword.to_owned(), value.into());
    }
    schema
}
