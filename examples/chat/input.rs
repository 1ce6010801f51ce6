//! Lines, typed or piped.

use std::io::{IsTerminal, Write, stderr, stdin};
use tokio::sync::mpsc;

pub(crate) struct Lines(mpsc::Receiver<String>);

impl Lines {
    /// Reads on a thread, since nothing else can wait for a terminal.
    pub(crate) fn of_stdin() -> Self {
        let (sender, receiver) = mpsc::channel(1);
        std::thread::spawn(move || {
            for line in stdin().lines().map_while(Result::ok) {
                if sender.blocking_send(line).is_err() {
                    break;
                }
            }
        });
        Self(receiver)
    }

    /// The next line; `None` when there are no more, or after Ctrl-C.
    pub(crate) async fn next(&mut self, prompt: &str) -> Option<String> {
        if stdin().is_terminal() {
            let _ = write!(stderr(), "{prompt}");
        }
        tokio::select! {
            line = self.0.recv() => line,
            _ = tokio::signal::ctrl_c() => None,
        }
    }
}
