//! The figures of all contestants, and the table that shows them.

use crate::Outcome;
use crate::contestants::Who;
use crate::measure::Figures;
use std::fmt;

/// One row a contestant.
#[derive(Debug, Default)]
pub(crate) struct Results(Vec<Row>);

#[derive(Debug)]
struct Row {
    who: Who,
    cells: Cells,
}

/// What somebody reached in each discipline that they took part in.
type Cells = [Option<Figures>; 5];

/// The disciplines, in the order of the columns.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Discipline {
    Decode,
    Encode,
    Input,
    Run,
    State,
}

impl Results {
    pub(crate) fn add(&mut self, who: Who, cells: Cells) {
        self.0.push(Row { who, cells });
    }

    /// # Errors
    ///
    /// When the contestant did not take part.
    pub(crate) fn of(&self, who: Who, discipline: Discipline) -> Outcome<Figures> {
        let row = self.0.iter().find(|row| row.who == who);
        let cell = row.and_then(|row| row.cells.get(discipline as usize).copied().flatten());
        cell.ok_or_else(|| format!("no {discipline:?} figures for {who}").into())
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What the ratio is to: the owned reference, or the runtime of the best rival.
        const DISCIPLINES: [(Discipline, &str, f64, Who); 5] = [
            (Discipline::Decode, "decode ns", 1.0, Who::ReferenceOwned),
            (Discipline::Encode, "encode ns", 1.0, Who::ReferenceOwned),
            (Discipline::Input, "input µs", 1e-3, Who::ReferenceOwned),
            (Discipline::Run, "run ns", 1.0, Who::AgUiRun),
            (Discipline::State, "state µs", 1e-3, Who::AgUiRun),
        ];
        write!(f, "| {:<42} |", "")?;
        for (_, title, ..) in DISCIPLINES {
            write!(f, " {title:>9} | {:>6} | {:>7} |", "ratio", "allocs")?;
        }
        write!(f, "\n|{:-<44}|", "")?;
        for _ in DISCIPLINES {
            write!(f, "{:->11}|{:->8}|{:->9}|", ":", ":", ":")?;
        }
        writeln!(f)?;
        for row in &self.0 {
            write!(f, "| {:<42} |", row.who)?;
            for ((discipline, _, scale, yardstick), cell) in DISCIPLINES.iter().zip(row.cells) {
                match (cell, self.of(*yardstick, *discipline)) {
                    (Some(cell), Ok(yardstick)) => write!(
                        f,
                        " {:>9.0} | {:>6.2} | {:>7.1} |",
                        cell.nanoseconds * scale,
                        cell.nanoseconds / yardstick.nanoseconds,
                        cell.allocations
                    )?,
                    _ => write!(f, " {:>9} | {:>6} | {:>7} |", "-", "-", "-")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
