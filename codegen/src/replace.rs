//! Which definitions are types that exist already.

use crate::diff::Structure;
use crate::error::{Error, Problem};
use crate::model::Model;
use crate::settings::Settings;
use std::collections::BTreeMap;

/// Definition and path of the type that stands for it.
pub(crate) type Replaced = BTreeMap<String, String>;

/// The definitions that are not generated.
pub(crate) fn replaced(model: &Model, settings: &Settings) -> Result<Replaced, Error> {
    let mut replaced = Replaced::new();
    for (schema, module) in &settings.reused {
        let reused = crate::model(schema)?;
        let structure = Structure { old: &reused, new: model };
        for name in model.definitions.keys().filter(|name| structure.same(name)) {
            replaced.insert(name.clone(), format!("{module}::{}", crate::names::pascal(name)));
        }
    }
    let unknown = settings.replacements.keys().filter(|name| model.get(name).is_none());
    let problems: Vec<_> = unknown
        .map(|name| {
            Problem::new(
                "",
                (
                    format!("there is no definition `{name}` to be replaced"),
                    "correct the name in the settings",
                ),
            )
        })
        .collect();
    if !problems.is_empty() {
        return Err(Error::Schema(problems));
    }
    replaced.extend(settings.replacements.clone());
    Ok(replaced)
}
