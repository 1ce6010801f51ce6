//! JSON Pointers in errors, built on the way out of a failed decode so that success pays nothing.
//!
//! serde's error trait carries text only, so the pointer stands at the front of the message:
//! `/messages/3/content: invalid type: …`. There it has the form for URIs (RFC 6901, section 6), in which
//! spaces are `%20`, so that the first `: ` ends it whatever the members are called. serde_json keeps line
//! and column through this, because it parses them back out of the text.

use serde::de;
use std::fmt::{Display, Write};

/// `/segment`, escaped as RFC 6901 wants.
pub(super) fn segment(raw: impl Display) -> String {
    let mut text = raw.to_string();
    if text.contains(['~', '/']) {
        text = text.replace('~', "~0").replace('/', "~1");
    }
    text.insert(0, '/');
    text
}

/// The same error, one level further out.
#[cold]
pub(super) fn at<E: de::Error>(raw: impl Display, error: E) -> E {
    let mut message = segment(raw);
    if message.contains(['%', ' ']) {
        message = message.replace('%', "%25").replace(' ', "%20");
    }
    let inner = error.to_string();
    let separator = if inner.starts_with('/') { "" } else { ": " };
    // Writing to a String cannot fail.
    let _ = write!(message, "{separator}{inner}");
    E::custom(message)
}

/// The pointer in front of a message, and the message; no pointer means the document itself.
pub(super) fn split(message: &str) -> (String, &str) {
    match message.split_once(": ") {
        Some((pointer, rest)) if pointer.starts_with('/') && !pointer.contains(' ') => {
            (pointer.replace("%20", " ").replace("%25", "%"), rest)
        }
        _ => (String::new(), message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::Error;

    #[test]
    fn segments_accumulate_outwards_and_are_escaped() {
        let inner = serde_json::Error::custom("bad");
        let error = at("messages", at(3, at("a/b~c", inner)));
        assert_eq!(error.to_string(), "/messages/3/a~1b~0c: bad");
        assert_eq!(split(&error.to_string()), ("/messages/3/a~1b~0c".to_owned(), "bad"));
    }

    #[test]
    fn the_pointer_ends_where_it_ends_whatever_members_are_called() {
        for name in ["a: b", "%20", "100 % ", "x at line 1 column 2", ": "] {
            let error = at(name, serde_json::Error::custom("bad: worse")).to_string();
            assert_eq!(split(&error), (format!("/{name}"), "bad: worse"));
        }
        assert_eq!(split("bad: worse"), (String::new(), "bad: worse"));
    }

    #[test]
    fn line_and_column_survive() {
        let inner = serde_json::from_str::<u8>("\n true").unwrap_err();
        let error = at("x", inner);
        assert_eq!((error.line(), error.column()), (2, 5));
    }
}
