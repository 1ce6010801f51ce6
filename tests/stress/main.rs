//! Everything at once, in a process of its own, so that its memory can be watched.

#![cfg(feature = "server")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers as well"
)]

#[path = "../integration/support"]
#[allow(dead_code, reason = "other tests need more of it")]
mod support {
    pub(crate) mod agents;
    pub(crate) mod frames;
    pub(crate) mod http;
    pub(crate) mod http2;
}

use crate::support::agents::{PATIENCE, input_of as input, soon};
use crate::support::frames::{text, types};
use crate::support::http::{Exchange, Serving};
use crate::support::http2;
use agui::{Agent, CustomEvent, Result, RunContext, Server};
use futures_util::future::join_all;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

const HEALTHY: usize = 1000;
const SLOW: usize = 200;
const LEAVING: usize = 200;
const PANICKING: usize = 50;
/// On one connection.
const STREAMS: usize = 50;
const WORDS: usize = 20;

/// Counts the agents that are there.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// An agent that counts itself while it runs.
fn counted<F>(
    count: &Arc<AtomicUsize>,
    work: impl Fn(RunContext) -> F + Copy + Send + Sync + 'static,
) -> impl Agent
where
    F: Future<Output = Result> + Send + 'static,
{
    let count = Arc::clone(count);
    move |run: RunContext| {
        let alive = Alive::new(&count);
        async move {
            let _alive = alive;
            work(run).await
        }
    }
}

async fn words(run: RunContext) -> Result {
    let mut message = run.start_text().await?;
    for index in 0..WORDS {
        message.push(format!("{index} ")).await?;
        if index % 5 == 0 {
            sleep(Duration::from_millis(20)).await;
        }
    }
    message.finish().await
}

async fn flood(run: RunContext) -> Result {
    let kibibyte = "x".repeat(1024);
    loop {
        run.emit(CustomEvent::new("flood", kibibyte.as_str())).await?;
    }
}

async fn unlucky(run: RunContext) -> Result {
    let _message = run.start_text().await?;
    sleep(Duration::from_millis(wait_of(&run))).await;
    panic!("bad luck")
}

/// Some milliseconds, different for each run.
fn wait_of(run: &RunContext) -> u64 {
    run.run_id().bytes().fold(7, |all, byte| all * 31 + u64::from(byte)) % 50
}

async fn healthy(server: SocketAddr) {
    let clients = join_all((0..HEALTHY.div_ceil(STREAMS)).map(|_| http2::connect(server))).await;
    let runs = (0..HEALTHY).map(|index| {
        let client = clients[index % clients.len()].clone();
        // Each on its own, so that small frames do not pile up in the client.
        tokio::spawn(async move {
            http2::events(http2::post(client, "/words/agui", input(&format!("h{index}"))).await).await
        })
    });
    let expected = (0..WORDS).map(|index| format!("{index} ")).collect::<String>();
    for events in join_all(runs).await {
        let events = events.unwrap();
        assert_eq!(text(&events), expected);
        assert_eq!((types(&events)[0], *types(&events).last().unwrap()), ("RUN_STARTED", "RUN_FINISHED"));
    }
}

#[test]
fn a_thousand_runs_do_not_mind_slow_leaving_and_panicking_company() {
    use tokio::runtime::Builder;
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(waves(1));

    // On one thread the allocator does the same each time, so that its memory tells of ours. What the first
    // waves needed is kept; nothing may be added to it.
    let memory = Builder::new_current_thread().enable_all().build().unwrap().block_on(waves(4));
    let [before @ .., after] = &memory[..] else { panic!("several waves") };
    let before = before.iter().max().unwrap();
    assert!(*after <= before + before / 10, "{before} pages became {after}");
}

/// The memory that is in use after each wave.
async fn waves(count: usize) -> Vec<usize> {
    let alive = Arc::new(AtomicUsize::new(0));
    let server = Server::new()
        .agent("/words", counted(&alive, words))
        .agent("/flood", counted(&alive, flood))
        .agent("/unlucky", counted(&alive, unlucky));
    let serving = Serving::start_with_small_buffers(server);
    let mut memory = Vec::new();
    for _ in 0..count {
        wave(serving.address, &alive).await;
        memory.push(resident());
    }
    soon("the end of the server", serving.stop()).await.unwrap().unwrap();
    memory
}

/// All kinds of clients, and that nothing of them is left.
async fn wave(address: SocketAddr, alive: &AtomicUsize) {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();

    let slow = join_all((0..SLOW).map(|index| async move {
        let mut exchange = Exchange::post(address, "/flood/agui", &input(&format!("s{index}"))).await;
        exchange.until("flood").await;
        exchange
    }));
    let slow = soon("slow readers", slow).await;
    let mut company = JoinSet::new();
    for index in 0..LEAVING {
        company.spawn(async move {
            let path = if index % 2 == 0 { "/words/agui" } else { "/flood/agui" };
            let exchange = Exchange::post(address, path, &input(&format!("l{index}"))).await;
            sleep(Duration::from_micros(fastrand::u64(0..60_000))).await;
            drop(exchange);
        });
    }
    for index in 0..PANICKING {
        company.spawn(async move {
            let exchange = Exchange::post(address, "/unlucky/agui", &input(&format!("p{index}"))).await;
            let events = exchange.answer().await.events();
            assert_eq!(
                types(&events),
                ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_END", "RUN_ERROR"]
            );
        });
    }
    let healthy = tokio::time::timeout(5 * PATIENCE, healthy(address));
    healthy.await.expect("healthy runs in time");
    company.join_all().await;

    soon("only those whose clients are slow to be left", async {
        while alive.load(Ordering::SeqCst) != SLOW {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    drop(slow);
    soon("the end of all agents and tasks", async {
        while alive.load(Ordering::SeqCst) > 0 || tasks() > before {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

/// The pages of memory that the process has; nothing where the system does not tell.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    pages.and_then(|pages| pages.split(' ').nth(1)?.parse().ok()).unwrap_or_default()
}
