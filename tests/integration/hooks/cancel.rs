//! Hooks that take their time with a run that was cancelled.

use super::order::{OnEvent, Slow};
use crate::support::agents::{Counter, DropSignal, input, input_of, soon};
use crate::support::frames::{all, events, types};
use crate::support::http::{Exchange, KeptAlive, Serving};
use crate::support::log::Log;
use agui::{Agent, CustomEvent, Event, Hooks, OnDisconnect, Result, RunContext, RunRequest, Server};
use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use futures_util::StreamExt;
use http_body_util::BodyExt;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep};
use tower::ServiceExt;

async fn endless(run: RunContext) -> Result {
    let mut message = run.start_text().await?;
    message.push("I am here.").await?;
    std::future::pending().await
}

/// A hook for runs that are cancelled, that is a function.
struct OnCancel<F>(F);

impl<F, Fut> Hooks for OnCancel<F>
where
    F: Fn(RunContext) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send,
{
    async fn cancel(&self, run: &RunContext) {
        (self.0)(run.clone()).await;
    }
}

/// Says good-bye after a second.
struct Polite;

impl Hooks for Polite {
    async fn cancel(&self, run: &RunContext) {
        sleep(Duration::from_secs(1)).await;
        run.emit(CustomEvent::new("bye", run.is_closed())).await.unwrap();
    }
}

const SAID: [&str; 6] = [
    "RUN_STARTED",
    "TEXT_MESSAGE_START",
    "TEXT_MESSAGE_CONTENT",
    "TEXT_MESSAGE_END",
    "CUSTOM",
    "RUN_FINISHED",
];

#[tokio::test(start_paused = true)]
async fn run_30_what_a_hook_says_of_a_cancelled_run_comes_before_its_end() {
    // What the agent left open passes the hook for events first, however long that takes.
    for agent in [
        agui::DynAgent::new(endless.with_hooks(Polite)),
        agui::DynAgent::new(endless.with_hooks(Polite).with_hooks(Slow)),
        agui::DynAgent::new(endless.with_hooks(Slow).with_hooks(Polite)),
    ] {
        let run = agui::run(agent, input());
        let handle = run.handle();
        let (events, ()) = tokio::join!(all(run), async {
            sleep(Duration::from_secs(10)).await;
            handle.cancel();
        });
        assert_eq!(types(&events), SAID);
        assert_eq!(
            (&events[4]["value"], &events[5]["outcome"]["type"]),
            (&json!(false), &json!("cancelled"))
        );
        assert!(handle.is_closed());
    }
}

/// The inner one first, each with what was emitted inside of it.
#[tokio::test(start_paused = true)]
async fn hooks_around_hooks_are_told_one_after_the_other() {
    let says = |name: &'static str, time: u64| {
        OnCancel(move |run: RunContext| async move {
            sleep(Duration::from_secs(time)).await;
            run.emit(CustomEvent::new(name, 0)).await.unwrap();
        })
    };
    let agent = || endless.with_hooks(says("inner", 3)).with_hooks(says("outer", 1));
    let run = agui::run(agent(), input());
    run.handle().cancel();
    // Before the agent began.
    assert_eq!(types(&all(run).await), ["RUN_STARTED", "RUN_FINISHED"]);

    let run = agui::run(agent(), input());
    let handle = run.handle();
    let (events, ()) = tokio::join!(all(run), async {
        sleep(Duration::from_secs(1)).await;
        handle.cancel();
    });
    let names: Vec<_> = events.iter().filter_map(|event| event["name"].as_str()).collect();
    assert_eq!(names, ["inner", "outer"]);
}

/// An agent that was given up within a run is one whose run was cancelled; the run goes on meanwhile.
#[tokio::test(start_paused = true)]
async fn an_agent_that_is_given_up_is_told_of_while_the_run_goes_on() {
    let told = Arc::new(Notify::new());
    let tell = Arc::clone(&told);
    let inner = Arc::new(endless.with_hooks(OnCancel(move |_| {
        let tell = Arc::clone(&tell);
        async move {
            sleep(Duration::from_secs(1)).await;
            tell.notify_one();
        }
    })));
    for elsewhere in [false, true] {
        let (told, inner) = (Arc::clone(&told), Arc::clone(&inner));
        let agent = move |run: RunContext| {
            let (told, inner) = (Arc::clone(&told), Arc::clone(&inner));
            async move {
                let within = run.clone();
                let given_up = async move {
                    tokio::time::timeout(Duration::from_secs(5), within.hand_over(&*inner)).await
                };
                if elsewhere {
                    tokio::spawn(given_up);
                } else {
                    assert!(given_up.await.is_err());
                }
                told.notified().await;
                run.emit(CustomEvent::new("told", 0)).await
            }
        };
        let events = soon("the hook to be told", all(agui::run(agent, input()))).await;
        assert_eq!(types(&events), SAID);
    }
}

/// As well by a task that goes on when the run is over, of which nothing is kept then.
#[tokio::test(start_paused = true)]
async fn an_agent_that_is_given_up_after_the_run_is_told_of_and_dropped() {
    let (sender, mut told) = mpsc::unbounded_channel();
    let inner = Arc::new(endless.with_hooks(OnCancel(move |run: RunContext| {
        let sender = sender.clone();
        async move {
            sleep(Duration::from_secs(1)).await;
            sender.send(run.is_closed()).unwrap();
        }
    })));
    let agent = move |run: RunContext| {
        let inner = Arc::clone(&inner);
        async move {
            let until_later =
                async move { tokio::time::timeout(Duration::from_secs(5), run.hand_over(&*inner)).await };
            tokio::spawn(until_later);
            sleep(Duration::from_secs(1)).await;
            Result::Ok(())
        }
    };
    let (signal, dropped) = DropSignal::new();
    let events = all(agui::run(agent, RunRequest::new(input()).with(Arc::new(signal)))).await;
    assert_eq!(types(&events)[3..], ["TEXT_MESSAGE_END", "RUN_FINISHED"]);
    assert_eq!(soon("the hook", told.recv()).await, Some(true));
    soon("everything to be dropped", dropped).await.unwrap();
}

#[tokio::test]
async fn a_run_that_takes_too_long_ends_when_its_hook_has_said_so() {
    let server = Server::new().agent("", endless.with_hooks(Polite)).max_run_time(Duration::from_millis(100));
    let serving = Serving::start(server).await;
    let events = Exchange::post(serving.address, "/agui", &input_of("r")).await.answer().await.events();
    assert_eq!(types(&events), SAID);
    assert_eq!(events[5]["outcome"]["type"], "cancelled");
}

/// Also after the agent was told; and the run is active until the hook is done.
#[tokio::test]
async fn a_hook_goes_on_when_the_client_has_gone() {
    for policy in [OnDisconnect::Drop, OnDisconnect::Tell(Duration::from_millis(10))] {
        let (sender, mut done) = mpsc::unbounded_channel();
        let goes_on = Arc::new(Notify::new());
        let waits = Arc::clone(&goes_on);
        let hook = OnCancel(move |run: RunContext| {
            let (sender, waits) = (sender.clone(), Arc::clone(&waits));
            async move {
                sender.send("begun").unwrap();
                waits.notified().await;
                sleep(Duration::from_millis(10)).await;
                let refused = run.emit(CustomEvent::new("bye", 0)).await.unwrap_err();
                assert!(run.is_closed() && refused.is_closed());
                sender.send("done").unwrap();
            }
        });
        let server = Server::new().agent("", endless.with_hooks(hook)).on_disconnect(policy);
        let serving = Serving::start(server).await;
        let mut exchange = Exchange::post(serving.address, "/agui", &input_of("r")).await;
        exchange.until("I am here.").await;
        drop(exchange);
        assert_eq!(soon("the hook", done.recv()).await, Some("begun"));
        let mut connection = KeptAlive::open(serving.address).await;
        let again = input_of("r");
        let again = soon("the refusal", connection.run("/agui", &again)).await.unwrap();
        assert_eq!(again.status(), 409);
        goes_on.notify_one();
        assert_eq!(soon("the hook", done.recv()).await, Some("done"));
    }
}

/// In the middle of it.
#[tokio::test]
async fn a_hook_goes_on_when_the_client_leaves_a_run_that_was_cancelled() {
    let (sender, mut done) = mpsc::unbounded_channel();
    let hook = OnCancel(move |run: RunContext| {
        let sender = sender.clone();
        async move {
            run.emit(CustomEvent::new("bye", 0)).await.unwrap();
            run.closed().await;
            sleep(Duration::from_millis(10)).await;
            sender.send(()).unwrap();
        }
    });
    let server = Server::new().agent("", endless.with_hooks(hook)).cancel_endpoint();
    let serving = Serving::start(server).await;
    let mut exchange = Exchange::post(serving.address, "/agui", &input_of("r")).await;
    exchange.until("I am here.").await;
    let mut connection = KeptAlive::open(serving.address).await;
    assert_eq!(connection.ask("POST /runs/r/cancel HTTP/1.1", b"").await.unwrap().status(), 202);
    exchange.until("bye").await;
    drop(exchange);
    soon("the hook", done.recv()).await.unwrap();
}

/// Never ends, and tells when it is dropped.
fn hanging() -> (impl Hooks, tokio::sync::oneshot::Receiver<()>) {
    let (guard, dropped) = DropSignal::new();
    let guard = Mutex::new(Some(guard));
    let hook = OnCancel(move |_| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            std::future::pending().await
        }
    });
    (hook, dropped)
}

/// Asks without a network, which would not wait for a clock that stands.
async fn asked(server: Server) -> Response {
    let request = Request::post("/agui").header(header::CONTENT_TYPE, "application/json");
    server.into_router().oneshot(request.body(Body::from(input_of("r"))).unwrap()).await.unwrap()
}

/// What is said in a run that takes longer than the second that it may.
async fn limited(hook: impl Hooks) -> axum::body::Bytes {
    let server = Server::new()
        .agent("", endless.with_hooks(hook))
        .max_run_time(Duration::from_secs(1))
        .keep_alive(None);
    asked(server).await.into_body().collect().await.unwrap().to_bytes()
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_hangs_ends_with_its_time() {
    let (hook, dropped) = hanging();
    let begin = Instant::now();
    let answer = limited(hook).await;
    assert_eq!(types(&events(&answer))[3..], ["TEXT_MESSAGE_END", "RUN_FINISHED"]);
    assert_eq!(begin.elapsed().as_secs(), 11);
    soon("the drop of the hook", dropped).await.unwrap();

    // With nobody there, too.
    let (hook, dropped) = hanging();
    let mut body = asked(Server::new().agent("", endless.with_hooks(hook))).await.into_body();
    body.frame().await.unwrap().unwrap();
    let begin = Instant::now();
    drop(body);
    soon("the drop of the hook", dropped).await.unwrap();
    assert_eq!(begin.elapsed().as_secs(), 10);
}

/// One that never waits is no way around it.
#[tokio::test(start_paused = true)]
async fn a_hook_that_emits_for_ever_ends_with_its_time() {
    let hook = OnCancel(|run: RunContext| async move {
        while run.emit(CustomEvent::new("still here", 0)).await.is_ok() {
            sleep(Duration::from_millis(100)).await;
        }
    });
    let server = Server::new().agent("", endless.with_hooks(hook)).max_run_time(Duration::from_secs(1));
    let answer = asked(server).await.into_body().collect().await.unwrap().to_bytes();
    let told = types(&events(&answer)).iter().filter(|kind| **kind == "CUSTOM").count();
    assert!((90..=110).contains(&told), "{told}");
    assert_eq!(types(&events(&answer)).last(), Some(&"RUN_FINISHED"));
}

#[tokio::test]
async fn a_server_does_not_wait_for_a_hook_that_hangs() {
    let (hook, _dropped) = hanging();
    let server =
        Server::new().agent("", endless.with_hooks(hook)).shutdown_deadline(Duration::from_millis(10));
    let serving = Serving::start(server).await;
    let mut exchange = Exchange::post(serving.address, "/agui", &input_of("r")).await;
    exchange.until("I am here.").await;
    soon("the end of the server", serving.stop()).await.unwrap().unwrap();
}

/// Where there are no tasks, what has to wait is given up, and nothing is kept.
#[test]
fn without_a_runtime_a_hook_goes_as_far_as_it_can() {
    for ready in [true, false] {
        let (log, _guard) = Log::collect();
        let (signal, mut dropped) = DropSignal::new();
        let told = Counter::default();
        let count = told.clone();
        let hook = OnCancel(move |_| {
            let count = count.clone();
            async move {
                count.increment();
                if !ready {
                    std::future::pending().await
                }
            }
        });
        let mut run = agui::run(endless.with_hooks(hook), RunRequest::new(input()).with(Arc::new(signal)));
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(run.poll_next_unpin(&mut cx).is_ready());
        drop(run);
        assert_eq!((told.get(), dropped.try_recv().is_ok()), (1, true));
        assert_eq!(log.everything().contains("WARN"), !ready, "{}", log.everything());
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_panics_late_spoils_nothing() {
    let hook = OnCancel(|_| async {
        sleep(Duration::from_secs(1)).await;
        panic!("broken");
    });
    let (log, _guard) = Log::collect();
    let run = agui::run(endless.with_hooks(hook).with_hooks(Polite), input());
    let handle = run.handle();
    let (events, ()) = tokio::join!(all(run), async {
        sleep(Duration::from_secs(1)).await;
        handle.cancel();
    });
    assert_eq!(types(&events), SAID);
    assert!(log.everything().contains("a hook failed with a run that was cancelled"));
}

/// A hook for events that hangs keeps no run from its end either.
#[tokio::test(start_paused = true)]
async fn what_a_dropped_agent_says_waits_no_longer_than_the_hook_has_time() {
    let hook = OnEvent(|_, event: Event| async move {
        match event {
            Event::TextMessageEnd(_) => std::future::pending().await,
            _ => Ok(vec![event]),
        }
    });
    let answer = limited(hook).await;
    // RUN-11: closed all the same.
    assert_eq!(types(&events(&answer))[3..], ["TEXT_MESSAGE_END", "RUN_FINISHED"]);
}

/// Not only when the time for it is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_over_as_soon_as_its_hook_is() {
    for policy in [OnDisconnect::Drop, OnDisconnect::Tell(Duration::from_millis(10))] {
        let hook = OnCancel(|_| sleep(Duration::from_millis(10)));
        let server = Server::new().agent("", endless.with_hooks(hook)).on_disconnect(policy);
        let serving = Serving::start(server).await;
        for round in 0..20 {
            let begin = Instant::now();
            loop {
                let mut exchange = Exchange::post(serving.address, "/agui", &input_of("r")).await;
                exchange.until("\r\n\r\n").await;
                if exchange.received().starts_with("HTTP/1.1 200") {
                    exchange.until("I am here.").await;
                    break;
                }
                assert!(begin.elapsed() < Duration::from_secs(8), "round {round} of {policy:?}");
                sleep(Duration::from_millis(5)).await;
            }
        }
    }
}
