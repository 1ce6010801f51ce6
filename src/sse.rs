//! Server-Sent Events: the frames in which events travel.

use agui_types::Event;
use agui_types::runtime::{self, Encode, Violation};

/// The media type of the stream (SSE-3).
pub const MEDIA_TYPE: &str = "text/event-stream";

/// Appends one frame, `data: {json}` and an empty line, to a buffer that can be used again and again
/// (SSE-4, SSE-5).
///
/// ```
/// use agui::{RunErrorEvent, sse};
///
/// let mut buffer = Vec::new();
/// sse::encode(&RunErrorEvent::new("two\nlines").into(), &mut buffer)?;
/// assert_eq!(buffer, b"data: {\"type\":\"RUN_ERROR\",\"message\":\"two\\nlines\"}\n\n");
/// # Ok::<(), agui::codec::Violation>(())
/// ```
///
/// # Errors
///
/// When the event breaks its schema, such as a number out of bounds. The buffer is then as before.
pub fn encode(event: &Event, buffer: &mut Vec<u8>) -> Result<(), Violation> {
    encode_any(event, buffer)
}

pub(crate) fn encode_any<E: Encode>(event: &E, buffer: &mut Vec<u8>) -> Result<(), Violation> {
    let before = buffer.len();
    // JSON escapes line breaks inside strings, so one line is enough.
    buffer.extend_from_slice(b"data: ");
    runtime::encode(event, buffer).inspect_err(|_| buffer.truncate(before))?;
    buffer.extend_from_slice(b"\n\n");
    Ok(())
}
