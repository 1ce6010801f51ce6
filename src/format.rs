//! How the events of a run are written, and what an `Accept` header has to say about that.

use crate::sse;

/// A way to write events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Server-Sent Events: what a [`Run`](crate::Run) is a stream of.
    #[default]
    Sse,
}

impl Format {
    /// All of them, the one that is preferred first (PB-3).
    const ALL: [Self; 1] = [Self::Sse];

    /// The format for a request with this `Accept` header. What admits none gets SSE all the same: it is what everybody
    /// reads, and consumers go by the content type of what they get (PB-3, PB-4).
    ///
    /// ```
    /// use agui::Format;
    ///
    /// let format = Format::for_accept(Some("text/event-stream, */*;q=0.1"));
    /// assert_eq!(format.media_type(), "text/event-stream");
    /// ```
    #[must_use]
    pub fn for_accept(accept: Option<&str>) -> Self {
        // Without a wish nobody is given what not everybody reads.
        let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else { return Self::Sse };
        Self::ALL.into_iter().find(|format| admits(accept, format.media_type())).unwrap_or_default()
    }

    /// What the response says of its body.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Sse => sse::MEDIA_TYPE,
        }
    }
}

/// Whether an `Accept` header admits a media type without parameters: the most specific range that covers it has a
/// weight above zero (RFC 9110, section 12.5.1). Ranges with parameters cover none, malformed ones neither.
pub(crate) fn admits(accept: &str, media_type: &str) -> bool {
    let verdict = elements(accept, ',').filter_map(|range| judge(range, media_type)).max();
    verdict.is_some_and(|(_, admitted)| admitted)
}

/// How specific a range is that covers the media type, and whether it admits it.
fn judge(range: &str, media_type: &str) -> Option<(u8, bool)> {
    let mut parts = elements(range, ';').map(str::trim);
    let (main, sub) = parts.next()?.split_once('/')?;
    let (own_main, own_sub) = media_type.split_once('/')?;
    let specificity = match (main, sub) {
        ("*", "*") => 0,
        (_, "*") if main.eq_ignore_ascii_case(own_main) => 1,
        _ if main.eq_ignore_ascii_case(own_main) && sub.eq_ignore_ascii_case(own_sub) => 2,
        _ => return None,
    };
    // Parameters behind the weight are none of the media type.
    let admitted = match parts.find(|part| !part.is_empty()) {
        None => true,
        Some(parameter) => {
            let (name, weight) = parameter.split_once('=')?;
            let weight = weight.trim().parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight));
            name.trim().eq_ignore_ascii_case("q").then_some(weight? > 0.0)?
        }
    };
    Some((specificity, admitted))
}

/// The elements of a list, whose separator means nothing inside of quotes.
fn elements(list: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    list.split(move |character| {
        let separates = character == separator && !quoted;
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = quoted;
        } else if character == '"' {
            quoted = !quoted;
        }
        separates
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROTOBUF: &str = "application/vnd.ag-ui.event+proto";

    /// `Accept`, and whether it admits SSE and protobuf. What is answered is SSE each time (PB-3).
    #[test]
    fn pb_3_what_an_accept_header_admits() {
        let table = [
            ("text/event-stream", true, false),
            ("Text/Event-Stream", true, false),
            (" text/event-stream ; q=0.5 ", true, false),
            (PROTOBUF, false, true),
            ("Application/VND.AG-UI.event+PROTO", false, true),
            ("application/vnd.ag-ui.event+proto;q=0.1, text/event-stream", true, true),
            ("application/vnd.ag-ui.event+proto;q=0", false, false),
            ("application/vnd.ag-ui.event+proto;q=0, */*", true, false),
            ("*/*, application/vnd.ag-ui.event+proto;q=0.000", true, false),
            ("*/*", true, true),
            ("application/*", false, true),
            ("application/*;q=0, */*", true, false),
            ("text/event-stream, */*;q=0.1", true, true),
            ("application/vnd.ag-ui.event+proto;v=1", false, false),
            ("application/vnd.ag-ui.event+proto;v=1;q=1, */*;q=0", false, false),
            ("text/event-stream;q=0, text/event-stream", true, false),
            ("text/event-stream;q=0, text/*", false, false),
            ("text/event-stream;Q=0", false, false),
            ("text/event-stream;q=0.5;x=1", true, false),
            ("text/event-stream;q=2", false, false),
            ("text/event-stream;q=NaN", false, false),
            ("text/event-stream;q", false, false),
            ("text/plain;a=\"x, */*;\\\" */*\", text/event-stream", true, false),
            ("application/json", false, false),
            ("text/html, image/*", false, false),
            ("*", false, false),
            (",;/,", false, false),
        ];
        for (accept, sse, protobuf) in table {
            assert_eq!(admits(accept, sse::MEDIA_TYPE), sse, "SSE by {accept}");
            assert_eq!(admits(accept, PROTOBUF), protobuf, "protobuf by {accept}");
            assert_eq!(Format::for_accept(Some(accept)), Format::Sse, "{accept}");
        }
        assert_eq!(Format::for_accept(None), Format::Sse);
        assert_eq!(Format::for_accept(Some("")), Format::Sse);
    }
}
