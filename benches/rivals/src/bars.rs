//! What this project wants to reach, and whether a run did.

use crate::Outcome;
use crate::contestants::Who;
use crate::results::{Discipline, Results};
use std::fmt;

/// A figure and its limit.
#[derive(Debug)]
pub(crate) struct Bar {
    what: &'static str,
    found: f64,
    limit: Limit,
}

#[derive(Debug)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Bar {
    pub(crate) fn holds(&self) -> bool {
        match self.limit {
            Limit::AtMost(limit) => self.found <= limit,
            Limit::AtLeast(limit) => self.found >= limit,
        }
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.holds() { "PASS" } else { "MISS" };
        let (relation, limit) = match self.limit {
            Limit::AtMost(limit) => ("at most", limit),
            Limit::AtLeast(limit) => ("at least", limit),
        };
        write!(f, "{verdict}  {}: {:.2}, {relation} {limit}", self.what, self.found)
    }
}

pub(crate) fn all(results: &Results) -> Outcome<Vec<Bar>> {
    use Discipline::{Decode, Encode, Input, Run, State};
    let time = |who, discipline| results.of(who, discipline).map(|figures| figures.nanoseconds);
    let plain = time(Who::OursPlain, Decode)?;
    // What the crates themselves offer for encoding, as opposed to serde with a buffer of one's own.
    let encoder = time(Who::AgUiPublic, Encode)?.min(time(Who::AguiRsEncoder, Encode)?);
    Ok(vec![
        Bar {
            what: "decode, time by the owned reference's",
            found: plain / time(Who::ReferenceOwned, Decode)?,
            limit: Limit::AtMost(1.15),
        },
        Bar {
            what: "decode, allocations an event",
            found: results.of(Who::OursPlain, Decode)?.allocations,
            limit: Limit::AtMost(4.5),
        },
        Bar {
            what: "decode, speed by that of ag-ui's serde",
            found: time(Who::AgUiDerive, Decode)? / plain,
            limit: Limit::AtLeast(1.3),
        },
        Bar {
            what: "encode, allocations an event",
            found: results.of(Who::OursDecode, Encode)?.allocations,
            limit: Limit::AtMost(0.0),
        },
        Bar {
            what: "encode, time by the fastest rival's encoder",
            found: time(Who::OursDecode, Encode)? / encoder,
            limit: Limit::AtMost(0.6),
        },
        Bar {
            what: "RunAgentInput checked, time by that of unchecked serde",
            found: time(Who::OursDecode, Input)? / time(Who::Unchecked, Input)?,
            limit: Limit::AtMost(1.2),
        },
        Bar {
            what: "RunAgentInput checked, time by that of the reference, which leaves tool parameters unparsed",
            found: time(Who::OursDecode, Input)? / time(Who::ReferenceOwned, Input)?,
            limit: Limit::AtMost(1.2),
        },
        Bar {
            what: "lenient decode, speed by that of plain decode",
            found: plain / time(Who::OursLenient, Decode)?,
            limit: Limit::AtLeast(0.9),
        },
        Bar {
            what: "lenient decode with an unknown member, speed by that of plain decode without",
            found: plain / time(Who::OursLenientUnknown, Decode)?,
            limit: Limit::AtLeast(0.4),
        },
        Bar {
            what: "from the agent to frames, nanoseconds an event",
            found: time(Who::OursRun, Run)?,
            limit: Limit::AtMost(110.0),
        },
        Bar {
            what: "from the agent to frames, allocations an event",
            found: results.of(Who::OursRun, Run)?.allocations,
            limit: Limit::AtMost(1.0),
        },
        Bar {
            what: "one change of a state of 43 kB, milliseconds",
            found: time(Who::OursRun, State)? / 1e6,
            limit: Limit::AtMost(0.2),
        },
    ])
}
