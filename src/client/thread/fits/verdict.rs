//! What can be said of a value and a schema.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;

/// What in an answer does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// JSON Pointer into the answer; empty for the whole.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(&self.message)
    }
}

/// Why it cannot be said that a value fits.
#[derive(Debug)]
pub(in crate::client::thread) enum Unfit {
    /// It does not.
    Misfit(Misfit),
    /// Something cannot be used or takes too much, for this reason, so nobody knows.
    Unusable(String),
}

/// What of a value that fits was looked at, for what is to be said of the rest.
#[derive(Default)]
pub(super) struct Seen<'v> {
    pub(super) members: BTreeSet<&'v str>,
    pub(super) elements: BTreeSet<usize>,
    /// Why more may have been looked at than is known.
    unknown: Option<String>,
}

pub(super) type Fit<'v> = Result<Seen<'v>, Unfit>;

pub(super) fn misfit<T>(message: impl fmt::Display) -> Result<T, Unfit> {
    Err(Unfit::Misfit(Misfit { pointer: String::new(), message: told(message) }))
}

pub(super) fn unusable<T>(why: impl fmt::Display) -> Result<T, Unfit> {
    Err(Unfit::Unusable(told(why)))
}

/// The bytes that are said of one thing. Schemas may have more in them, and say it again and again.
const TOLD: usize = 500;

/// What is said, as far as there is room for it.
pub(super) fn told(what: impl fmt::Display) -> String {
    struct Room(String);
    impl fmt::Write for Room {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            let room = TOLD.saturating_sub(self.0.len()).min(text.len());
            let fits = (0..=room).rev().find_map(|end| text.get(..end)).unwrap_or_default();
            self.0.push_str(fits);
            if fits.len() == text.len() { Ok(()) } else { Err(fmt::Error) }
        }
    }
    let mut room = Room(String::new());
    if fmt::write(&mut room, format_args!("{what}")).is_err() {
        room.0.push('…');
    }
    room.0
}

/// What is said of a part, said of the whole.
pub(super) fn within<T>(segment: impl fmt::Display, result: Result<T, Unfit>) -> Result<T, Unfit> {
    result.map_err(|mut unfit| {
        if let Unfit::Misfit(misfit) = &mut unfit {
            let segment = segment.to_string().replace('~', "~0").replace('/', "~1");
            misfit.pointer.insert_str(0, &format!("/{segment}"));
        }
        unfit
    })
}

/// Several things, all of which have to hold. What does not fit decides, whatever nobody knows.
#[derive(Default)]
pub(super) struct All<'v> {
    pub(super) seen: Seen<'v>,
    unusable: Option<String>,
}

impl<'v> All<'v> {
    pub(super) fn and(&mut self, fit: Fit<'v>) -> Result<(), Unfit> {
        match fit {
            Ok(seen) => {
                self.seen.members.extend(seen.members);
                self.seen.elements.extend(seen.elements);
                self.seen.unknown = self.seen.unknown.take().or(seen.unknown);
            }
            Err(Unfit::Unusable(why)) => drop(self.unusable.get_or_insert(why)),
            Err(misfit) => return Err(misfit),
        }
        Ok(())
    }

    /// As [`All::and`], of a part: that it was looked at is all that is seen of it.
    pub(super) fn and_part<T>(
        &mut self,
        segment: impl fmt::Display,
        fit: Result<T, Unfit>,
    ) -> Result<(), Unfit> {
        self.and(within(segment, fit).map(|_| Seen::default()))
    }

    /// Whether nothing is unknown so far.
    pub(super) fn is_known(&self) -> bool {
        self.unusable.is_none()
    }

    /// Whether something is to be said of the rest, and what the rest is.
    pub(super) fn rest<'s>(&mut self, rest: Option<&'s Value>) -> Option<&'s Value> {
        let rest = rest?;
        self.unusable = self.unusable.take().or(self.seen.unknown.take());
        self.is_known().then_some(rest)
    }

    pub(super) fn end(self) -> Fit<'v> {
        match self.unusable {
            None => Ok(self.seen),
            Some(why) => unusable(why),
        }
    }

    /// What was seen, at least, where it is enough that something holds.
    pub(super) fn at_least(mut self) -> Seen<'v> {
        self.seen.unknown = self.seen.unknown.or(self.unusable);
        self.seen
    }
}
