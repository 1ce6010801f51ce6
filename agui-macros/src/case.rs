//! `rename_all`, by the names that serde has for it.

use crate::errors::Errors;
use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase};
use syn::LitStr;

/// A way to write names.
pub(crate) type Case = fn(&str) -> String;

const CASES: &[(&str, Case)] = &[
    ("lowercase", |name| name.to_lowercase()),
    ("UPPERCASE", |name| name.to_uppercase()),
    ("PascalCase", |name| name.to_pascal_case()),
    ("camelCase", |name| name.to_lower_camel_case()),
    ("snake_case", |name| name.to_snake_case()),
    ("SCREAMING_SNAKE_CASE", |name| name.to_shouty_snake_case()),
    ("kebab-case", |name| name.to_kebab_case()),
    ("SCREAMING-KEBAB-CASE", |name| name.to_shouty_kebab_case()),
];

/// The way that was asked for; an unknown one is an error with the nearest that there is.
pub(crate) fn case(written: &LitStr, errors: &Errors) -> Option<Case> {
    let text = written.value();
    let found = CASES.iter().find(|(name, _)| *name == text).map(|(_, case)| *case);
    if found.is_none() {
        let nearest = CASES
            .iter()
            .map(|(name, _)| (strsim::jaro_winkler(&plain(&text), &plain(name)), name))
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .filter(|(similarity, _)| *similarity > 0.7);
        match nearest {
            Some((_, nearest)) => {
                errors.at(written, format!("unknown case `{text}`, did you mean `{nearest}`?"))
            }
            None => {
                let names: Vec<_> = CASES.iter().map(|(name, _)| *name).collect();
                errors
                    .at(written, format!("unknown case `{text}`, expected one of `{}`", names.join("`, `")));
            }
        }
    }
    found
}

fn plain(name: &str) -> String {
    name.replace(['_', '-'], "").to_lowercase()
}
