//! Who takes part, and in what.

mod ag_ui;
mod agui_rs;
mod ours;
mod reference;
mod runs;
mod unchecked;
mod value;

use crate::Outcome;
use crate::inputs::{self, Inputs};
use crate::measure::Task;
use std::error::Error;
use std::fmt;
use std::hint::black_box;

/// The contestants, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    OursPlain,
    OursDecode,
    OursLenient,
    OursLenientUnknown,
    OursStrict,
    OursRun,
    ReferenceOwned,
    ReferenceBorrowed,
    Unchecked,
    Value,
    AgUiDerive,
    AgUiPublic,
    AgUiRun,
    AguiRsDerive,
    AguiRsEncoder,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OursPlain => "agui-types, serde",
            Self::OursDecode => "agui-types, decode and encode",
            Self::OursLenient => "agui-types, decode_lenient",
            Self::OursLenientUnknown => "agui-types, decode_lenient, unknown member",
            Self::OursStrict => "agui-types, decode_strict",
            Self::OursRun => "agui, an agent",
            Self::ReferenceOwned => "reference, owned",
            Self::ReferenceBorrowed => "reference, borrowed",
            Self::Unchecked => "serde derive, unchecked",
            Self::Value => "serde_json::Value",
            Self::AgUiDerive => "ag-ui, serde",
            Self::AgUiPublic => "ag-ui, public functions",
            Self::AgUiRun => "ag-ui, an agent",
            Self::AguiRsDerive => "agui-rs, serde",
            Self::AguiRsEncoder => "agui-rs, EventEncoder",
        })
    }
}

/// Times that a pass encodes each event, to be long beside the clock's resolution.
const ENCODINGS: usize = 50;
/// Times that a pass decodes the `RunAgentInput`.
const READINGS: usize = 10;

/// One row of the table: what it can do.
pub(crate) struct Contestant<'a> {
    pub(crate) who: Who,
    /// All events from their JSON texts.
    pub(crate) decode: Option<Task<'a>>,
    /// The events of one run into SSE frames.
    pub(crate) encode: Option<Task<'a>>,
    /// The `RunAgentInput`.
    pub(crate) input: Option<Task<'a>>,
    /// A run of many deltas, from the agent's calls to frames.
    pub(crate) run: Option<Task<'a>>,
    /// One change of a large state, published.
    pub(crate) state: Option<Task<'a>>,
}

impl<'a> Contestant<'a> {
    fn new(who: Who) -> Self {
        Self { who, decode: None, encode: None, input: None, run: None, state: None }
    }

    fn decodes(self, task: Task<'a>) -> Self {
        Self { decode: Some(task), ..self }
    }

    fn encodes(self, task: Task<'a>) -> Self {
        Self { encode: Some(task), ..self }
    }

    fn reads_input(self, task: Task<'a>) -> Self {
        Self { input: Some(task), ..self }
    }

    fn runs(self, run: Task<'a>, state: Task<'a>) -> Self {
        Self { run: Some(run), state: Some(state), ..self }
    }
}

pub(crate) fn all(inputs: &Inputs) -> Outcome<Vec<Contestant<'_>>> {
    let mut all = ours::contestants(inputs)?;
    all.push(runs::ours()?);
    all.extend(reference::contestants(inputs)?);
    all.push(unchecked::contestant(inputs));
    all.push(value::contestant(inputs)?);
    all.extend(ag_ui::contestants(inputs)?);
    all.push(runs::ag_ui()?);
    all.extend(agui_rs::contestants(inputs)?);
    Ok(all)
}

/// Decodes each event and drops it.
fn decoding<'a, T, E: Error + 'static>(
    events: &'a [String],
    decode: impl Fn(&'a str) -> Result<T, E> + 'a,
) -> Task<'a> {
    Task::new(events.len(), move || {
        for event in events {
            black_box(decode(black_box(event))?);
        }
        Ok(())
    })
}

/// Decodes the events of one run and keeps them, for encoding.
///
/// One run has the same mix as all of them, and it stays in the cache: whoever encodes an event has just
/// built it. With ten thousand events in memory everybody would mostly wait for that.
fn decoded<'a, T, E: Error + 'static>(
    events: &'a [String],
    decode: impl Fn(&'a str) -> Result<T, E>,
) -> Outcome<Vec<T>> {
    inputs::one_run(events)?.iter().map(|event| Ok(decode(event)?)).collect()
}

/// Encodes each event as a frame into one buffer.
fn encoding<'a, T: 'a, E: Error + 'static>(
    events: Vec<T>,
    encode: impl Fn(&T, &mut Vec<u8>) -> Result<(), E> + 'a,
) -> Task<'a> {
    let mut frame = Vec::new();
    repeating(ENCODINGS, events, move |event| {
        frame.clear();
        encode(event, &mut frame)?;
        black_box(&frame);
        Ok(())
    })
}

/// Encodes each event with a function that returns the frame.
fn framing<'a, T: 'a, F, E: Error + 'static>(
    events: Vec<T>,
    encode: impl Fn(&T) -> Result<F, E> + 'a,
) -> Task<'a> {
    repeating(ENCODINGS, events, move |event| {
        black_box(encode(event)?);
        Ok(())
    })
}

/// Decodes one document over and over.
fn reading<'a, T, E: Error + 'static>(
    document: &'a [u8],
    decode: impl Fn(&'a [u8]) -> Result<T, E> + 'a,
) -> Task<'a> {
    repeating(READINGS, vec![document], move |document| {
        black_box(decode(document)?);
        Ok(())
    })
}

/// Does something with each item, `times` over.
fn repeating<'a, T: 'a>(
    times: usize,
    items: Vec<T>,
    mut each: impl FnMut(&T) -> Outcome<()> + 'a,
) -> Task<'a> {
    Task::new(times * items.len(), move || {
        for _ in 0..times {
            for item in &items {
                each(black_box(item))?;
            }
        }
        Ok(())
    })
}

/// An SSE frame by plain serde.
fn frame<T: serde::Serialize>(event: &T, out: &mut Vec<u8>) -> serde_json::Result<()> {
    out.extend_from_slice(b"data: ");
    serde_json::to_writer(&mut *out, event)?;
    out.extend_from_slice(b"\n\n");
    Ok(())
}
