//! Third pass: typify supplies the skeletons. The model is lowered to the subset of draft-07 that
//! typify handles faithfully, and the names, identifiers and types that it chose are read back.
//!
//! What typify cannot express is kept away from it: unions are opaque names, constants are left out,
//! everything is required (absence is our own business), rules are dropped. In return nothing of its
//! output but names and types is used, and a type or field that it drops or invents is an error.

use crate::error::Error;
use crate::model::{Definition, Kind, Model, Shape, Type};
use proc_macro2::{Ident, Span, TokenStream};
use schemars08::schema::RootSchema;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use typify::{TypeDetails, TypeSpace, TypeSpaceSettings};

/// What typify made of the definitions, by name in the schema.
#[derive(Debug, Default)]
pub(crate) struct Skeleton {
    pub(crate) types: BTreeMap<String, Bones>,
}

/// The Rust side of one definition.
#[derive(Debug)]
pub(crate) struct Bones {
    pub(crate) ident: Ident,
    /// Member name on the wire to field and type; the type is that of a present value.
    pub(crate) fields: BTreeMap<String, Field>,
    /// Identifiers of an enumeration's values, in order.
    pub(crate) variants: Vec<Ident>,
    /// The type of what is not an object or enumeration of its own, and of further members.
    pub(crate) inner: Vec<TokenStream>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: TokenStream,
}

/// Lets typify name and type everything in the model.
pub(crate) fn skeleton(model: &Model) -> Result<Skeleton, Error> {
    let mut settings = TypeSpaceSettings::default();
    settings.with_map_type("::std::collections::BTreeMap".to_string());
    let mut definitions = Map::new();
    for (name, definition) in &model.definitions {
        let opaque = !matches!(definition.kind, Kind::Object(_) | Kind::Enumeration(_));
        if opaque {
            let ident = crate::names::pascal(name);
            settings.with_replacement(&ident, &ident, std::iter::empty());
            // The types inside an opaque definition are read off a carrier struct.
            definitions.insert(carrier(name), object(inner_types(definition).enumerate()));
        } else if let Kind::Object(object) = &definition.kind {
            if let crate::model::Rest::Typed(ty) = &object.rest {
                definitions.insert(carrier(name), self::object(std::iter::once((0, ty))));
            }
        }
        definitions.insert(name.clone(), lower(definition));
    }
    let root: RootSchema = serde_json::from_value(json!({ "definitions": definitions })).map_err(Error::Json)?;
    let mut space = TypeSpace::new(&settings);
    space.add_root_schema(root).map_err(|error| Error::Internal(format!("typify: {error}")))?;
    read_back(model, &space)
}

fn lower(definition: &Definition) -> Value {
    match &definition.kind {
        Kind::Object(object) => {
            let members: Vec<_> = object
                .properties
                .iter()
                .filter(|property| !matches!(property.ty.shape, Shape::Constant(_)))
                .map(|property| (property.name.as_str(), &property.ty))
                .collect();
            self::object(members.into_iter())
        }
        Kind::Enumeration(values) => {
            let values: Vec<_> = values.iter().map(|value| value.text.as_str()).collect();
            json!({ "type": "string", "enum": values })
        }
        Kind::Union(_) | Kind::Choice(_) | Kind::Other(_) => json!({}),
    }
}

/// A closed object whose properties carry their wire names as descriptions, which is how they are
/// recognised afterwards.
fn object<'m, N: ToString>(members: impl Iterator<Item = (N, &'m Type)>) -> Value {
    let mut properties = Map::new();
    for (name, ty) in members {
        let name = name.to_string();
        let mut schema = lower_type(ty);
        if schema.get("$ref").is_some() {
            // draft-07 ignores what stands beside `$ref`.
            schema = json!({ "allOf": [schema] });
        }
        if let Value::Object(keywords) = &mut schema {
            keywords.insert("description".to_owned(), Value::String(name.clone()));
        }
        properties.insert(name, schema);
    }
    let required: Vec<_> = properties.keys().cloned().collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn lower_type(ty: &Type) -> Value {
    let schema = match &ty.shape {
        Shape::Any | Shape::Constant(_) => json!({}),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Integer { unsigned: true } => json!({ "type": "integer", "format": "uint64" }),
        Shape::Integer { unsigned: false } => json!({ "type": "integer", "format": "int64" }),
        Shape::Number => json!({ "type": "number", "format": "double" }),
        Shape::String => json!({ "type": "string" }),
        Shape::List(item) => json!({ "type": "array", "items": lower_type(item) }),
        Shape::Map(value) if **value == Type::new(Shape::Any) => {
            json!({ "type": "object", "additionalProperties": true })
        }
        Shape::Map(value) => json!({ "type": "object", "additionalProperties": lower_type(value) }),
        Shape::Reference(name) => json!({ "$ref": format!("#/definitions/{name}") }),
    };
    if ty.nullable { json!({ "oneOf": [schema, { "type": "null" }] }) } else { schema }
}

fn inner_types(definition: &Definition) -> Box<dyn Iterator<Item = &Type> + '_> {
    match &definition.kind {
        Kind::Choice(alternatives) => Box::new(alternatives.iter().map(|alternative| &alternative.ty)),
        Kind::Other(ty) => Box::new(std::iter::once(ty)),
        Kind::Object(_) | Kind::Enumeration(_) | Kind::Union(_) => Box::new(std::iter::empty()),
    }
}

fn carrier(name: &str) -> String {
    format!("{name}CarrierOfInnerTypes")
}

fn read_back(model: &Model, space: &TypeSpace) -> Result<Skeleton, Error> {
    let made: BTreeMap<String, _> = space.iter_types().map(|ty| (ty.name(), ty)).collect();
    let mut skeleton = Skeleton::default();
    for (name, definition) in &model.definitions {
        let pascal = crate::names::pascal(name);
        let mut bones =
            Bones { ident: ident(&pascal)?, fields: BTreeMap::new(), variants: Vec::new(), inner: Vec::new() };
        match &definition.kind {
            Kind::Object(object) => {
                bones.fields = fields(space, &made, &pascal)?;
                let wanted = object.properties.iter().filter(|property| !matches!(property.ty.shape, Shape::Constant(_)));
                let wanted: Vec<_> = wanted.map(|property| property.name.clone()).collect();
                if wanted.len() != bones.fields.len() || !wanted.iter().all(|name| bones.fields.contains_key(name)) {
                    return Err(Error::Internal(format!("typify changed the fields of `{name}`")));
                }
                if let crate::model::Rest::Typed(_) = object.rest {
                    bones.inner = inner(space, &made, name)?;
                }
            }
            Kind::Enumeration(values) => {
                let Some(TypeDetails::Enum(details)) = made.get(&pascal).map(typify::Type::details) else {
                    return Err(Error::Internal(format!("typify did not make an enum of `{name}`")));
                };
                bones.variants =
                    details.variants_info().map(|variant| ident(variant.name)).collect::<Result<_, _>>()?;
                if bones.variants.len() != values.len() {
                    return Err(Error::Internal(format!("typify changed the values of `{name}`")));
                }
            }
            Kind::Union(_) | Kind::Choice(_) | Kind::Other(_) => bones.inner = inner(space, &made, name)?,
        }
        skeleton.types.insert(name.clone(), bones);
    }
    Ok(skeleton)
}

type Made<'s> = BTreeMap<String, typify::Type<'s>>;

fn fields(space: &TypeSpace, made: &Made<'_>, pascal: &str) -> Result<BTreeMap<String, Field>, Error> {
    let Some(TypeDetails::Struct(details)) = made.get(pascal).map(typify::Type::details) else {
        return Err(Error::Internal(format!("typify did not make a struct of `{pascal}`")));
    };
    let mut fields = BTreeMap::new();
    for property in details.properties_info() {
        let ty = space
            .get_type(&property.type_id)
            .map_err(|error| Error::Internal(format!("typify lost a type of `{pascal}`: {error}")))?;
        let name = property.description.unwrap_or(property.name).to_owned();
        fields.insert(name, Field { ident: ident(property.name)?, ty: ty.ident() });
    }
    Ok(fields)
}

fn inner(space: &TypeSpace, made: &Made<'_>, name: &str) -> Result<Vec<TokenStream>, Error> {
    let mut fields: Vec<_> = fields(space, made, &crate::names::pascal(&carrier(name)))?.into_iter().collect();
    fields.sort_by_key(|(index, _)| index.parse::<usize>().unwrap_or(usize::MAX));
    Ok(fields.into_iter().map(|(_, field)| field.ty).collect())
}

fn ident(name: &str) -> Result<Ident, Error> {
    match syn::parse_str::<Ident>(name) {
        Ok(_) => Ok(Ident::new(name, Span::call_site())),
        Err(_) => Err(Error::Internal(format!("`{name}` is not an identifier"))),
    }
}
