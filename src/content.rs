//! The text of content.

use agui_types::{Content, ContentPart};

/// All text of it, its parts joined by `separator`.
pub(crate) fn text(content: &Content, separator: &str) -> String {
    match content {
        Content::Text(text) => text.clone(),
        Content::Parts(parts) => {
            let texts = parts.iter().filter_map(|part| match part {
                ContentPart::Text(text) => Some(text.text.as_str()),
                _ => None,
            });
            texts.collect::<Vec<_>>().join(separator)
        }
        _ => String::new(),
    }
}
