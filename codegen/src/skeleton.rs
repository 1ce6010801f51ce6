//! Third pass: typify supplies the skeletons. The model is lowered to the subset of draft-07 that
//! typify handles faithfully, and the names, identifiers and types that it chose are read back.
//!
//! What typify cannot express is kept away from it: unions are opaque names, constants are left out,
//! everything is required (absence is our own business), rules are dropped. Names go in as identifiers
//! that do not clash (see `clashes`), because it panics on some that do. In return nothing of its output
//! but names and types is used, and a type or field that it drops or invents is an error.

use crate::error::Error;
use crate::model::{Definition, Enumeration, Kind, Model, Shape, Type};
use crate::names::{pascal, snake};
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
    let carrier = carrier(model);
    let mut definitions = Map::new();
    for (position, (name, definition)) in model.definitions.iter().enumerate() {
        let ident = pascal(name);
        if !matches!(definition.kind, Kind::Object(_) | Kind::Enumeration(_)) {
            settings.with_replacement(&ident, &ident, std::iter::empty());
        }
        // The types inside an opaque definition are read off a struct made for that.
        let inner: Vec<_> = inner_types(definition).collect();
        if !inner.is_empty() {
            let members = inner.into_iter().enumerate().map(|(index, ty)| (format!("x{index}"), ty));
            definitions.insert(format!("{carrier}{position}"), object(members));
        }
        definitions.insert(ident, lower(definition));
    }
    let root: RootSchema =
        serde_json::from_value(json!({ "definitions": definitions })).map_err(Error::Json)?;
    let mut space = TypeSpace::new(&settings);
    space.add_root_schema(root).map_err(|error| Error::Internal(format!("typify: {error}")))?;
    read_back(model, &space, &carrier)
}

fn lower(definition: &Definition) -> Value {
    match &definition.kind {
        Kind::Object(object) => {
            let members = object.properties.iter().filter(|property| !property.is_constant());
            self::object(members.map(|property| (snake(&property.name), &property.ty)))
        }
        Kind::Enumeration(Enumeration { values, .. }) => {
            let values: Vec<_> = values.iter().map(|value| pascal(&value.text)).collect();
            json!({ "type": "string", "enum": values })
        }
        Kind::Union(_) | Kind::Choice(_) | Kind::Other(_) => json!({}),
    }
}

/// A closed object that requires all of its members.
fn object<'m>(members: impl Iterator<Item = (String, &'m Type)>) -> Value {
    let properties: Map<_, _> = members.map(|(ident, ty)| (ident, lower_type(ty))).collect();
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
        Shape::Reference(name) => json!({ "$ref": format!("#/definitions/{}", pascal(name)) }),
    };
    if ty.nullable { json!({ "oneOf": [schema, { "type": "null" }] }) } else { schema }
}

fn inner_types(definition: &Definition) -> Box<dyn Iterator<Item = &Type> + '_> {
    match &definition.kind {
        Kind::Choice(alternatives) => Box::new(alternatives.iter().map(|alternative| &alternative.ty)),
        Kind::Other(ty) => Box::new(std::iter::once(ty)),
        Kind::Object(object) => Box::new(object.typed_rest().into_iter()),
        Kind::Enumeration(_) | Kind::Union(_) => Box::new(std::iter::empty()),
    }
}

/// A name that no definition's begins with.
fn carrier(model: &Model) -> String {
    let mut carrier = "Carrier".to_owned();
    while model.definitions.keys().any(|name| pascal(name).starts_with(&carrier)) {
        carrier.push_str("OfTypes");
    }
    carrier
}

fn read_back(model: &Model, space: &TypeSpace, carrier: &str) -> Result<Skeleton, Error> {
    let made: BTreeMap<String, _> = space.iter_types().map(|ty| (ty.name(), ty)).collect();
    let mut skeleton = Skeleton::default();
    for (position, (name, definition)) in model.definitions.iter().enumerate() {
        let pascal = pascal(name);
        let mut bones = Bones {
            ident: ident(&pascal)?,
            fields: BTreeMap::new(),
            variants: Vec::new(),
            inner: Vec::new(),
        };
        match &definition.kind {
            Kind::Object(object) => {
                let mut made = fields(space, &made, &pascal)?;
                for property in object.properties.iter().filter(|property| !property.is_constant()) {
                    if let Some(field) = made.remove(&snake(&property.name)) {
                        bones.fields.insert(property.name.clone(), field);
                    } else {
                        return Err(Error::Internal(format!("typify dropped a field of `{name}`")));
                    }
                }
                if !made.is_empty() {
                    return Err(Error::Internal(format!("typify invented a field of `{name}`")));
                }
            }
            Kind::Enumeration(Enumeration { values, .. }) => {
                let Some(TypeDetails::Enum(details)) = made.get(&pascal).map(typify::Type::details) else {
                    return Err(Error::Internal(format!("typify did not make an enum of `{name}`")));
                };
                bones.variants =
                    details.variants_info().map(|variant| ident(variant.name)).collect::<Result<_, _>>()?;
                if bones.variants.len() != values.len() {
                    return Err(Error::Internal(format!("typify changed the values of `{name}`")));
                }
            }
            Kind::Union(_) | Kind::Choice(_) | Kind::Other(_) => {}
        }
        if inner_types(definition).next().is_some() {
            let mut carried = fields(space, &made, &format!("{carrier}{position}"))?;
            let in_order = (0..carried.len()).filter_map(|index| carried.remove(&format!("x{index}")));
            bones.inner = in_order.map(|field| field.ty).collect();
        }
        skeleton.types.insert(name.clone(), bones);
    }
    Ok(skeleton)
}

type Made<'s> = BTreeMap<String, typify::Type<'s>>;

/// The fields of a struct, by their names in Rust.
fn fields(space: &TypeSpace, made: &Made<'_>, pascal: &str) -> Result<BTreeMap<String, Field>, Error> {
    let Some(TypeDetails::Struct(details)) = made.get(pascal).map(typify::Type::details) else {
        return Err(Error::Internal(format!("typify did not make a struct of `{pascal}`")));
    };
    let mut fields = BTreeMap::new();
    for property in details.properties_info() {
        let ty = space
            .get_type(&property.type_id)
            .map_err(|error| Error::Internal(format!("typify lost a type of `{pascal}`: {error}")))?;
        fields.insert(property.name.to_owned(), Field { ident: ident(property.name)?, ty: ty.ident() });
    }
    Ok(fields)
}

fn ident(name: &str) -> Result<Ident, Error> {
    match syn::parse_str::<Ident>(name) {
        Ok(_) => Ok(Ident::new(name, Span::call_site())),
        Err(_) => Err(Error::Internal(format!("`{name}` is not an identifier"))),
    }
}
