//! Work that is done one after the other, by whoever waits for some of it.

use super::contained;
use crate::error::Result;
use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Jobs in the order in which they came. There is no task for them: who waits for one polls those before it, and whoever
/// stops waiting leaves the rest to the others. A panic of a job is its error.
#[derive(Default)]
pub(super) struct Line {
    queue: Mutex<Queue>,
    wakes: Arc<LineWakes>,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// Somebody polls the first job, which is not among the others meanwhile.
    busy: bool,
    /// How many jobs are to change the state of the run.
    states: usize,
}

struct Job {
    work: Pin<Box<dyn Future<Output = Result> + Send>>,
    place: Place,
    state: bool,
}

/// What comes of a job.
#[derive(Debug, Clone, Default)]
pub(super) struct Place(Arc<Mutex<Option<Result>>>);

/// What somebody waits for.
#[derive(Clone, Copy)]
pub(super) enum Until<'p> {
    Done(&'p Place),
    /// No job is to change the state.
    NoState,
    Empty,
}

#[derive(Clone, Copy)]
enum Waiter<'w> {
    Waits(&'w Waker),
    /// Does something else, and goes on with the jobs that nobody waits for.
    Beside(&'w Waker),
    Nobody,
}

impl Line {
    /// Adds a job to the end; `state`: it is to change the state of the run.
    pub(super) fn add(&self, state: bool, work: impl Future<Output = Result> + Send + 'static) -> Place {
        let place = Place::default();
        let job = Job { work: Box::pin(contained("a hook", work)), place: place.clone(), state };
        let mut queue = self.lock();
        queue.states += usize::from(state);
        queue.jobs.push_back(job);
        place
    }

    pub(super) async fn wait(&self, until: Until<'_>) {
        poll_fn(|cx| self.poll(Waiter::Waits(cx.waker()), until)).await;
    }

    /// Goes as far as there is nothing to wait for; ready when nothing is left. Wakes when there is something to do.
    pub(super) fn poll_beside(&self, cx: &Context<'_>) -> Poll<()> {
        self.poll(Waiter::Beside(cx.waker()), Until::Empty)
    }

    /// As [`Line::wait`] until nothing is left.
    pub(super) fn poll_empty(&self, cx: &Context<'_>) -> Poll<()> {
        self.poll(Waiter::Waits(cx.waker()), Until::Empty)
    }

    /// Has whoever waits look at what was added.
    pub(super) fn wake(&self) {
        self.wakes.wake_by_ref();
    }

    /// Goes on to a job, as far as there is nothing to wait for. Whoever is beside does the rest.
    pub(super) fn go(&self, place: &Place) {
        let _ = self.poll(Waiter::Nobody, Until::Done(place));
    }

    pub(super) fn is(&self, until: Until<'_>) -> bool {
        self.lock().is(until)
    }

    /// Drops all jobs but one that is being polled.
    pub(super) fn clear(&self) {
        let mut queue = self.lock();
        let jobs = std::mem::take(&mut queue.jobs);
        queue.states = 0;
        drop(queue);
        drop(jobs);
        self.wakes.wake_by_ref();
    }

    fn poll(&self, who: Waiter<'_>, until: Until<'_>) -> Poll<()> {
        let waker = Waker::from(Arc::clone(&self.wakes));
        let mut moved = false;
        let mut queue = self.lock();
        // Whoever has something to do must have been told of it before this returns.
        let (polled, left) = loop {
            if queue.is(until) {
                if let Waiter::Beside(_) = who {
                    // For what comes later.
                    self.wakes.register(who);
                }
                break (Poll::Ready(()), moved && !queue.jobs.is_empty());
            }
            if queue.busy {
                self.wakes.register(who);
                break (Poll::Pending, false);
            }
            if !self.wakes.take() {
                break (Poll::Pending, self.wakes.register(who));
            }
            let Some(mut job) = queue.jobs.pop_front() else { break (Poll::Ready(()), false) };
            queue.busy = true;
            drop(queue);
            let polled = job.work.as_mut().poll(&mut Context::from_waker(&waker));
            queue = self.lock();
            queue.busy = false;
            match polled {
                Poll::Pending => {
                    queue.jobs.push_front(job);
                    break (Poll::Pending, self.wakes.register(who));
                }
                Poll::Ready(result) => {
                    moved = true;
                    queue.states = queue.states.saturating_sub(usize::from(job.state));
                    job.place.fill(result);
                    self.wakes.next();
                    // What goes with it may have more for this line.
                    drop(queue);
                    drop(job);
                    queue = self.lock();
                }
            }
        };
        drop(queue);
        if left {
            self.wakes.wake_by_ref();
        } else if moved {
            self.wakes.wake_waiters();
        }
        polled
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Line").field(&self.lock().jobs.len()).finish()
    }
}

impl Queue {
    fn is(&self, until: Until<'_>) -> bool {
        match until {
            Until::Done(place) => place.is_filled(),
            Until::NoState => self.states == 0,
            Until::Empty => self.jobs.is_empty() && !self.busy,
        }
    }
}

impl Place {
    /// What came of the job; success, as long as nothing is known.
    pub(super) fn take(&self) -> Result {
        self.lock().take().unwrap_or(Ok(()))
    }

    fn fill(&self, result: Result) {
        *self.lock() = Some(result);
    }

    fn is_filled(&self) -> bool {
        self.lock().is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Result>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who waits. As a waker, this is what the first job is polled with.
struct LineWakes(Mutex<Known>);

struct Known {
    /// The first job has something to do.
    woken: bool,
    waiters: Vec<Waker>,
    beside: Option<Waker>,
}

impl Default for LineWakes {
    fn default() -> Self {
        Self(Mutex::new(Known { woken: true, waiters: Vec::new(), beside: None }))
    }
}

impl LineWakes {
    /// Whether the first job has something to do, by now.
    fn register(&self, who: Waiter<'_>) -> bool {
        let mut known = self.lock();
        let mut former = None;
        match who {
            Waiter::Waits(waker) if !known.waiters.iter().any(|other| other.will_wake(waker)) => {
                known.waiters.push(waker.clone());
            }
            Waiter::Beside(waker) if !known.beside.as_ref().is_some_and(|other| other.will_wake(waker)) => {
                former = known.beside.replace(waker.clone());
            }
            _ => {}
        }
        let woken = known.woken;
        // Whatever goes with it may wake others.
        drop((known, former));
        woken
    }

    /// Whether the first job has something to do. It is going to be polled then.
    fn take(&self) -> bool {
        std::mem::replace(&mut self.lock().woken, false)
    }

    /// Another job is the first, and was not polled.
    fn next(&self) {
        self.lock().woken = true;
    }

    fn wake_waiters(&self) {
        let waiters = std::mem::take(&mut self.lock().waiters);
        waiters.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for LineWakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.next();
        self.wake_waiters();
        let beside = self.lock().beside.take();
        beside.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_panics_fails_and_the_others_go_on() {
        let line = Line::default();
        let broken = line.add(true, async { panic!("as it happens") });
        let next = line.add(true, async { Ok(()) });
        line.go(&next);
        assert!(broken.take().unwrap_err().to_string().contains("as it happens"));
        assert!(next.is_filled() && line.is(Until::Empty) && line.is(Until::NoState));
    }
}
