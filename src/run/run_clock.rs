//! The time that events are stamped with.

use crate::clock;

/// How many pieces in a row may share one look at the clock.
const SHARED: u8 = 32;

/// The clock of one run.
#[derive(Debug, Default)]
pub(super) struct RunClock {
    /// Counts events instead of looking at the clock, so that a run can be repeated to the byte.
    counted: Option<i64>,
    /// The last look at the clock, and for how many more pieces it counts.
    seen: (i64, u8),
}

impl RunClock {
    /// `repeatable`: events are counted.
    pub(super) fn new(repeatable: bool) -> Self {
        Self { counted: repeatable.then_some(0), seen: (i64::MIN, 0) }
    }

    /// Milliseconds since the Unix epoch.
    pub(super) fn now(&mut self) -> i64 {
        self.seen = match &mut self.counted {
            Some(count) => {
                *count += 1;
                (*count, 0)
            }
            None => (clock::now(), SHARED),
        };
        self.seen.0
    }

    /// As [`RunClock::now`] for one of the pieces that come by the dozen. Those that an agent emits without waiting in
    /// between share a look at the clock, which costs as much as all else that happens to a piece.
    ///
    /// `polled`: the agent is being polled. Others may take any time between two pieces.
    pub(super) fn of_piece(&mut self, polled: bool) -> i64 {
        match self.seen {
            (time, left @ 1..) if polled => {
                self.seen.1 = left - 1;
                time
            }
            _ => self.now(),
        }
    }

    /// The newest time that was given.
    pub(super) fn last(&self) -> i64 {
        self.seen.0
    }

    /// Time may have passed: the next event looks at the clock.
    pub(super) fn refresh(&mut self) {
        self.seen.1 = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn pieces_share_a_look_at_the_clock_while_the_agent_is_polled() {
        let mut clock = RunClock::new(false);
        let first = clock.of_piece(true);
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(clock.of_piece(true), first);
        assert!(clock.of_piece(false) >= first + 5, "somebody else took the time");
        std::thread::sleep(Duration::from_millis(5));
        let later = clock.now();
        assert!(later >= first + 10);
        clock.refresh();
        std::thread::sleep(Duration::from_millis(5));
        assert!(clock.of_piece(true) >= later + 5, "the agent has waited");
    }
}
