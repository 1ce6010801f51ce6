//! What every agent here says: a message of two hundred deltas, in one of three ways.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;

/// Deltas of a run, as a model would give them.
pub(crate) const DELTAS: usize = 200;

/// Deltas of a run in which each comes alone.
const LONE: usize = 50;

/// How long nothing happens before a lone delta.
const PAUSE: Duration = Duration::from_millis(2);

const WORDS: [&str; 8] = ["The ", "answer ", "comes ", "word ", "by ", "word, ", "as ", "models "];

/// How deltas come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// All are there: the agent never waits.
    Burst,
    /// Another task hands them over one by one, as fast as they are taken: the agent waits for each.
    Paced,
    /// As `Paced`, after a pause each, with the time of their making as their text.
    Lone,
}

impl Shape {
    pub(crate) const ALL: [Self; 3] = [Self::Burst, Self::Paced, Self::Lone];

    pub(crate) fn deltas(self) -> usize {
        if self == Self::Lone { LONE } else { DELTAS }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Burst => "burst",
            Self::Paced => "paced",
            Self::Lone => "lone",
        })
    }
}

impl FromStr for Shape {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|shape| shape.to_string() == text);
        found.ok_or_else(|| format!("no shape is called {text}"))
    }
}

/// The deltas of one run.
#[derive(Debug)]
pub(crate) enum Deltas {
    Ready(usize),
    Awaited(mpsc::Receiver<Cow<'static, str>>),
}

impl Deltas {
    pub(crate) fn new(shape: Shape) -> Self {
        if shape == Shape::Burst {
            return Self::Ready(0);
        }
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            for index in 0..shape.deltas() {
                let delta = match shape {
                    Shape::Lone => {
                        tokio::time::sleep(PAUSE).await;
                        nanoseconds().to_string().into()
                    }
                    Shape::Burst | Shape::Paced => word(index),
                };
                if sender.send(delta).await.is_err() {
                    return;
                }
            }
        });
        Self::Awaited(receiver)
    }

    pub(crate) async fn next(&mut self) -> Option<Cow<'static, str>> {
        match self {
            Self::Ready(index) if *index < DELTAS => {
                *index += 1;
                Some(word(*index - 1))
            }
            Self::Ready(_) => None,
            Self::Awaited(receiver) => receiver.recv().await,
        }
    }
}

pub(crate) fn word(index: usize) -> Cow<'static, str> {
    WORDS.get(index % WORDS.len()).copied().unwrap_or_default().into()
}

/// Since the Unix epoch: the same for all processes.
pub(crate) fn nanoseconds() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}
