//! What schemas say of the members of objects and the elements of lists.

use super::Checker;
use super::combined::schemas;
use super::values::{count, spelled};
use super::verdict::{All, Seen, Unfit, misfit, told, unusable};
use serde_json::{Map, Value};
use std::collections::HashSet;

type Members = Map<String, Value>;

impl<'s> Checker<'s> {
    pub(super) fn members<'v>(
        &self,
        schema: &'s Members,
        members: &'v Members,
        depth: usize,
        all: &mut All<'v>,
    ) -> Result<(), Unfit> {
        let required = list(schema, "required", all)?;
        all.and(present(required, members))?;
        for (name, required) in object(schema, "dependentRequired", all)?.into_iter().flatten() {
            match required {
                Value::Array(required) if members.contains_key(name) => {
                    all.and(present(required, members))?
                }
                Value::Array(_) => {}
                other => all.and(unusable(format_args!("{other} is no list of names")))?,
            }
        }
        if let Some(names) = schema.get("propertyNames") {
            for name in members.keys() {
                // It is the name that does not fit, wherever in it.
                let fit = self.fits(names, &Value::from(&**name), depth).map(|_| Seen::default());
                all.and(fit.map_err(|unfit| named(unfit, name)))?;
            }
        }
        let described = object(schema, "properties", all)?;
        let patterns = object(schema, "patternProperties", all)?;
        for (name, value) in members {
            let mut known = false;
            if let Some(schema) = described.and_then(|described| described.get(name)) {
                known = true;
                all.and_part(name, self.fits(schema, value, depth))?;
            }
            for (pattern, schema) in patterns.into_iter().flatten() {
                // Ends this when there is nothing left to spend.
                self.spend(1)?;
                match self.matches(pattern, name) {
                    Ok(true) => {
                        known = true;
                        all.and_part(name, self.fits(schema, value, depth))?;
                    }
                    Ok(false) => {}
                    Err(unfit) => {
                        // It may be one of these.
                        known = true;
                        all.and(Err(unfit))?;
                    }
                }
            }
            if let (false, Some(others)) = (known, schema.get("additionalProperties")) {
                known = true;
                self.other(others, name, value, depth, all)?;
            }
            if known {
                all.seen.members.insert(name);
            }
        }
        if let Some(others) = all.rest(schema.get("unevaluatedProperties")) {
            for (name, value) in members {
                if all.seen.members.insert(name) {
                    self.other(others, name, value, depth, all)?;
                }
            }
        }
        Ok(())
    }

    /// A member that nothing else is said of.
    fn other<'v>(
        &self,
        schema: &'s Value,
        name: &str,
        value: &'v Value,
        depth: usize,
        all: &mut All<'v>,
    ) -> Result<(), Unfit> {
        match schema {
            Value::Bool(false) => all.and(misfit(format_args!("`{name}` is not expected"))),
            schema => all.and_part(name, self.fits(schema, value, depth)),
        }
    }

    pub(super) fn elements<'v>(
        &self,
        schema: &'s Members,
        elements: &'v [Value],
        depth: usize,
        all: &mut All<'v>,
    ) -> Result<(), Unfit> {
        let (first, rest) = (schemas(schema, "prefixItems", all)?, schema.get("items"));
        for (index, element) in elements.iter().enumerate() {
            if let Some(schema) = first.get(index).or(rest) {
                all.seen.elements.insert(index);
                all.and_part(index, self.fits(schema, element, depth))?;
            }
        }
        if let Some(contained) = schema.get("contains") {
            self.contained(schema, contained, elements, depth, all)?;
        }
        match schema.get("uniqueItems") {
            Some(Value::Bool(true)) => {
                let mut known = HashSet::new();
                if !elements.iter().all(|element| known.insert(spelled(element))) {
                    return misfit("has an element twice");
                }
            }
            Some(Value::Bool(false)) | None => {}
            Some(other) => all.and(unusable(format_args!("`uniqueItems` is {other}")))?,
        }
        if let Some(others) = all.rest(schema.get("unevaluatedItems")) {
            for (index, element) in elements.iter().enumerate() {
                if all.seen.elements.insert(index) {
                    all.and_part(index, self.fits(others, element, depth))?;
                }
            }
        }
        Ok(())
    }

    fn contained<'v>(
        &self,
        schema: &'s Members,
        contained: &'s Value,
        elements: &'v [Value],
        depth: usize,
        all: &mut All<'v>,
    ) -> Result<(), Unfit> {
        let (mut fitting, mut unknown) = (0, None);
        for (index, element) in elements.iter().enumerate() {
            match self.fits(contained, element, depth) {
                Ok(_) => {
                    fitting += 1;
                    all.seen.elements.insert(index);
                }
                Err(Unfit::Misfit(_)) => {}
                Err(Unfit::Unusable(why)) => unknown = Some(why),
            }
        }
        let least = count(schema, "minContains").map(|least| least.unwrap_or(1));
        let most = count(schema, "maxContains").map(|most| most.unwrap_or(usize::MAX));
        let (least, most) = match (unknown, least, most) {
            (Some(why), ..) => return all.and(unusable(why)),
            (None, Ok(least), Ok(most)) => (least, most),
            (None, Err(why), _) | (None, _, Err(why)) => return all.and(Err(why)),
        };
        if fitting < least {
            return misfit(format_args!("has {fitting} elements of a kind of which it needs {least}"));
        }
        if fitting > most {
            return misfit(format_args!("has {fitting} elements of a kind of which it may have {most}"));
        }
        Ok(())
    }
}

fn present<'v>(required: &[Value], members: &Members) -> Result<Seen<'v>, Unfit> {
    let mut names = required.iter().filter_map(Value::as_str);
    match names.find(|name| !members.contains_key(*name)) {
        Some(name) => misfit(format_args!("`{name}` is missing")),
        None if required.iter().all(Value::is_string) => Ok(Seen::default()),
        None => unusable("a name that is required is no text"),
    }
}

fn named(unfit: Unfit, name: &str) -> Unfit {
    match unfit {
        Unfit::Misfit(mut misfit) => {
            misfit.message = told(format_args!("the name `{name}` does not fit: {}", misfit.message));
            misfit.pointer.clear();
            Unfit::Misfit(misfit)
        }
        unusable => unusable,
    }
}

/// A keyword whose value is a list; empty if it is not there.
pub(super) fn list<'s>(schema: &'s Members, keyword: &str, all: &mut All<'_>) -> Result<&'s [Value], Unfit> {
    match schema.get(keyword) {
        None => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        Some(_) => all.and(unusable(format_args!("`{keyword}` is no list"))).map(|()| [].as_slice()),
    }
}

/// A keyword whose value has names.
pub(super) fn object<'s>(
    schema: &'s Members,
    keyword: &str,
    all: &mut All<'_>,
) -> Result<Option<&'s Members>, Unfit> {
    match schema.get(keyword) {
        None => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => all.and(unusable(format_args!("`{keyword}` is no object"))).map(|()| None),
    }
}
