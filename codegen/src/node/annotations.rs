//! Keywords that describe and do not constrain.

/// Whether a keyword describes and does not constrain. JSON Schema sets names with `x-` aside for
/// whoever needs some, under the condition that validation does not depend on them.
pub(crate) fn is_annotation(keyword: &str) -> bool {
    keyword.starts_with("x-")
        || [&ANNOTATIONS[..], &EDITORS, &OPEN_API].iter().any(|names| names.contains(&keyword))
}

const ANNOTATIONS: [&str; 14] = [
    "$schema",
    "$id",
    "$anchor",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "format",
    "contentEncoding",
    "contentMediaType",
];

/// What editors of JSON want to know beside.
const EDITORS: [&str; 9] = [
    "allowComments",
    "allowTrailingCommas",
    "defaultSnippets",
    "deprecationMessage",
    "enumDescriptions",
    "errorMessage",
    "markdownDescription",
    "markdownEnumDescriptions",
    "suggestSortText",
];

/// What OpenAPI 3.1 adds to the vocabulary. `discriminator` does not change what is valid; the tag that
/// it names is found without it.
const OPEN_API: [&str; 4] = ["discriminator", "example", "externalDocs", "xml"];
