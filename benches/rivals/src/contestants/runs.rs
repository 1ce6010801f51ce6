//! Whole runs in process, from what the agent calls to the frames that it becomes: our runtime and that of
//! `ag-ui`. Nothing waits in them, so that one poll runs them to their end.

use super::{Contestant, Who};
use crate::Outcome;
use crate::measure::Task;
use futures_util::{FutureExt, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::hint::black_box;

const DELTAS: usize = 200;
/// With what opens and closes the message and the run.
const EVENTS: usize = DELTAS + 4;
/// Runs in a pass, to be long beside the clock's resolution.
const RUNS: usize = 20;

/// Changes of the state in a run. What opens and closes that is measured with them.
const CHANGES: usize = 50;

const DELTA: &str = "and so on ";

/// A state of 43 kB.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Board {
    title: String,
    revision: u64,
    cards: Vec<Card>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Card {
    id: String,
    text: String,
    labels: Vec<String>,
    votes: u32,
    done: bool,
}

impl Board {
    fn large() -> Self {
        let card = |number: u32| Card {
            id: format!("card-{number:04}"),
            text: "What has to be done before anything else can be. ".repeat(2),
            labels: ["planning", "urgent", "second floor"].map(str::to_owned).to_vec(),
            votes: number,
            done: number.is_multiple_of(3),
        };
        Self { title: "Everything".to_owned(), revision: 0, cards: (0..205).map(card).collect() }
    }
}

pub(super) fn ours() -> Outcome<Contestant<'static>> {
    use agui::{Result, Run, RunAgentInput, RunContext, run};

    async fn talk(run: RunContext) -> Result {
        let mut message = run.start_text().await?;
        for _ in 0..DELTAS {
            message.push(black_box(DELTA)).await?;
        }
        message.finish().await
    }

    async fn publish(run: RunContext) -> Result {
        let mut board: Board = run.state()?;
        for _ in 0..CHANGES {
            board.revision += 1;
            run.update_state(&board).await?;
        }
        Ok(())
    }

    fn frames(run: Run) -> Outcome<Vec<bytes::Bytes>> {
        let frames = run.inspect(|frame| {
            black_box(frame);
        });
        Ok(frames.collect().now_or_never().ok_or("the run waits")?)
    }

    let input = |state: Option<&Value>| {
        let mut input = RunAgentInput::new("thread-1", "run-1", vec![]);
        input.state = state.cloned();
        input
    };
    let state = serde_json::to_value(Board::large())?;
    check(&frames(run(talk, input(None)))?.concat(), EVENTS)?;
    check(&frames(run(publish, input(Some(&state))))?.concat(), CHANGES + 2)?;
    Ok(Contestant::new(Who::OursRun).runs(
        repeated(move || frames(run(talk, input(None))).map(drop)),
        Task::new(CHANGES, move || frames(run(publish, input(Some(&state)))).map(drop)),
    ))
}

pub(super) fn ag_ui() -> Outcome<Contestant<'static>> {
    use ag_ui::server::{Agent, Result, RunContext, run};
    use ag_ui::{RunAgentInput, RunOutcome, SseFormatter};

    struct Talk;

    impl Agent for Talk {
        type State = ();

        async fn run(&self, run: &mut RunContext<()>) -> Result<RunOutcome> {
            let mut message = run.assistant_message()?;
            for _ in 0..DELTAS {
                message.delta(black_box(DELTA))?;
            }
            message.end()?;
            Ok(RunOutcome::Success)
        }
    }

    struct Publish;

    impl Agent for Publish {
        type State = Board;

        async fn run(&self, run: &mut RunContext<Board>) -> Result<RunOutcome> {
            for _ in 0..CHANGES {
                run.state_mut().revision += 1;
                run.publish_state()?;
            }
            Ok(RunOutcome::Success)
        }
    }

    fn frames<A: Agent>(agent: A, input: RunAgentInput) -> Outcome<Vec<String>> {
        let formatter = SseFormatter::new();
        let events = run(agent, input).map(|event| Ok(formatter.encode_to_string(&event?)?));
        events.collect::<Vec<_>>().now_or_never().ok_or("the run waits")?.into_iter().collect()
    }

    let input = |state: Option<&Value>| {
        let mut input = RunAgentInput::new("thread-1", "run-1");
        input.state = state.cloned().unwrap_or_default();
        input
    };
    let state = serde_json::to_value(Board::large())?;
    check(frames(Talk, input(None))?.concat().as_bytes(), EVENTS)?;
    check(frames(Publish, input(Some(&state)))?.concat().as_bytes(), CHANGES + 2)?;
    Ok(Contestant::new(Who::AgUiRun).runs(
        repeated(move || frames(Talk, input(None)).map(drop)),
        Task::new(CHANGES, move || frames(Publish, input(Some(&state))).map(drop)),
    ))
}

fn repeated(run: impl Fn() -> Outcome<()> + 'static) -> Task<'static> {
    Task::new(RUNS * EVENTS, move || (0..RUNS).try_for_each(|_| run()))
}

fn check(frames: &[u8], events: usize) -> Outcome<()> {
    let found = frames.windows(2).filter(|pair| pair == b"\n\n").count();
    if found == events { Ok(()) } else { Err(format!("{found} events in place of {events}").into()) }
}
