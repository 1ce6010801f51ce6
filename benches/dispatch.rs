//! What calling a tool costs beside its work: a call with 200 bytes of arguments through [`Tools`], against a
//! `match` on the name with `serde_json::from_str`, written by hand. `cargo bench --bench dispatch`

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a program for people to run")]

use agui::{RunAgentInput, RunContext, ToolContext, Tools, agui_tool, tools};
use futures_util::FutureExt;
use serde::Deserialize;
use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::Instant;

const ARGUMENTS: &str = r#"{"from":"Kyiv-Pasazhyrskyi","to":"Lisboa Santa Apolónia","day":"2026-11-21","passengers":[{"name":"Ada Lovelace","age":36},{"name":"Grace Hopper","age":85}],"flexible":true,"class":2,"note":"window seat"}"#;

#[derive(Debug, PartialEq, Deserialize, serde::Serialize, schemars::JsonSchema)]
struct Passenger {
    name: String,
    age: u8,
}

/// Books a journey.
#[agui_tool]
async fn book(
    from: String,
    to: String,
    day: String,
    passengers: Vec<Passenger>,
    flexible: bool,
    class: u8,
    note: Option<String>,
) -> String {
    black_box((&from, &to, &day, &passengers, flexible, class, &note));
    "booked".to_owned()
}

/// Some more tools, so that there is something to look up.
macro_rules! others {
    ($($name:ident),*) => {$(
        /// Another tool.
        #[agui_tool]
        fn $name() {}
    )*};
}

others!(cancel, change, refund, seats, meals, rooms, cars, trains);

#[derive(Deserialize)]
struct Arguments {
    from: String,
    to: String,
    day: String,
    passengers: Vec<Passenger>,
    flexible: bool,
    class: u8,
    note: Option<String>,
}

async fn by_hand(name: &str, text: &str) -> Result<String, serde_json::Error> {
    match name {
        "cancel" | "change" | "refund" | "seats" | "meals" | "rooms" | "cars" | "trains" => Ok(String::new()),
        "book" => {
            let Arguments { from, to, day, passengers, flexible, class, note } = serde_json::from_str(text)?;
            Ok(book(from, to, day, passengers, flexible, class, note).await)
        }
        _ => Ok("There is no such tool.".to_owned()),
    }
}

/// A run context that outlives its run; nothing is emitted here.
fn context() -> RunContext {
    let slot = Arc::new(Mutex::new(None));
    let inside = Arc::clone(&slot);
    let agent = move |run: RunContext| {
        *inside.lock().unwrap() = Some(run);
        async { Ok(()) }
    };
    let mut run = agui::run(agent, RunAgentInput::new("t", "r", vec![]));
    while let Some(Some(_)) = futures_util::StreamExt::next(&mut run).now_or_never() {}
    let context = slot.lock().unwrap().take();
    context.unwrap()
}

/// Nanoseconds a call, the best of many rounds.
fn measure(mut call: impl FnMut()) -> f64 {
    const CALLS: u32 = 10_000;
    let round = |call: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..CALLS).for_each(|_| call());
        start.elapsed().as_nanos() as f64 / f64::from(CALLS)
    };
    (0..50).map(|_| round(&mut call)).fold(f64::INFINITY, f64::min)
}

fn main() {
    let tools: Tools = tools![Cancel, Change, Refund, Seats, Book, Meals, Rooms, Cars, Trains].unwrap();
    let context = ToolContext::new(context(), "call-1");
    let (name, text) = (black_box("book"), black_box(ARGUMENTS));
    let hand = measure(|| {
        black_box(by_hand(name, text).now_or_never().unwrap().unwrap());
    });
    let ours = measure(|| {
        black_box(tools.call(name, text, context.clone()).now_or_never().unwrap().unwrap());
    });
    println!(
        "{} bytes of arguments: by hand {hand:.0} ns, through tools {ours:.0} ns, {:.2} x",
        text.len(),
        ours / hand
    );
}
