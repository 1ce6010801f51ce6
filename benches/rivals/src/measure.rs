//! How a pass is measured: thread CPU time by interleaved rounds, allocations in a pass of their own.
//!
//! The counting allocator stands in for the system's in the whole program. While time is taken it is
//! told not to count; what remains is a thread-local look-up per call, the same for everybody.

use crate::Outcome;
use cpu_time::ThreadTime;

/// Rounds that count. One more goes before them, to fill caches and buffers.
const ROUNDS: usize = 101;

/// One pass over the inputs by one contestant.
pub(crate) struct Task<'a> {
    /// Events or documents in a pass.
    units: usize,
    pass: Box<dyn FnMut() -> Outcome<()> + 'a>,
}

/// What one unit costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Median CPU time.
    pub(crate) nanoseconds: f64,
    /// Calls of the allocator, with each growth of a buffer as one.
    pub(crate) allocations: f64,
}

impl<'a> Task<'a> {
    pub(crate) fn new(units: usize, pass: impl FnMut() -> Outcome<()> + 'a) -> Self {
        Self { units, pass: Box::new(pass) }
    }

    fn nanoseconds(&mut self) -> Outcome<f64> {
        let mut taken = Ok(0.0);
        allocation_counter::opt_out(|| {
            let start = ThreadTime::now();
            taken = (self.pass)().map(|()| start.elapsed().as_secs_f64() * 1e9);
        });
        Ok(taken? / self.units as f64)
    }

    fn allocations(&mut self) -> Outcome<f64> {
        let mut outcome = Ok(());
        let counted = allocation_counter::measure(|| outcome = (self.pass)());
        outcome.map(|()| counted.count_total as f64 / self.units as f64)
    }
}

/// Measures the tasks in turns, so that a disturbance hits all alike. Absent tasks keep their place.
pub(crate) fn interleaved(mut tasks: Vec<Option<&mut Task<'_>>>) -> Outcome<Vec<Option<Figures>>> {
    let mut times = vec![Vec::with_capacity(ROUNDS); tasks.len()];
    for round in 0..=ROUNDS {
        for (task, times) in tasks.iter_mut().zip(&mut times) {
            if let Some(task) = task {
                let taken = task.nanoseconds()?;
                if round > 0 {
                    times.push(taken);
                }
            }
        }
    }
    let figures = |(task, times): (Option<&mut Task<'_>>, _)| {
        task.map(|task| Ok(Figures { nanoseconds: median(times), allocations: task.allocations()? }))
            .transpose()
    };
    tasks.into_iter().zip(times).map(figures).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
