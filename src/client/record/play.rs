//! Playing recordings.

use super::Line;
use crate::client::frames::FRAME_LIMIT;
use crate::client::transport::{Request, Transport, TransportError, TransportErrorKind};
use crate::time::sleep;
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::fs::File;
use std::future::{Future, Ready, ready};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

/// A line may be as long as an event, of which JSON may make six bytes of one, and what is around it.
const LINE_LIMIT: u64 = 6 * FRAME_LIMIT as u64 + 1024;

/// A transport that answers from a recording: the first request with the first run of the file, and so on, whatever is
/// asked. A [`Recorder`](super::Recorder) writes them, and its documentation has the format. Bytes of Server-Sent Events
/// are played by [`Replay`](super::super::Replay).
///
/// Answers are as they were: malformed, cut off, broken or refused if they were that. No more than a line is in memory.
#[derive(Debug)]
pub struct Playback {
    path: PathBuf,
    in_real_time: bool,
    next: Mutex<Next>,
}

/// The run that is next.
#[derive(Debug, Default)]
struct Next {
    run: usize,
    /// Where to look for it, in bytes: behind the request of the run before, since they are counted as they begin.
    from: u64,
}

impl Playback {
    /// Plays a file, as fast as it is read.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or does not begin as a recording does.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let mut lines = Lines::open(&path, 0, 0)?;
        let is_recording = lines.read()? && lines.line().is_some_and(|line| line.request.is_some());
        if !is_recording {
            let text = format!("{} is no recording: it does not begin with a request", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(Self { path, in_real_time: false, next: Mutex::default() })
    }

    /// Plays with the pauses that there were.
    #[must_use]
    pub fn in_real_time(mut self) -> Self {
        self.in_real_time = true;
        self
    }

    fn answer(&self) -> Result<PlaybackBody, TransportError> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let run = next.run;
        next.run += 1;
        let mut lines = Lines::open(&self.path, run, next.from).map_err(unreadable)?;
        let mut asked = false;
        while lines.next().map_err(unreadable)? {
            let Some(line) = lines.line() else { continue };
            if line.request.is_some() {
                asked = true;
                next.from = lines.end;
                continue;
            }
            if let Some(failure) = line.error {
                return Err(failure.into_error());
            }
            break;
        }
        drop(next);
        if !asked {
            let text = format!("{} has no run {run}", self.path.display());
            return Err(TransportError::new(TransportErrorKind::Connect, text));
        }
        let begun = self.in_real_time.then(Instant::now);
        let mut body = PlaybackBody { lines, begun, pause: None, unread: true, over: false };
        body.wait();
        Ok(body)
    }
}

impl Transport for Playback {
    type Body = PlaybackBody;
    type Opening = Ready<Result<PlaybackBody, TransportError>>;

    fn open(&self, _: Request, _: Bytes) -> Self::Opening {
        ready(self.answer())
    }
}

/// The lines of one run.
struct Lines {
    file: BufReader<File>,
    run: usize,
    /// The one that was read last; empty at the end.
    line: Vec<u8>,
    /// Where it ends in the file.
    end: u64,
}

impl Lines {
    fn open(path: &Path, run: usize, from: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        Ok(Self { file: BufReader::new(file), run, line: Vec::new(), end: from })
    }

    /// Reads a line; false at the end of the file.
    fn read(&mut self) -> io::Result<bool> {
        self.line.clear();
        let read = self.file.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut self.line)?;
        self.end += read as u64;
        if read as u64 == LINE_LIMIT {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a line of the recording is too long"));
        }
        Ok(read > 0)
    }

    /// Reads on to a line of the run.
    fn next(&mut self) -> io::Result<bool> {
        while self.read()? {
            match self.line() {
                Some(line) if line.run == self.run => return Ok(true),
                Some(_) => {}
                // The last one may have been cut while it was written.
                None if !self.line.ends_with(b"\n") => break,
                None => {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "a line of the recording is no JSON",
                    ));
                }
            }
        }
        self.line.clear();
        Ok(false)
    }

    fn line(&self) -> Option<Line<'_>> {
        serde_json::from_slice(&self.line).ok()
    }
}

fn unreadable(error: io::Error) -> TransportError {
    TransportError::because(TransportErrorKind::Broken, "the recording cannot be read", error)
}

/// An answer of a recording.
pub struct PlaybackBody {
    lines: Lines,
    /// The line at which they are was not played yet.
    unread: bool,
    /// When the run was asked for; `None` if there is no hurry to be slow.
    begun: Option<Instant>,
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    over: bool,
}

impl PlaybackBody {
    /// What the line says.
    fn item(&mut self) -> Option<Result<Bytes, TransportError>> {
        let line = self.lines.line()?;
        if line.end {
            return None;
        }
        if let Some(failure) = line.error {
            return Some(Err(failure.into_error()));
        }
        let mut frame = String::new();
        if let Some(event) = line.event {
            frame = format!("data: {event}\n\n");
        } else if let Some(data) = line.data {
            data.split('\n').for_each(|line| frame.extend(["data: ", line, "\n"]));
            frame.push('\n');
        } else if let Some(cut) = line.cut {
            frame = format!("data: {}", cut.replace('\n', "\ndata: "));
        }
        if line.bytes {
            return Some(bytes_of(&frame));
        }
        Some(Ok(frame.into()))
    }

    /// Waits until the line is due.
    fn wait(&mut self) {
        let at = self.begun.zip(self.lines.line());
        let due = at.and_then(|(begun, line)| begun.checked_add(Duration::from_millis(line.at)));
        let early = due.map(|due| due.saturating_duration_since(Instant::now()));
        self.pause = early.filter(|early| !early.is_zero()).map(|early| Box::pin(sleep(early)) as _);
    }
}

/// The bytes that the characters of a text stand for.
fn bytes_of(text: &str) -> Result<Bytes, TransportError> {
    let bytes: Result<Vec<_>, _> = text.chars().map(u8::try_from).collect();
    match bytes {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => Err(unreadable(io::Error::new(io::ErrorKind::InvalidData, error))),
    }
}

impl Stream for PlaybackBody {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.over {
            return Poll::Ready(None);
        }
        if !this.unread {
            if let Err(error) = this.lines.next() {
                this.over = true;
                return Poll::Ready(Some(Err(unreadable(error))));
            }
            this.unread = true;
            this.wait();
        }
        if let Some(pause) = &mut this.pause {
            ready!(pause.as_mut().poll(cx));
            this.pause = None;
        }
        this.unread = false;
        let item = this.item();
        this.over = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }
}

impl fmt::Debug for PlaybackBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlaybackBody").field("run", &self.lines.run).finish_non_exhaustive()
    }
}
