//! Writing what goes over a transport.

use super::{Failure, Line};
use crate::client::frames::FrameReader;
use crate::client::transport::{Request, Transport, TransportError};
use crate::clock;
use bytes::Bytes;
use futures_core::Stream;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::future::Future;
use std::io::{self, Write};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

/// Records what goes over another transport: each event as it came and when, whatever becomes of it. A
/// [`Playback`](super::Playback) plays it, and any tool that reads a JSON value a line.
///
/// ```
/// use agui::client::{InProcess, Playback, Recorder, Thread};
/// # async fn hello(run: agui::RunContext) -> agui::Result { run.text("Hello!").await }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> agui::Result {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("hello.ndjson");
/// let mut thread = Thread::new(Recorder::to_file(InProcess::new(hello), &path)?);
/// thread.send("Hi").await?;
///
/// let mut thread = Thread::new(Playback::open(&path)?);
/// assert_eq!(thread.send("Hi").await?.text(), "Hello!");
/// # Ok(()) }
/// ```
///
/// A line of the file is one thing that happened:
///
/// ```text
/// {"run":0,"at":1767225600000,"request":{"threadId":"t1","runId":"r1","messages":[]}}
/// {"run":0,"at":12,"event":{"type":"RUN_STARTED","threadId":"t1","runId":"r1"}}
/// {"run":0,"at":15,"event":{"type":"RUN_FINISHED","threadId":"t1","runId":"r1"}}
/// {"run":0,"at":15,"end":true}
/// ```
///
/// `run` counts the requests of the file, which may be mixed if they were side by side, `at` are milliseconds since the
/// request, and in its own line since 1970. What else may happen: `data` are data that are no JSON of one line, `cut`
/// data at the end after which no empty line came, either with `bytes` if they were no UTF-8, so that each of their
/// characters, U+0000 to U+00FF, stands for a byte, and `error` is why there was no answer, or no more of it (`kind`,
/// `message`, `status`, `retryAfter` in seconds, `body`). Without `end` or `error` it was the client that read no more. Headers are not recorded,
/// so the tokens in them are not in the file. Everything else is: messages, state, `context` and `forwardedProps` as they
/// were sent, the events, and the bodies of errors. So a file is to be kept as safe as the conversation, and encrypted values
/// in it are for nobody but the agent that they came from (REAS-15).
///
/// Lines are written as things happen, by whoever reads the run. If that fails, the log says so once and the runs go on
/// unrecorded.
pub struct Recorder<T> {
    transport: T,
    file: Arc<Mutex<Recording>>,
}

struct Recording {
    /// `None` if writing failed.
    writer: Option<Box<dyn Write + Send>>,
    /// How many were asked for.
    runs: usize,
    line: Vec<u8>,
}

impl<T: Transport> Recorder<T> {
    /// Records to a writer, which gets one line at a time.
    #[must_use]
    pub fn new(transport: T, writer: impl Write + Send + 'static) -> Self {
        let recording = Recording { writer: Some(Box::new(writer)), runs: 0, line: Vec::new() };
        Self { transport, file: Arc::new(Mutex::new(recording)) }
    }

    /// Records to a file. What it had is gone.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn to_file(transport: T, path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::new(transport, File::create(path)?))
    }
}

impl<T: Transport> Transport for Recorder<T> {
    type Body = RecordingBody<T::Body>;
    type Opening = RecordingOpening<T::Opening>;

    fn open(&self, request: Request, json: Bytes) -> Self::Opening {
        let track = Track::begin(&self.file, &json);
        RecordingOpening { opening: Box::pin(self.transport.open(request, json)), track: Some(track) }
    }
}

/// One run of a recording.
struct Track {
    file: Arc<Mutex<Recording>>,
    run: usize,
    began: i64,
}

impl Track {
    fn begin(file: &Arc<Mutex<Recording>>, json: &[u8]) -> Self {
        let began = clock::now();
        let mut recording = file.lock().unwrap_or_else(PoisonError::into_inner);
        let run = recording.runs;
        recording.runs += 1;
        let request = serde_json::from_slice::<&RawValue>(json).ok();
        recording.write(&Line { run, at: began.unsigned_abs(), request, ..Line::default() });
        drop(recording);
        Self { file: Arc::clone(file), run, began }
    }

    fn write(&self, line: Line<'_>) {
        let at = u64::try_from(clock::now() - self.began).unwrap_or_default();
        let line = Line { run: self.run, at, ..line };
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write(&line);
    }

    fn data(&self, json: &[u8]) {
        let one_line = !json.contains(&b'\n');
        // `null` would be read as no event.
        let event = serde_json::from_slice::<&RawValue>(json).ok().filter(|event| event.get() != "null");
        match event.filter(|_| one_line) {
            Some(event) => self.write(Line { event: Some(event), ..Line::default() }),
            None => {
                let (data, bytes) = text(json);
                self.write(Line { data: Some(data), bytes, ..Line::default() });
            }
        }
    }

    fn error(&self, error: &TransportError) {
        self.write(Line { error: Some(Failure::of(error)), ..Line::default() });
    }
}

/// A text, and whether each of its characters stands for a byte: as UTF-8 they would be none, and have to stay that.
fn text(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match str::from_utf8(bytes) {
        Ok(text) => (text.into(), false),
        Err(_) => (bytes.iter().copied().map(char::from).collect(), true),
    }
}

impl Recording {
    fn write(&mut self, line: &Line<'_>) {
        let Some(writer) = &mut self.writer else { return };
        self.line.clear();
        let written = serde_json::to_writer(&mut self.line, line).map_err(io::Error::from).and_then(|()| {
            self.line.push(b'\n');
            writer.write_all(&self.line)?;
            writer.flush()
        });
        if let Err(error) = written {
            tracing::error!(%error, "the recording ends here, it cannot be written");
            self.writer = None;
        }
    }
}

/// The way to an answer that is recorded.
pub struct RecordingOpening<O> {
    opening: Pin<Box<O>>,
    /// `None` once the answer began.
    track: Option<Track>,
}

impl<B, O: Future<Output = Result<B, TransportError>>> Future for RecordingOpening<O> {
    type Output = Result<RecordingBody<B>, TransportError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let opened = ready!(self.opening.as_mut().poll(cx));
        let track = self.track.take();
        if let (Err(error), Some(track)) = (&opened, &track) {
            track.error(error);
        }
        let frames = FrameReader::new();
        Poll::Ready(opened.map(|body| RecordingBody { body: Box::pin(body), frames, track }))
    }
}

/// An answer that is recorded while it is read.
pub struct RecordingBody<B> {
    body: Pin<Box<B>>,
    frames: FrameReader,
    /// `None` once nothing more is to be recorded.
    track: Option<Track>,
}

impl<B> RecordingBody<B> {
    fn record(&mut self, bytes: &[u8]) {
        let Some(track) = &self.track else { return };
        self.frames.push(bytes);
        loop {
            match self.frames.next_frame() {
                Ok(Some(json)) => track.data(json),
                Ok(None) => return,
                Err(error) => {
                    tracing::warn!(%error, "the rest of this run is not recorded");
                    self.track = None;
                    return;
                }
            }
        }
    }

    fn end(&mut self, error: Option<&TransportError>) {
        let Some(track) = self.track.take() else { return };
        if let Ok(Some(rest)) = self.frames.finish() {
            let (cut, bytes) = text(rest);
            track.write(Line { cut: Some(cut), bytes, ..Line::default() });
        }
        match error {
            Some(error) => track.error(error),
            None => track.write(Line { end: true, ..Line::default() }),
        }
    }
}

impl<B: Stream<Item = Result<Bytes, TransportError>>> Stream for RecordingBody<B> {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.body.as_mut().poll_next(cx));
        match &item {
            Some(Ok(bytes)) => self.record(bytes),
            Some(Err(error)) => self.end(Some(error)),
            None => self.end(None),
        }
        Poll::Ready(item)
    }
}

impl<T: fmt::Debug> fmt::Debug for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("transport", &self.transport).finish_non_exhaustive()
    }
}

impl<O> fmt::Debug for RecordingOpening<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordingOpening").finish_non_exhaustive()
    }
}

impl<B> fmt::Debug for RecordingBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordingBody").finish_non_exhaustive()
    }
}
