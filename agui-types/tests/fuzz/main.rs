//! The property of the fuzz target (`fuzz/` at the top of the repository) on random inputs, with nothing
//! but a stable compiler.
//!
//! | variable | effect |
//! |---|---|
//! | `AGUI_FUZZ_SECONDS` | how long to look; 1 if not set |
//! | `AGUI_SEED` | seed of the inputs; chosen at random if not set |
//!
//! Input number *n* of a seed is the same in every run, so a failure is found again at the latest when as
//! many inputs were tried.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking and explains itself by printing, in the functions it calls as well"
)]

mod input;
mod minimise;
#[allow(dead_code, reason = "the conformance tests use the rest")]
#[path = "../conformance/support/mod.rs"]
mod support;

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use support::property::{Subject, Verdict};
use support::rng::Rng;
use support::{cases, schema};

#[test]
fn decoders_and_schema_agree_about_any_input() {
    let seed = cases::seed();
    let limit = seconds();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let run =
        Run { seed, next: AtomicU64::new(0), stop: AtomicBool::new(false), started: Instant::now(), limit };

    let tallies: Vec<Result<Tally, Failure>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| run.work())).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker catches what panics")).collect()
    });

    let mut tally = Tally::default();
    for result in tallies {
        match result {
            Ok(part) => tally.add(&part),
            Err(failure) => panic!("{}", failure.explain(&run)),
        }
    }
    say(&format!("fuzz: {tally} in {:.1} s, AGUI_SEED={seed}\n", run.started.elapsed().as_secs_f64()));
    assert!(tally.total() > 0, "no time for any input");
}

/// What the threads share.
struct Run {
    seed: u64,
    next: AtomicU64,
    stop: AtomicBool,
    started: Instant,
    limit: Duration,
}

impl Run {
    fn work(&self) -> Result<Tally, Failure> {
        let mut tally = Tally::default();
        while !self.stop.load(Ordering::Relaxed) && self.started.elapsed() < self.limit {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let mut rng = Rng::with_seed(cases::hash((self.seed, number)));
            let (subject, bytes) = input::input(schema::own(), &mut rng);
            match check(subject, &bytes) {
                Ok(verdict) => tally.count(verdict),
                Err(_) => {
                    self.stop.store(true, Ordering::Relaxed);
                    return Err(Failure { number, subject, bytes, after: self.started.elapsed() });
                }
            }
        }
        Ok(tally)
    }
}

/// An input of which the property does not hold.
struct Failure {
    number: u64,
    subject: Subject,
    bytes: Vec<u8>,
    after: Duration,
}

impl Failure {
    fn explain(&self, run: &Run) -> String {
        let fails = |bytes: &[u8]| check(self.subject, bytes).is_err();
        let smallest = minimise::minimise(self.bytes.clone(), fails);
        let failure = check(self.subject, &smallest).expect_err("the smallest input fails as well");
        format!(
            "{} fails with input {} of AGUI_SEED={}, after {:.1} s and {} inputs\n\n\
             the smallest input like it: {}\n{failure}\n\nfound as: {}\n",
            self.subject.definition.name,
            self.number,
            run.seed,
            self.after.as_secs_f64(),
            run.next.load(Ordering::Relaxed),
            String::from_utf8_lossy(&smallest),
            String::from_utf8_lossy(&self.bytes),
        )
    }
}

/// The property; a panic breaks it like anything else.
fn check(subject: Subject, bytes: &[u8]) -> Result<Verdict, String> {
    catch_unwind(AssertUnwindSafe(|| subject.check(bytes)))
        .unwrap_or_else(|panic| Err(format!("a panic: {}", message(&*panic))))
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message")
}

/// How many inputs of each kind there were.
#[derive(Default)]
struct Tally(BTreeMap<String, u64>);

impl Tally {
    fn count(&mut self, verdict: Verdict) {
        *self.0.entry(format!("{verdict:?}")).or_default() += 1;
    }

    fn add(&mut self, other: &Self) {
        for (kind, count) in &other.0 {
            *self.0.entry(kind.clone()).or_default() += count;
        }
    }

    fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut kinds = String::new();
        for (kind, count) in &self.0 {
            write!(kinds, "{}{kind} {count}", if kinds.is_empty() { "" } else { ", " })?;
        }
        write!(f, "{} inputs ({kinds})", self.total())
    }
}

fn seconds() -> Duration {
    let Ok(seconds) = std::env::var("AGUI_FUZZ_SECONDS") else { return Duration::from_secs(1) };
    let parsed = seconds.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    parsed.unwrap_or_else(|| panic!("AGUI_FUZZ_SECONDS is {seconds}, which is no time"))
}

/// To the real standard error: libtest keeps what a passing test prints to itself.
fn say(line: &str) {
    // Nothing sensible can be done when standard error is closed.
    let _ = std::io::stderr().write_all(line.as_bytes());
}
