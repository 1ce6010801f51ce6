//! What schemas say by other schemas about the same value.

use super::Checker;
use super::pieces::{list, object};
use super::verdict::{All, Fit, Misfit, Seen, Unfit, misfit, unusable};
use serde_json::{Map, Value};

/// The alternatives of which it is told why they do not fit.
const TOLD: usize = 8;

impl<'s> Checker<'s> {
    pub(super) fn combined<'v>(
        &self,
        schema: &'s Map<String, Value>,
        value: &'v Value,
        depth: usize,
        all: &mut All<'v>,
    ) -> Result<(), Unfit> {
        for keyword in ["$recursiveRef", "dependencies"] {
            if schema.contains_key(keyword) {
                all.and(unusable(format_args!("`{keyword}` is not of JSON Schema 2020-12")))?;
            }
        }
        for keyword in ["$ref", "$dynamicRef"] {
            let target = schema.get(keyword).map(|reference| self.resolve(reference));
            all.and(target.map_or(Ok(Seen::default()), |target| self.fits(target?, value, depth)))?;
        }
        for branch in schemas(schema, "allOf", all)? {
            all.and(self.fits(branch, value, depth))?;
        }
        for (keyword, most) in [("anyOf", usize::MAX), ("oneOf", 1)] {
            let branches = schemas(schema, keyword, all)?;
            if !branches.is_empty() {
                all.and(self.alternatives(branches, most, value, depth))?;
            }
        }
        if let Some(excluded) = schema.get("not") {
            all.and(match self.fits(excluded, value, depth) {
                Ok(_) => misfit("is what is excluded"),
                Err(Unfit::Misfit(_)) => Ok(Seen::default()),
                Err(unusable) => Err(unusable),
            })?;
        }
        if let Some(condition) = schema.get("if") {
            all.and(self.conditional(schema, condition, value, depth))?;
        }
        if let Value::Object(members) = value {
            for (name, dependent) in object(schema, "dependentSchemas", all)?.into_iter().flatten() {
                if members.contains_key(name) {
                    all.and(self.fits(dependent, value, depth))?;
                }
            }
        }
        Ok(())
    }

    fn conditional<'v>(
        &self,
        schema: &'s Map<String, Value>,
        condition: &'s Value,
        value: &'v Value,
        depth: usize,
    ) -> Fit<'v> {
        let mut all = All::default();
        let then = match self.fits(condition, value, depth) {
            Ok(seen) => {
                all.and(Ok(seen))?;
                "then"
            }
            Err(Unfit::Misfit(_)) => "else",
            Err(unusable) => return Err(unusable),
        };
        if let Some(then) = schema.get(then) {
            all.and(self.fits(then, value, depth))?;
        }
        all.end()
    }

    /// Of several schemas, one fits at least, and so many at most.
    fn alternatives<'v>(
        &self,
        branches: &'s [Value],
        most: usize,
        value: &'v Value,
        depth: usize,
    ) -> Fit<'v> {
        let (mut all, mut fitting, mut misfits) = (All::default(), 0, Vec::new());
        for branch in branches {
            match self.fits(branch, value, depth) {
                Err(Unfit::Misfit(misfit)) => {
                    if misfits.len() < TOLD {
                        misfits.push(misfit);
                    }
                }
                fit => {
                    fitting += usize::from(fit.is_ok());
                    all.and(fit)?;
                }
            }
        }
        if fitting > most {
            return misfit(format_args!("fits {fitting} alternatives, of which it may fit one"));
        }
        if fitting == 0 && all.is_known() {
            let why = misfits.iter().map(Misfit::to_string).collect::<Vec<_>>().join("; ");
            return misfit(format_args!("fits no alternative ({why})"));
        }
        // One is enough, whatever is unknown of the others.
        if fitting > 0 && most > 1 { Ok(all.at_least()) } else { all.end() }
    }
}

/// A keyword with schemas, one at least; empty if it is not there.
pub(super) fn schemas<'s>(
    schema: &'s Map<String, Value>,
    keyword: &str,
    all: &mut All<'_>,
) -> Result<&'s [Value], Unfit> {
    let schemas = list(schema, keyword, all)?;
    if schemas.is_empty() && schema.get(keyword).is_some_and(Value::is_array) {
        all.and(unusable(format_args!("`{keyword}` is empty")))?;
    }
    Ok(schemas)
}
