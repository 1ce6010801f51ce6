//! A field while its object is read.

/// The state of one field while its object is read.
#[derive(Debug)]
pub enum Slot<T> {
    /// Not met yet.
    Absent,
    /// Met, unrecognised and removed.
    Removed,
    /// Met and decoded.
    Filled(T),
}

impl<T> Slot<T> {
    /// Whether it was met and removed.
    pub fn is_removed(&self) -> bool {
        matches!(self, Slot::Removed)
    }

    /// The value of an optional member: removed is as good as absent (PROC-5).
    pub fn optional(self) -> Option<T> {
        match self {
            Slot::Filled(value) => Some(value),
            Slot::Absent | Slot::Removed => None,
        }
    }
}
