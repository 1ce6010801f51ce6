//! What went differently from what was said, though the stream could be read: as data, and in the log.

use crate::compat::{Conversion, Era};
use agui_types::Event;
use std::fmt;

/// Something that an application may want to know, and that did not end the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// What kind of thing it is.
    pub kind: WarningKind,
    /// The rule that it is about, such as `PROC-2`.
    pub rule: &'static str,
    /// The `type` of the event; `None` if it is about no single event.
    pub event: Option<String>,
    /// JSON Pointer into that event, or into the input; empty if it is about the whole.
    pub pointer: String,
    /// What happened, in words.
    pub text: String,
}

/// Kinds of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum WarningKind {
    /// An event of an unknown type was dropped (PROC-1).
    UnknownEvent,
    /// Something that the protocol does not describe was removed from an event or from the input (PROC-2, PROC-3).
    Removed,
    /// A retired or loose spelling was read as what replaced it (VER-20).
    Translated,
    /// Something was taken away for a peer that is known to be older (VER-19).
    Downgraded,
    /// The agent speaks a newer version, or says something that is none (VER-5, VER-8).
    Version,
    /// An event had no effect, such as a patch that does not apply (STATE-9).
    NotApplied,
    /// The agent contradicts itself or the input in a way that leaves the stream readable: it ends another run than it
    /// began (RUN-4), tells of another thread or run than was asked for (RUN-5, RUN-6), asks twice under one id (INT-2), renames a call or attaches it to a message that carries none (TOOL-7, TOOL-1), ends a
    /// message that is gone (TXT-3), or
    /// lists other calls as pending than it left (TOOL-24). No rule has a consumer reject that; whoever wants to can, by
    /// these warnings.
    Inconsistent,
    /// The connection broke after the run had ended.
    Connection,
    /// An answer was sent although it does not fit its schema, or without being checked, since the schema is unusable or
    /// takes too much work (INT-3).
    Unchecked,
}

impl WarningKind {
    const COUNT: usize = 9;
}

impl Warning {
    pub(crate) fn new(kind: WarningKind, rule: &'static str, text: impl Into<String>) -> Self {
        Self { kind, rule, event: None, pointer: String::new(), text: text.into() }
    }

    /// That something was put into another shape.
    pub(super) fn converted(kind: WarningKind, conversion: Conversion, event: Option<&str>) -> Self {
        let Conversion { pointer, what, lost, rule, .. } = conversion;
        let text = match lost {
            Some(lost) => format!("{what}, without {lost}"),
            None => what.to_owned(),
        };
        Self::new(kind, rule, text).at(pointer).of(event)
    }

    pub(crate) fn of(mut self, event: Option<&str>) -> Self {
        self.event = event.map(str::to_owned);
        self
    }

    pub(crate) fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = pointer.into();
        self
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(event) = &self.event {
            write!(f, "{event}")?;
            f.write_str(if self.pointer.is_empty() { ": " } else { " " })?;
        }
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        write!(f, "{} ({})", self.text, self.rule)
    }
}

/// The warnings of a stream: all are counted, up to [`Warnings::MAX`] are kept, and each is logged with `tracing`
/// as it comes, unless its kind is [silenced](Warnings::silence). Long texts and pointers are cut.
#[derive(Debug, Clone, Default)]
pub struct Warnings {
    kept: Vec<Warning>,
    counts: [usize; WarningKind::COUNT],
    silenced: [bool; WarningKind::COUNT],
}

impl Warnings {
    /// How many are kept. A peer must not fill the memory by what it does wrong.
    pub const MAX: usize = 1000;

    /// Those that are kept, oldest first.
    #[must_use]
    pub fn all(&self) -> &[Warning] {
        &self.kept
    }

    /// How many there were of a kind, silenced ones included.
    #[must_use]
    pub fn count(&self, kind: WarningKind) -> usize {
        self.counts.get(kind as usize).copied().unwrap_or_default()
    }

    /// How many there were.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Has warnings of a kind counted only, neither logged nor kept.
    pub fn silence(&mut self, kind: WarningKind) {
        if let Some(silenced) = self.silenced.get_mut(kind as usize) {
            *silenced = true;
        }
    }

    /// Takes one.
    pub fn add(&mut self, mut warning: Warning) {
        let index = warning.kind as usize;
        if let Some(count) = self.counts.get_mut(index) {
            *count += 1;
        }
        if self.silenced.get(index).copied().unwrap_or_default() {
            return;
        }
        let Warning { event, pointer, text, .. } = &mut warning;
        event.iter_mut().chain([pointer, text]).for_each(cut);
        tracing::warn!(kind = ?warning.kind, rule = warning.rule, "{warning}");
        if self.kept.len() < Self::MAX {
            self.kept.push(warning);
        }
    }

    /// Takes what was put into another shape.
    pub(super) fn converted(&mut self, kind: WarningKind, conversions: Vec<Conversion>, event: Option<&str>) {
        for conversion in conversions {
            self.add(Warning::converted(kind, conversion, event));
        }
    }

    /// What an event means of an agent that is known to be older, if it is; what is lost by that is taken (VER-19).
    pub(super) fn of_its_era(&mut self, era: Option<Era>, event: Event) -> Option<Event> {
        let Some(era) = era else { return Some(event) };
        let kind = event.event_type();
        let (event, lost) = era.response(event);
        self.converted(WarningKind::Downgraded, lost, Some(kind.as_str()));
        event
    }

    /// Those silenced stay so, the rest begins anew.
    pub(crate) fn fresh(&self) -> Self {
        Self { silenced: self.silenced, ..Self::default() }
    }

    /// Adds those of another stream, which were logged already.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        let room = Self::MAX.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.into_iter().take(room));
    }
}

/// So many characters each part of a warning has at most: a peer may have put anything into it.
const LONGEST: usize = 200;

fn cut(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
}
