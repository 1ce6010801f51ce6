//! The parameters of a tool's function: arguments, the context, the object.

use super::parse::Parameter;
use super::types::{is_inferred, unreadable};
use crate::errors::Errors;
use quote::ToTokens;
use syn::{Attribute, FnArg, Pat, PatType, Signature, Type};

pub(super) fn parameters(signature: &Signature, errors: &Errors) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    // A lifetime that is declared has been reported where it is.
    let lifetimes = signature.generics.lifetimes().next().is_some();
    for input in &signature.inputs {
        let Some(parameter) = parameter(input, lifetimes, errors) else { continue };
        let twice = |other: &Parameter| match (other, &parameter) {
            (Parameter::Argument { ident: a, .. }, Parameter::Argument { ident: b, .. }) => a == b,
            _ => false,
        };
        if parameters.iter().any(twice) {
            errors.told("a tool has one argument of a name");
        } else {
            parameters.push(parameter);
        }
    }
    parameters
}

/// Whether a parameter is the context: of which kind, and whether by reference.
pub(super) fn context(input: &PatType, errors: &Errors) -> Option<(bool, bool)> {
    let (ty, reference) = match &*input.ty {
        Type::Reference(reference) => (&*reference.elem, Some(reference)),
        ty => (ty, None),
    };
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.arguments.is_none())?;
    let run = match last.ident.to_string().as_str() {
        "ToolContext" => false,
        "RunContext" => true,
        _ => return None,
    };
    if let Some(mutability) = reference.and_then(|reference| reference.mutability) {
        errors.at(mutability, "the context is shared: take it by value or by `&`");
    }
    Some((run, reference.is_some()))
}

/// Attributes of an argument that belong to the field made of it.
pub(super) fn is_for_argument(attribute: &Attribute) -> bool {
    ["doc", "serde", "schemars"].iter().any(|name| attribute.path().is_ident(name))
}

fn parameter(input: &FnArg, lifetimes: bool, errors: &Errors) -> Option<Parameter> {
    let input = match input {
        FnArg::Receiver(receiver) => {
            let shared = matches!(receiver.kind, syn::ReceiverKind::Reference(_, _, None));
            if !shared {
                errors.at(
                    receiver,
                    "a tool's object is shared by calls that run side by side: take `&self`, and keep what changes behind a lock",
                );
            }
            return Some(Parameter::Object);
        }
        FnArg::Typed(input) => input,
    };
    if let Some((run, reference)) = context(input, errors) {
        return Some(Parameter::Context { run, reference });
    }
    let Pat::Ident(pattern) = &*input.pat else {
        errors.at(&input.pat, "an argument needs a name, which is what a model calls it by");
        return None;
    };
    if let Some(reference) = &pattern.by_ref {
        errors.at(reference, "an argument belongs to the call: take it by value");
    }
    if let Some((_, subpattern)) = &pattern.subpat {
        errors.at(subpattern, "an argument needs a name, not a pattern");
    }
    for attribute in &input.attrs {
        if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
            errors.at(attribute, "an argument cannot be conditional: make the whole tool so");
        }
    }
    if is_inferred(input.ty.to_token_stream()) {
        errors.told("an argument needs a type that is written out");
        return None;
    }
    if let Some(message) = unreadable(&input.ty, "arguments come out of JSON and belong to the call") {
        if !lifetimes {
            errors.at(&input.ty, message);
        }
        return None;
    }
    let attributes = input.attrs.iter().filter(|attribute| is_for_argument(attribute)).cloned().collect();
    Some(Parameter::Argument { attributes, ident: pattern.ident.clone(), ty: input.ty.clone() })
}
