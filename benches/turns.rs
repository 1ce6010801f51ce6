//! What the loop between a model and its tools costs: 10,000 turns with one tool call each, a turn a run and fifty, beside
//! the scripted model asked by itself for the same replies. Each run has an answer without a call at its end, which is
//! part of both. `cargo bench --bench turns`

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a program for people to run")]

use agui::model::{LlmAgent, Model, ModelRequest, Reply, ScriptedModel};
use agui::{Message, RunAgentInput, UserMessage, agui_tool, tools};
use futures_util::{FutureExt, StreamExt};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

/// The current weather at a place.
#[agui_tool]
fn get_weather(city: String) -> String {
    city
}

const TURNS: usize = 10_000;

/// A model that calls a tool in each of so many turns of a run, in three pieces, and then is done.
fn model(turns: usize) -> ScriptedModel {
    ScriptedModel::answering(move |request| {
        let results = request.messages.iter().filter(|message| matches!(message, Message::Tool(_))).count();
        match results < turns {
            true => Reply::default().and_raw_call("get_weather", [r#"{"ci"#, r#"ty":"Ky"#, r#"iv"}"#]),
            false => Reply::text("Sunny."),
        }
    })
}

/// The model by itself, with conversations as long as those of the loop.
fn bare(turns: usize) {
    let model = model(turns);
    for _ in 0..TURNS / turns {
        let mut request = ModelRequest::default();
        request.messages = vec![UserMessage::new("u", "?").into()];
        for turn in 0..=turns {
            let events: Vec<_> = model.respond(request.clone()).collect().now_or_never().unwrap();
            black_box(events);
            let id = turn.to_string();
            let call =
                agui::ToolCall::new(&*id, agui::FunctionCall::new("get_weather", r#"{"city":"Kyiv"}"#));
            request.messages.push(agui::AssistantMessage::new(&*id).tool_calls(vec![call]).into());
            request.messages.push(agui::ToolMessage::new(&*id, "Kyiv", &*id).into());
        }
    }
}

/// The agent, up to the bytes for the client, each piece of which is shown to `read`.
fn agent(turns: usize, mut read: impl FnMut(&[u8])) {
    let agent = LlmAgent::new(Arc::new(model(turns)));
    let agent = agent.tools(tools![GetWeather].unwrap()).max_turns(turns + 1);
    for run in 0..TURNS / turns {
        let input = RunAgentInput::new("t", run.to_string(), vec![UserMessage::new("u", "?").into()]);
        let mut run = agui::run(agent.clone(), input);
        // It waits for nothing but its turn, which it has at once.
        loop {
            match run.next().now_or_never() {
                Some(Some(chunk)) => read(&chunk),
                Some(None) => break,
                None => {}
            }
        }
    }
}

/// What is measured is done: so many calls have a result, and so many runs their end.
fn check(turns: usize) {
    let mut text = String::new();
    agent(turns, |chunk| text.push_str(std::str::from_utf8(chunk).unwrap()));
    let count = |name: &str| text.matches(&format!(r#""type":"{name}""#)).count();
    assert_eq!((count("TOOL_CALL_RESULT"), count("RUN_FINISHED")), (TURNS, TURNS / turns));
}

/// Microseconds and allocations a turn, the best of some rounds.
fn measure(work: impl Fn()) -> (f64, f64) {
    let round = || {
        let start = Instant::now();
        allocation_counter::opt_out(&work);
        start.elapsed().as_secs_f64() * 1e6 / TURNS as f64
    };
    let time = (0..5).map(|_| round()).fold(f64::INFINITY, f64::min);
    (time, allocation_counter::measure(&work).count_total as f64 / TURNS as f64)
}

fn main() {
    for turns in [1, 50] {
        check(turns);
        let (model, all) = (measure(|| bare(turns)), measure(|| agent(turns, |chunk| _ = black_box(chunk))));
        println!(
            "{turns} turns a run: the model {:.1} µs and {:.0} allocations a turn, with the agent {:.1} µs and {:.0}",
            model.0, model.1, all.0, all.1
        );
    }
}
