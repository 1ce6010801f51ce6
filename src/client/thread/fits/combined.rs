//! What schemas say by other schemas about the same value.

use super::Checker;
use super::pieces::{list, object};
use super::verdict::{All, Fit, Misfit, Seen, Unfit, misfit};
use serde_json::{Map, Value};

/// The characters of what is said about alternatives.
const WORDS: usize = 500;

impl<'s> Checker<'s> {
    pub(super) fn combined<'v>(
        &self,
        schema: &'s Map<String, Value>,
        value: &'v Value,
        depth: usize,
        all: &mut All<'v>,
    ) -> Result<(), Unfit> {
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            let target = schema.get(keyword).map(|reference| self.resolve(reference));
            all.and(target.map_or(Ok(Seen::default()), |target| self.fits(target?, value, depth)))?;
        }
        for branch in list(schema, "allOf", all)? {
            all.and(self.fits(branch, value, depth))?;
        }
        if schema.contains_key("anyOf") {
            let branches = list(schema, "anyOf", all)?;
            all.and(self.alternatives(branches, value, depth).and_then(|(_, fit)| fit))?;
        }
        if schema.contains_key("oneOf") {
            let branches = list(schema, "oneOf", all)?;
            all.and(match self.alternatives(branches, value, depth) {
                Ok((how_many, _)) if how_many > 1 => {
                    misfit(format!("fits {how_many} alternatives, of which it may fit one"))
                }
                fit => fit.and_then(|(_, fit)| fit),
            })?;
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
            for keyword in ["dependentSchemas", "dependencies"] {
                for (name, dependent) in object(schema, keyword, all)?.into_iter().flatten() {
                    if members.contains_key(name) && !dependent.is_array() {
                        all.and(self.fits(dependent, value, depth))?;
                    }
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

    /// How many of several schemas fit, one at least, and what they see.
    fn alternatives<'v>(
        &self,
        branches: &'s [Value],
        value: &'v Value,
        depth: usize,
    ) -> Result<(usize, Fit<'v>), Unfit> {
        let (mut all, mut how_many, mut misfits) = (All::default(), 0, Vec::new());
        for branch in branches {
            match self.fits(branch, value, depth) {
                Err(Unfit::Misfit(misfit)) => misfits.push(misfit),
                fit => {
                    how_many += usize::from(fit.is_ok());
                    all.and(fit)?;
                }
            }
        }
        if how_many == 0 && all.is_known() { misfit(none_fits(&misfits)) } else { Ok((how_many, all.end())) }
    }
}

fn none_fits(misfits: &[Misfit]) -> String {
    let why: Vec<_> = misfits.iter().map(ToString::to_string).collect();
    let why = why.join("; ");
    // Alternatives may have alternatives.
    let cut = why.char_indices().nth(WORDS).map_or(&*why, |(end, _)| why.get(..end).unwrap_or_default());
    format!("fits no alternative ({cut})")
}
