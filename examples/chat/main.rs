//! Talks to any AG-UI agent in the terminal.
//!
//! `cargo run --example chat -- http://127.0.0.1:9001/agui`
//!
//! Each line is a message, typed or piped. Ctrl-C stops the run, and at the prompt the program. What the agent says goes
//! to standard output, everything else that it does to standard error; with `--json` it is the events, one a line, that
//! go to standard output, and to standard error go warnings, questions, errors and the outcome of each run, an object with
//! a member of that name a line. `--record FILE` keeps everything for `agui::client::Playback`.
//!
//! It ends with code 1 if a run failed, or waits for an answer that nobody gives.

mod input;
mod options;
mod screen;

use agui::client::{AnswerError, Answerable, HttpAgent, Outcome, Recorder, Thread, Turn, TurnError};
use agui::{Interrupt, ResumeEntry};
use input::Lines;
use options::Options;
use screen::Screen;
use serde_json::{Value, json};
use std::pin::pin;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    // Whoever wants JSON wants it of what is wrong with the command line, too.
    let mut screen = Screen::new(options::wants_json(&arguments));
    let fine = match Options::read(arguments) {
        Ok(options) => chat(options, &mut screen).await,
        Err(error) => {
            screen.complain(&error);
            false
        }
    };
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether no run failed or was left with a question.
async fn chat(options: Options, screen: &mut Screen) -> bool {
    let mut lines = Lines::of_stdin();
    let mut thread = Thread::new(Recorder::new(options.agent, options.record));
    let mut fine = true;
    while let Some(line) = lines.next("> ").await {
        if line.trim().is_empty() {
            continue;
        }
        fine &= follow(thread.send(line), screen).await;
        while !thread.interrupts().is_empty() {
            let Some(answers) = ask(thread.interrupts(), screen, &mut lines).await else {
                screen.complain(&"there is no answer, so the run stays open");
                return false;
            };
            fine &= follow(thread.resume(answers), screen).await;
        }
    }
    fine
}

/// Shows a turn until it ends or is stopped.
async fn follow(mut turn: Turn<'_, Recorder<HttpAgent>>, screen: &mut Screen) -> bool {
    let abort = turn.abort_handle();
    let mut stop = pin!(tokio::signal::ctrl_c());
    let mut stopped = false;
    loop {
        tokio::select! {
            biased;
            _ = &mut stop, if !stopped => {
                stopped = true;
                abort.abort();
            }
            update = turn.next() => match update {
                Some(update) => screen.show(&update),
                None => break,
            },
        }
    }
    match turn.await {
        Ok(report) => screen.ended(&report.outcome, &report.warnings),
        Err(TurnError::Failed(report)) => {
            screen.ended(&report.outcome, &report.warnings);
            return matches!(report.outcome, Outcome::Truncated(end) if end.aborted);
        }
        Err(error) => {
            screen.complain(&error);
            return false;
        }
    }
    true
}

/// The answers to all that the agent asks; `None` if there is nobody to give them.
async fn ask(asked: &[Interrupt], screen: &mut Screen, lines: &mut Lines) -> Option<Vec<ResumeEntry>> {
    let mut answers = Vec::new();
    for interrupt in asked {
        screen.question(interrupt);
        answers.push(loop {
            match answer(interrupt, lines.next("? ").await?.trim()) {
                Ok(answer) => break answer,
                Err(error) => screen.complain(&error),
            }
        });
    }
    Some(answers)
}

/// `y` and `n` decide, JSON is taken as it is, and an empty line gives the question up.
fn answer(interrupt: &Interrupt, line: &str) -> Result<ResumeEntry, AnswerError> {
    let decide = |approved: bool| {
        let decision = interrupt.resolve(&json!({ "approved": approved }));
        decision.or_else(|error| interrupt.resolve(&approved).map_err(|_| error))
    };
    match line {
        "" => Ok(interrupt.cancel()),
        "y" | "yes" => decide(true),
        "n" | "no" => decide(false),
        _ => interrupt.resolve(&serde_json::from_str(line).unwrap_or(Value::from(line))),
    }
}
