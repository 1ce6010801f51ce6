//! The figures of all, and the tables that show them.

use crate::Outcome;
use crate::load::{Figures, Times};
use crate::peers::Peer;
use crate::servers::Server;
use crate::talk::Shape;
use std::fmt;

/// Events of a run that are no deltas: two before, two after.
const FRAME: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Server(Server),
    Peer(Peer),
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(server) => server.fmt(f),
            Self::Peer(peer) => peer.fmt(f),
        }
    }
}

/// The best of each.
#[derive(Debug, Default)]
pub(crate) struct Results(Vec<Cell>);

#[derive(Debug)]
struct Cell {
    who: Who,
    shape: Shape,
    connections: usize,
    best: Figures,
    /// Processor time, round for round.
    cpu: Vec<f64>,
}

impl Results {
    /// Of each figure the best one seen: whatever disturbs makes it worse.
    pub(crate) fn add(&mut self, who: Who, shape: Shape, connections: usize, figures: Figures) {
        let same = |cell: &&mut Cell| (cell.who, cell.shape, cell.connections) == (who, shape, connections);
        let Some(Cell { best, cpu, .. }) = self.0.iter_mut().find(same) else {
            let cpu = vec![figures.cpu];
            self.0.push(Cell { who, shape, connections, best: figures, cpu });
            return;
        };
        cpu.push(figures.cpu);
        let better = |one: Times, other: Times| if one.p50 < other.p50 { one } else { other };
        *best = Figures {
            runs_a_second: best.runs_a_second.max(figures.runs_a_second),
            cpu: best.cpu.min(figures.cpu),
            first_event: better(best.first_event, figures.first_event),
            whole_run: better(best.whole_run, figures.whole_run),
            lone: better(best.lone, figures.lone),
            // The other way: the peak.
            memory: best.memory.max(figures.memory),
        };
    }

    /// # Errors
    ///
    /// When that was not measured.
    pub(crate) fn of(&self, who: Who, shape: Shape, connections: usize) -> Outcome<&Figures> {
        let cell = self
            .0
            .iter()
            .find(|cell| (cell.who, cell.shape, cell.connections) == (who, shape, connections))
            .ok_or_else(|| format!("nothing was measured of {who}, {shape}, {connections}"))?;
        Ok(&cell.best)
    }

    /// Processor time by that of another: in the middle of the ratios of all rounds, at each number of connections.
    /// What the kernel's part costs changes from one moment to the next, and with the load, by more than what is
    /// measured; turns that follow each other share it.
    pub(crate) fn cpu_ratio(&self, who: Who, by: Who, shape: Shape) -> Option<f64> {
        let cells = |who| self.0.iter().filter(move |cell| (cell.who, cell.shape) == (who, shape));
        let pairs = cells(who).flat_map(|cell| {
            let other = cells(by).find(|other| other.connections == cell.connections);
            cell.cpu.iter().zip(other.map(|other| &other.cpu).into_iter().flatten())
        });
        let mut ratios: Vec<_> = pairs.map(|(cpu, other)| cpu / other).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied()
    }

    fn lone(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n| a lone event, µs from its making to its arrival | p50 | p99 |\n|---|--:|--:|")?;
        for cell in self.0.iter().filter(|cell| cell.shape == Shape::Lone) {
            let Times { p50, p99 } = cell.best.lone;
            writeln!(f, "| {:<17} | {p50:>5.0} | {p99:>5.0} |", cell.who)?;
        }
        Ok(())
    }
}

fn an_event(microseconds: f64, shape: Shape) -> f64 {
    microseconds * 1e3 / (shape.deltas() + FRAME) as f64
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for shape in [Shape::Burst, Shape::Paced] {
            write!(f, "\n| {shape} | connections | CPU ns an event | CPU µs a run | runs/s | ")?;
            writeln!(f, "first event p50, p99 µs | whole run p50, p99 µs | RSS MiB |")?;
            writeln!(f, "|---|--:|--:|--:|--:|--:|--:|--:|")?;
            let mut cells: Vec<_> = self.0.iter().filter(|cell| cell.shape == shape).collect();
            cells.sort_by_key(|cell| cell.connections);
            for Cell { who, connections, best, .. } in cells {
                let Figures { runs_a_second, cpu, first_event, whole_run, memory, .. } = best;
                writeln!(
                    f,
                    "| {who:<17} | {connections:>3} | {:>6.0} | {cpu:>6.1} | {runs_a_second:>6.0} | {:>6.0} {:>6.0} | {:>6.0} {:>6.0} | {memory:>5.1} |",
                    an_event(*cpu, shape),
                    first_event.p50,
                    first_event.p99,
                    whole_run.p50,
                    whole_run.p99,
                )?;
            }
        }
        self.lone(f)?;
        writeln!(f)
    }
}
