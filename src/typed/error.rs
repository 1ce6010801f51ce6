//! What arrived under a known name and does not fit.

use serde_path_to_error::{Path, Segment};
use std::fmt;

/// An event or message of a known kind, whose payload does not fit its type.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use agui::{CustomEvent, Event, ReadCustom};
///
/// #[derive(Debug, serde::Deserialize, CustomEvent)]
/// #[custom_event(name = "shop.order")]
/// struct Order {
///     prices: Vec<u32>,
/// }
///
/// let event = CustomEvent::new("shop.order", serde_json::json!({ "prices": [1, "two"] }));
/// let error = event.custom::<Order>().unwrap().unwrap_err();
/// assert_eq!((error.name(), error.pointer()), ("shop.order", "/value/prices/1"));
/// assert_eq!(
///     error.to_string(),
///     "the custom event `shop.order` is malformed at `/value/prices/1`: \
///      invalid type: string \"two\", expected u32",
/// );
/// # }
/// ```
pub struct PayloadError {
    what: &'static str,
    name: String,
    pointer: String,
    source: serde_json::Error,
}

impl PayloadError {
    /// The name of the custom event, or the type of the activity.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The JSON Pointer of the culprit in the event or message.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// `within`: the member that holds the payload. `skip`: how many segments of the path are ours.
    pub(super) fn new(
        what: &'static str,
        name: &str,
        within: &str,
        skip: usize,
        error: serde_path_to_error::Error<serde_json::Error>,
    ) -> Self {
        let pointer = format!("/{within}{}", pointer(skip, error.path()));
        Self { what, name: name.to_owned(), pointer, source: error.into_inner() }
    }
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, name, pointer, source } = self;
        write!(f, "the {what} `{name}` is malformed at `{pointer}`: {source}")
    }
}

/// As [`Display`](fmt::Display): a report of `unwrap` is read by people.
impl fmt::Debug for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// The reason is part of the message, so it is no source as well.
impl std::error::Error for PayloadError {}

/// A path as a JSON Pointer; `skip`: how many segments are left out.
pub(crate) fn pointer(skip: usize, path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter().skip(skip) {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.push('/');
                pointer.push_str(&super::patch::escaped(key));
            }
            // What comes after it cannot be told either.
            Segment::Unknown => break,
        }
    }
    pointer
}
