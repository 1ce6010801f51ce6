//! From bytes to the data of Server-Sent Events, whatever pieces the bytes come in.

use memchr::memchr2;
use std::fmt;
use std::ops::Range;

/// How large one event may be if nothing else is said: 10 MiB.
pub const FRAME_LIMIT: usize = 10 * 1024 * 1024;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Takes the bytes of a response and gives the data of its events.
///
/// LF, CRLF and lone CR end lines (SSE-6), several `data` lines are joined by LF, other fields and comments are
/// skipped (SSE-7), and a byte order mark at the beginning as well. What is left when the bytes end counts as an
/// event, too ([`FrameReader::finish`]).
///
/// ```
/// use agui::client::FrameReader;
///
/// let mut frames = FrameReader::new();
/// frames.push(b": hello\r\n\r\ndata: {\"type\":");
/// assert_eq!(frames.next_frame(), Ok(None));
/// frames.push(b"\"RUN_ERROR\"}\n\n");
/// assert_eq!(frames.next_frame(), Ok(Some(&br#"{"type":"RUN_ERROR"}"#[..])));
/// ```
#[derive(Debug, Clone)]
pub struct FrameReader {
    buffer: Vec<u8>,
    /// What comes before is not needed any more.
    used: usize,
    /// Where the line begins that is being read.
    line: usize,
    /// How far it was searched for its end.
    searched: usize,
    /// The data of the event so far, if it has any.
    data: Option<Data>,
    /// Data that is no longer in the buffer, lines of it joined.
    joined: Vec<u8>,
    /// The last byte was a CR, so an LF that follows belongs to it.
    after_cr: bool,
    /// The beginning was not seen yet.
    at_start: bool,
    limit: usize,
}

/// Where the data of an event are.
#[derive(Debug, Clone)]
enum Data {
    /// One line, in the buffer.
    Line(Range<usize>),
    Joined,
}

/// An event that is larger than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameTooLarge {
    /// The limit, in bytes.
    pub limit: usize,
}

impl fmt::Display for FrameTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an event has more than {} bytes", self.limit)
    }
}

impl std::error::Error for FrameTooLarge {}

impl Default for FrameReader {
    fn default() -> Self {
        Self::with_limit(FRAME_LIMIT)
    }
}

impl FrameReader {
    /// A reader at the beginning of a stream, for events of up to [`FRAME_LIMIT`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A reader for events of up to that many bytes. No more than that is kept, beside what is pushed and not yet
    /// read.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            buffer: Vec::new(),
            used: 0,
            line: 0,
            searched: 0,
            data: None,
            joined: Vec::new(),
            after_cr: false,
            at_start: true,
            limit,
        }
    }

    /// Adds bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.used > 0 {
            self.buffer.drain(..self.used);
            self.line -= self.used;
            self.searched -= self.used;
            if let Some(Data::Line(range)) = &mut self.data {
                *range = range.start - self.used..range.end - self.used;
            }
            self.used = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The data of the next event; `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// When an event is too large. The stream cannot be read on then.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameTooLarge> {
        if self.skip_bom() {
            while let Some(line) = self.next_line()? {
                if let Some(data) = self.take(line) {
                    return Ok(self.get(&data));
                }
            }
        }
        Ok(None)
    }

    /// What is left at the end of the bytes: an event that no empty line ends. Call it when
    /// [`FrameReader::next_frame`] gives none any more.
    ///
    /// # Errors
    ///
    /// As [`FrameReader::next_frame`].
    pub fn finish(&mut self) -> Result<Option<&[u8]>, FrameTooLarge> {
        self.at_start = false;
        let rest = self.line..self.buffer.len();
        self.line = rest.end;
        self.searched = rest.end;
        if !rest.is_empty() {
            self.take(rest);
        }
        match self.data.take() {
            Some(data) => Ok(self.get(&data)),
            None => Ok(None),
        }
    }

    /// Whether it can be told if there is one.
    fn skip_bom(&mut self) -> bool {
        if self.at_start {
            if self.buffer.len() < BOM.len() && BOM.starts_with(&self.buffer) {
                return false;
            }
            self.at_start = false;
            if self.buffer.starts_with(BOM) {
                (self.line, self.searched) = (BOM.len(), BOM.len());
            }
        }
        true
    }

    fn next_line(&mut self) -> Result<Option<Range<usize>>, FrameTooLarge> {
        if self.after_cr {
            match self.buffer.get(self.line) {
                Some(b'\n') => {
                    self.line += 1;
                    self.searched = self.searched.max(self.line);
                }
                Some(_) => {}
                None => {
                    self.forget();
                    return Ok(None);
                }
            }
            self.after_cr = false;
        }
        let unread = self.buffer.get(self.searched..).unwrap_or_default();
        let Some(length) = memchr2(b'\n', b'\r', unread) else {
            self.searched = self.buffer.len();
            self.within_limit(self.searched - self.line)?;
            self.forget();
            return Ok(None);
        };
        let end = self.searched + length;
        self.within_limit(end - self.line)?;
        self.after_cr = self.buffer.get(end) == Some(&b'\r');
        let line = self.line..end;
        self.line = end + 1;
        self.searched = self.line;
        Ok(Some(line))
    }

    fn within_limit(&self, line: usize) -> Result<(), FrameTooLarge> {
        let held = match &self.data {
            Some(Data::Line(range)) => range.len(),
            Some(Data::Joined) => self.joined.len(),
            None => 0,
        };
        if held + line > self.limit { Err(FrameTooLarge { limit: self.limit }) } else { Ok(()) }
    }

    /// Takes a line; gives the data of the event that it ends.
    fn take(&mut self, line: Range<usize>) -> Option<Data> {
        let text = self.buffer.get(line.clone()).unwrap_or_default();
        if text.is_empty() {
            return self.data.take();
        }
        let skipped = match text.strip_prefix(b"data") {
            Some([b':', b' ', ..]) => 6,
            Some([b':', ..]) => 5,
            Some([]) => 4,
            _ => {
                // There may be any number of such lines, for which no buffer is kept.
                self.set_aside();
                return None;
            }
        };
        let value = line.start + skipped..line.end;
        // Mostly it is the only line of its event, and the empty one that ends it is there, too.
        if self.data.is_none() && !self.after_cr && self.buffer.get(self.line) == Some(&b'\n') {
            self.line += 1;
            self.searched = self.line;
            return Some(Data::Line(value));
        }
        self.set_aside();
        if self.data.is_some() {
            self.joined.push(b'\n');
            self.joined.extend_from_slice(self.buffer.get(value).unwrap_or_default());
        } else {
            self.data = Some(Data::Line(value));
        }
        None
    }

    /// Takes the data so far out of the buffer.
    fn set_aside(&mut self) {
        if let Some(Data::Line(first)) = &self.data {
            self.joined.clear();
            self.joined.extend_from_slice(self.buffer.get(first.clone()).unwrap_or_default());
            self.data = Some(Data::Joined);
        }
    }

    fn get(&self, data: &Data) -> Option<&[u8]> {
        match data {
            Data::Line(range) => self.buffer.get(range.clone()),
            Data::Joined => Some(&self.joined),
        }
    }

    /// Lets go of what was read.
    fn forget(&mut self) {
        self.used = match &self.data {
            Some(Data::Line(range)) => range.start,
            _ => self.line,
        };
    }
}
