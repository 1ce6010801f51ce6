//! Events that pass hooks which take their time: nothing is lost, and nothing comes out of order.

use crate::support::agents::{Counter, DropSignal, input, soon};
use crate::support::frames::{all, types};
use agui::{
    Agent, CustomEvent, Error, Event, Finished, Hooks, Order, Result, RunContext, RunRequest,
    TextMessageEndEvent,
};
use futures_util::{FutureExt, StreamExt};
use serde_json::{Value, json};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;

/// A hook for events that is a function.
pub(super) struct OnEvent<F>(pub(super) F);

impl<F, Fut> Hooks for OnEvent<F>
where
    F: Fn(RunContext, Event) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Vec<Event>>> + Send,
{
    async fn event(&self, run: &RunContext, event: Event) -> Result<Vec<Event>> {
        (self.0)(run.clone(), event).await
    }
}

/// Takes a second for each event.
pub(super) struct Slow;

impl Hooks for Slow {
    async fn event(&self, _: &RunContext, event: Event) -> Result<Vec<Event>> {
        sleep(Duration::from_secs(1)).await;
        Ok(vec![event])
    }
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["name"].as_str()).collect()
}

async fn emit(run: &RunContext, name: impl Into<String>) -> Result {
    run.emit(CustomEvent::new(name, 0)).await
}

/// Takes the longer for an event the earlier it comes, and is never asked for two at once.
#[tokio::test(start_paused = true)]
async fn events_of_several_emitters_pass_in_the_order_of_their_emission() {
    async fn both(run: RunContext) -> Result {
        let emitter = async |which: &str| {
            for number in 0..5 {
                emit(&run, format!("{which}{number}")).await?;
            }
            Result::Ok(())
        };
        tokio::try_join!(emitter("a"), emitter("b")).map(drop)
    }
    let (asked, at_work) = (Arc::new(Mutex::new(Vec::new())), Counter::default());
    let seen = Arc::clone(&asked);
    let hook = OnEvent(move |_, event: Event| {
        let (seen, at_work) = (Arc::clone(&seen), at_work.clone());
        async move {
            let number = seen.lock().unwrap().len();
            seen.lock().unwrap().push(json!(event)["name"].as_str().unwrap().to_owned());
            at_work.increment();
            sleep(Duration::from_millis(100 - 10 * number as u64)).await;
            assert_eq!(at_work.get(), number + 1, "the next one waits");
            Ok(vec![event])
        }
    });
    let events = all(agui::run(both.with_hooks(hook), input())).await;
    assert_eq!(names(&events), ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4"]);
    assert_eq!(names(&events), *asked.lock().unwrap());
    assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"));
}

/// On as many threads as there are, with a hook that gives way whenever it can, and one around it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_that_emit_at_once_lose_nothing() {
    async fn many(run: RunContext) -> Result {
        let tasks = (0..8).map(|task| {
            let run = run.clone();
            tokio::spawn(async move {
                for number in 0..100 {
                    if number % 10 == task {
                        drop(run.start_step(format!("{task} {number}")).await?);
                    }
                    emit(&run, format!("{task} {number}")).await?;
                }
                Result::<(), Error>::Ok(())
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap()?;
        }
        Ok(())
    }
    let gives_way = || {
        OnEvent(|_, event| async {
            tokio::task::yield_now().await;
            Ok(vec![event])
        })
    };
    let run = agui::run(many.with_hooks(gives_way()).with_hooks(gives_way()), input());
    let events = soon("the end of the run", tokio::spawn(all(run))).await.unwrap();
    for task in 0..8 {
        let mine: Vec<_> =
            names(&events).into_iter().filter(|name| name.starts_with(&format!("{task} "))).collect();
        let expected: Vec<_> = (0..100).map(|number| format!("{task} {number}")).collect();
        assert_eq!(mine, expected);
    }
    assert_eq!(events.len(), 2 + 8 * 100 + 2 * 80);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_waits_for_passes_the_hook_in_its_turn() {
    // With something emitted behind it, and as the last thing of all.
    async fn drops(run: RunContext) -> Result {
        let mut message = run.start_text().await?;
        message.push("Hi").await?;
        drop(message);
        emit(&run, "behind").await?;
        let _step = run.start_step("work").await?;
        let mut message = run.start_text().await?;
        message.push("!").await
    }
    struct Counts(Counter);
    impl Hooks for Counts {
        async fn event(&self, _: &RunContext, event: Event) -> Result<Vec<Event>> {
            sleep(Duration::from_secs(1)).await;
            self.0.increment();
            Ok(vec![event])
        }

        async fn complete(&self, run: &RunContext, _: &mut Finished) -> Result {
            drop(run.start_step("sum").await?);
            Ok(())
        }
    }
    let seen = Counter::default();
    let events = all(agui::run(drops.with_hooks(Counts(seen.clone())), input())).await;
    let expected = [
        "RUN_STARTED",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "CUSTOM",
        "STEP_STARTED",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "STEP_FINISHED",
        "STEP_STARTED",
        "STEP_FINISHED",
        "RUN_FINISHED",
    ];
    assert_eq!(types(&events), expected);
    assert_eq!(seen.get(), 11, "all but the bounds of the run");
}

/// While the agent waits for something else, whoever dropped it.
#[tokio::test(start_paused = true)]
async fn what_nobody_waits_for_passes_while_the_agent_waits() {
    for elsewhere in [false, true] {
        let passed = Arc::new(Notify::new());
        let told = Arc::clone(&passed);
        let hook = OnEvent(move |_, event| {
            let told = Arc::clone(&told);
            async move {
                sleep(Duration::from_secs(1)).await;
                if let Event::TextMessageEnd(_) = event {
                    told.notify_one();
                }
                Ok(vec![event])
            }
        });
        let agent = move |run: RunContext| {
            let passed = Arc::clone(&passed);
            async move {
                let message = run.start_text().await?;
                let drops = async move {
                    sleep(Duration::from_secs(5)).await;
                    drop(message);
                };
                if elsewhere {
                    tokio::spawn(drops);
                } else {
                    drops.await;
                }
                passed.notified().await;
                Result::Ok(())
            }
        };
        let events = soon("the end of the run", all(agui::run(agent.with_hooks(hook), input()))).await;
        assert_eq!(types(&events)[2..], ["TEXT_MESSAGE_END", "RUN_FINISHED"]);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_waiting_stops_nobody_else() {
    // What was emitted is emitted; the one behind it is woken by what the first one waited for.
    async fn impatient(run: RunContext) -> Result {
        let patience = Duration::from_millis(100);
        let first = tokio::time::timeout(patience, emit(&run, "first"));
        let (first, second) = tokio::join!(first, async {
            tokio::task::yield_now().await;
            emit(&run, "second").await
        });
        assert!(first.is_err());
        second?;
        // Two that nobody waits for any more, and one behind them.
        for name in ["third", "fourth"] {
            assert!(tokio::time::timeout(patience, emit(&run, name)).await.is_err());
        }
        emit(&run, "fifth").await?;
        assert!(tokio::time::timeout(patience, emit(&run, "sixth")).await.is_err());
        Ok(())
    }
    let run = agui::run(impatient.with_hooks(Slow), input());
    let events = soon("the end of the run", all(run)).await;
    assert_eq!(names(&events), ["first", "second", "third", "fourth", "fifth", "sixth"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_comes_back_to_the_line_that_emits() {
    // TXT-6 for what the hook made, and what the hook itself says.
    let hook = OnEvent(|_, event: Event| async move {
        sleep(Duration::from_secs(1)).await;
        match &event {
            Event::Custom(custom) if custom.name == "wrong" => {
                Ok(vec![TextMessageEndEvent::new("nobody").into()])
            }
            Event::Custom(custom) if custom.name == "refused" => Err(Error::new("not that")),
            Event::Custom(custom) if custom.name == "panic" => panic!("not that"),
            _ => Ok(vec![event]),
        }
    });
    let agent = async |run: RunContext| -> Result {
        let (wrong, fine, refused) =
            tokio::join!(emit(&run, "wrong"), emit(&run, "fine"), emit(&run, "refused"));
        assert!(wrong.unwrap_err().violation().is_some());
        fine?;
        assert_eq!(refused.unwrap_err().to_string(), "not that");
        assert!(emit(&run, "panic").await.unwrap_err().to_string().contains("panicked"));
        emit(&run, "done").await
    };
    let request = RunRequest::new(input()).order(Order::Refuse);
    let events = all(agui::run(agent.with_hooks(hook), request)).await;
    assert_eq!(names(&events), ["fine", "done"]);
    assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"));
}

#[tokio::test(start_paused = true)]
async fn what_a_hook_emits_passes_by_it_and_comes_first() {
    let announces = || {
        OnEvent(|run: RunContext, event: Event| async move {
            sleep(Duration::from_secs(1)).await;
            let of = json!(event)["name"].as_str().unwrap_or_default().to_owned();
            emit(&run, format!("<{of}>")).await?;
            drop(run.start_step(of).await?);
            Ok(vec![event])
        })
    };
    let agent = async |run: RunContext| emit(&run, "a").await;
    let events = all(agui::run(agent.with_hooks(announces()), input())).await;
    assert_eq!(names(&events), ["<a>", "a"]);
    assert_eq!(types(&events)[1..5], ["CUSTOM", "STEP_STARTED", "STEP_FINISHED", "CUSTOM"]);

    // The one around it sees what the inner one emits.
    let events = all(agui::run(agent.with_hooks(announces()).with_hooks(announces()), input())).await;
    assert_eq!(names(&events), ["<<a>>", "<a>", "<>", "<>", "<a>", "a"]);
    assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"));
}

#[tokio::test(start_paused = true)]
async fn events_of_an_extended_protocol_keep_their_place() {
    async fn extended(run: RunContext) -> Result {
        drop(run.start_text().await?);
        run.emit_extension(&Event::from(CustomEvent::new("extension", 0))).await?;
        emit(&run, "after").await
    }
    let seen = Counter::default();
    let count = seen.clone();
    let hook = OnEvent(move |_, event| {
        let count = count.clone();
        async move {
            sleep(Duration::from_secs(1)).await;
            count.increment();
            Ok(vec![event])
        }
    });
    let events = all(agui::run(extended.with_hooks(hook).with_hooks(Slow), input())).await;
    assert_eq!(types(&events)[1..5], ["TEXT_MESSAGE_START", "TEXT_MESSAGE_END", "CUSTOM", "CUSTOM"]);
    assert_eq!((names(&events), seen.get()), (vec!["extension", "after"], 3));
}

/// Counts how often it is polled.
struct Polls<F>(Pin<Box<F>>, Counter);

impl<F: Future> Future for Polls<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.1.increment();
        self.0.as_mut().poll(cx)
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_is_ready_at_once_wakes_nobody() {
    async fn paced(run: RunContext) -> Result {
        let mut message = run.start_text().await?;
        for _ in 0..10 {
            sleep(Duration::from_millis(10)).await;
            message.push("a").await?;
        }
        drop(message);
        sleep(Duration::from_millis(10)).await;
        emit(&run, "end").await
    }
    let polls = async |hooked: bool| {
        let count = Counter::default();
        let counted = count.clone();
        let agent = move |run: RunContext| Polls(Box::pin(paced(run)), counted.clone());
        let ready = OnEvent(|_, event| std::future::ready(Ok(vec![event])));
        let events = match hooked {
            false => all(agui::run(agent, input())).await,
            true => all(agui::run(agent.with_hooks(ready), input())).await,
        };
        (types(&events).len(), count.get())
    };
    assert_eq!(polls(true).await, polls(false).await);
}

/// What waits for a hook is dropped with the run.
#[tokio::test(start_paused = true)]
async fn nothing_is_kept_of_a_run_that_is_dropped() {
    let (signal, dropped) = DropSignal::new();
    async fn stuck(run: RunContext) -> Result {
        let _message = run.start_text().await?;
        emit(&run, "late").await
    }
    let hook = OnEvent(|_, event: Event| async move {
        match event {
            Event::Custom(_) => std::future::pending().await,
            _ => Ok(vec![event]),
        }
    });
    let mut run = agui::run(stuck.with_hooks(hook), RunRequest::new(input()).with(Arc::new(signal)));
    run.next().await;
    assert!(run.next().now_or_never().is_none());
    drop(run);
    soon("everything to be dropped", dropped).await.unwrap();
}

/// Those that go on are nothing that the run waits for.
#[tokio::test(start_paused = true)]
async fn what_outlives_its_agent_does_not_keep_the_run_from_its_end() {
    async fn leaves_others_behind(run: RunContext) -> Result {
        for _ in 0..3 {
            let run = run.clone();
            tokio::spawn(async move { while emit(&run, "beat").await.is_ok() {} });
        }
        sleep(Duration::from_millis(100)).await;
        emit(&run, "last").await
    }
    let run = all(agui::run(leaves_others_behind.with_hooks(Slow), input()));
    let events = tokio::time::timeout(Duration::from_secs(60), run).await.unwrap();
    assert!(names(&events).contains(&"last"));
    assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"));
}
