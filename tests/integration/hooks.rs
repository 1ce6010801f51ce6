//! What happens around runs.

mod cancel;
mod order;
mod state;

use crate::support::agents::{Counter, DropSignal, input, input_of, soon};
use crate::support::frames::{all, text, types};
use crate::support::http::{Exchange, KeptAlive, Serving};
use agui::session::{MemoryStore, Owner, SessionStore, Sessions};
use agui::{
    Agent, CustomEvent, DynAgent, Error, Event, Finished, Hooks, Refusal, Result, RunContext, RunRequest,
    Server, TextMessageContentEvent,
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

async fn hello(run: RunContext) -> Result {
    run.text("Hello!").await
}

/// Writes down what it is told.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Hooks for Notes {
    async fn before(&self, request: &mut RunRequest) -> Result<(), Refusal> {
        self.note(format!("before {}", request.input().run_id));
        if request.input().run_id == "unwanted" {
            return Err(Refusal::forbidden("not you"));
        }
        request.insert(Seen::default());
        Ok(())
    }

    async fn event(&self, run: &RunContext, event: Event) -> Result<Vec<Event>> {
        run.require::<Seen>()?.0.increment();
        Ok(vec![event])
    }

    async fn complete(&self, run: &RunContext, finished: &mut Finished) -> Result {
        self.note(format!("complete {}", run.run_id()));
        let seen = run.require::<Seen>()?.0.get();
        finished.result = Some(json!(seen));
        run.emit(CustomEvent::new("seen", seen)).await
    }

    async fn error(&self, run: &RunContext, error: Error) -> Error {
        self.note(format!("error {}: {error}", run.run_id()));
        Error::public("Please try again.")
    }

    async fn cancel(&self, run: &RunContext) {
        self.note(format!("cancel {}, client gone: {}", run.run_id(), run.is_closed()));
    }
}

/// How many events a run has emitted.
#[derive(Clone, Default)]
struct Seen(Counter);

#[tokio::test]
async fn before_and_complete_are_told_of_each_run() {
    let notes = Notes::default();
    let events = all(agui::run(hello.with_hooks(notes.clone()), input())).await;
    assert_eq!(notes.take(), ["before run-1", "complete run-1"]);
    let expected = [
        "RUN_STARTED",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "CUSTOM",
        "RUN_FINISHED",
    ];
    assert_eq!(types(&events), expected);
    assert_eq!((&events[4]["value"], &events[5]["result"]), (&json!(3), &json!(3)));
}

#[tokio::test]
async fn over_http_what_a_hook_refuses_is_a_status() {
    let notes = Notes::default();
    let server = Server::new().agent("", DynAgent::new(hello.with_hooks(notes.clone())));
    let serving = Serving::start(server).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let refused = connection.run("/agui", &input_of("unwanted")).await.unwrap();
    assert_eq!((refused.status(), &refused.json()["message"]), (403, &json!("not you")));
    assert_eq!(connection.run("/agui", &input_of("r")).await.unwrap().events().len(), 6);
    assert_eq!(notes.take(), ["before unwanted", "before r", "complete r"]);
}

#[tokio::test]
async fn failures_and_panics_end_the_run_as_the_hook_says() {
    async fn fails(run: RunContext) -> Result {
        let _message = run.start_text().await?;
        match run.run_id() {
            "panic" => panic!("the secret"),
            _ => Err(Error::new("the secret")),
        }
    }
    let notes = Notes::default();
    for run in ["panic", "error"] {
        let mut input = input();
        input.run_id = run.into();
        let events = all(agui::run(fails.with_hooks(notes.clone()), input)).await;
        assert_eq!(types(&events)[1..], ["TEXT_MESSAGE_START", "TEXT_MESSAGE_END", "RUN_ERROR"]);
        assert_eq!(events[3]["message"], "Please try again.");
    }
    let panic = "error panic: the agent panicked: the secret";
    assert_eq!(notes.take(), ["before panic", panic, "before error", "error error: the secret"]);
}

#[tokio::test]
async fn a_run_that_is_cancelled_and_one_whose_client_leaves_are_told_of() {
    async fn endless(run: RunContext) -> Result {
        run.text("I am here.").await?;
        std::future::pending().await
    }
    let notes = Notes::default();
    let server = Server::new().agent("", endless.with_hooks(notes.clone())).cancel_endpoint();
    let serving = Serving::start(server).await;

    let mut cancelled = Exchange::post(serving.address, "/agui", &input_of("r1")).await;
    cancelled.until("I am here.").await;
    let mut connection = KeptAlive::open(serving.address).await;
    assert_eq!(connection.ask("POST /runs/r1/cancel HTTP/1.1", b"").await.unwrap().status(), 202);
    assert_eq!(types(&cancelled.answer().await.events()).last(), Some(&"RUN_FINISHED"));
    assert_eq!(notes.take(), ["before r1", "cancel r1, client gone: false"]);

    let mut left = Exchange::post(serving.address, "/agui", &input_of("r2")).await;
    left.until("I am here.").await;
    drop(left);
    soon("the hook to be told", async {
        while notes.0.lock().unwrap().len() < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(notes.take(), ["before r2", "cancel r2, client gone: true"]);
}

/// Says things twice, hides others, and fails with the rest.
struct Editor;

impl Hooks for Editor {
    async fn event(&self, _: &RunContext, event: Event) -> Result<Vec<Event>> {
        Ok(match event {
            Event::TextMessageContent(content) => match &*content.delta {
                "error" => return Err(Error::new("not that")),
                "panic" => panic!("not that"),
                delta => {
                    let again = TextMessageContentEvent::new(&*content.message_id, delta.to_uppercase());
                    vec![content.clone().into(), again.into()]
                }
            },
            Event::Custom(_) => vec![],
            Event::StepStarted(_) => vec![agui::TextMessageEndEvent::new("nothing").into()],
            other => vec![other],
        })
    }
}

#[tokio::test]
async fn events_are_changed_left_out_and_added() {
    let agent = async |run: RunContext| {
        run.emit(CustomEvent::new("secret", 1)).await?;
        run.text("ab").await
    };
    let events = all(agui::run(agent.with_hooks(Editor), input())).await;
    assert_eq!(text(&events), "abAB");
    assert!(!types(&events).contains(&"CUSTOM"));

    // Of two the inner one comes first, in whatever they are wrapped.
    let events = all(agui::run(DynAgent::new(agent.with_hooks(Editor)).with_hooks(Editor), input())).await;
    assert_eq!(text(&events), "abABABAB");
}

#[tokio::test]
async fn an_event_with_which_a_hook_fails_is_not_sent_and_the_run_ends_in_order() {
    for what in ["error", "panic"] {
        let agent = move |run: RunContext| async move {
            let mut message = run.start_text().await?;
            assert!(message.push(what).await.is_err());
            message.push("fine").await?;
            message.push(what).await
        };
        let events = all(agui::run(agent.with_hooks(Editor), input())).await;
        assert_eq!(text(&events), "fineFINE", "{what}");
        assert_eq!(types(&events)[4..], ["TEXT_MESSAGE_END", "RUN_ERROR"], "{what}");
    }
}

#[tokio::test]
async fn what_a_hook_makes_of_events_is_watched_as_all_events_are() {
    // TXT-6 for what the hook made, not for what the agent emitted.
    let agent = async |run: RunContext| {
        let error = run.start_step("work").await.unwrap_err();
        assert!(error.violation().is_some(), "{error}");
        run.text("ab").await
    };
    let request = RunRequest::new(input()).order(agui::Order::Refuse);
    let events = all(agui::run(agent.with_hooks(Editor), request)).await;
    assert_eq!(text(&events), "abAB");
    assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"));
}

/// Fails at every end.
struct Broken {
    panics: bool,
}

impl Broken {
    fn fail(&self) -> Result {
        if self.panics { panic!("broken") } else { Err(Error::new("broken")) }
    }
}

impl Hooks for Broken {
    async fn complete(&self, _: &RunContext, finished: &mut Finished) -> Result {
        finished.result = Some(json!("half done"));
        self.fail()
    }

    async fn error(&self, _: &RunContext, error: Error) -> Error {
        self.fail().err().unwrap_or(error)
    }

    async fn cancel(&self, _: &RunContext) {
        let _ = self.fail();
    }
}

#[tokio::test]
async fn hooks_that_fail_do_not_spoil_the_run() {
    for panics in [true, false] {
        let agent = async |run: RunContext| -> Result<Finished> {
            match run.run_id() {
                "bad" => Err(Error::public("mine")),
                "long" => std::future::pending().await,
                _ => Ok(Finished::default().result("done")),
            }
        };
        let agent = Arc::new(DynAgent::new(agent.with_hooks(Broken { panics })));
        let run = |id: &str| {
            let mut input = input();
            input.run_id = id.into();
            agui::run(DynAgent::clone(&agent), input)
        };
        let events = all(run("good")).await;
        assert_eq!(
            (types(&events), &events[1]["result"]),
            (vec!["RUN_STARTED", "RUN_FINISHED"], &json!("done"))
        );
        let events = all(run("bad")).await;
        assert_eq!(types(&events), ["RUN_STARTED", "RUN_ERROR"]);
        let long = run("long");
        let handle = long.handle();
        let (events, ()) = tokio::join!(all(long), async {
            tokio::task::yield_now().await;
            handle.cancel();
        });
        assert_eq!(events[1]["outcome"]["type"], "cancelled");
    }
}

#[tokio::test]
async fn sessions_store_what_clients_saw() {
    let store = MemoryStore::new();
    for agent in [
        DynAgent::new(Sessions::new(store.clone(), hello.with_hooks(Editor))),
        DynAgent::new(Sessions::new(store.clone(), hello).with_hooks(Editor)),
    ] {
        assert!(agent.threads().is_some());
        all(agui::run(agent, input())).await;
        let thread = store.load(&Owner::anonymous(), "thread-1").await.unwrap().unwrap();
        assert_eq!(json!(thread.messages)[1]["content"], Value::from("Hello!HELLO!"));
        store.delete(&Owner::anonymous(), "thread-1").await.unwrap();
    }
}

#[tokio::test]
async fn what_a_run_was_given_goes_with_it() {
    // However long somebody keeps a handle.
    let (signal, dropped) = DropSignal::new();
    let run = agui::run(hello, RunRequest::new(input()).with(Arc::new(signal)));
    let handle = run.handle();
    drop(run);
    soon("the dependency to be dropped", dropped).await.unwrap();
    assert_eq!((handle.run_id(), handle.is_closed()), ("run-1", true));
}

/// A hook sees the state as the run has made it before the event.
#[tokio::test(flavor = "multi_thread")]
async fn a_hook_may_read_the_state_while_it_is_changed() {
    struct Reads;

    impl Hooks for Reads {
        async fn event(&self, run: &RunContext, event: Event) -> Result<Vec<Event>> {
            run.state::<Value>()?;
            Ok(vec![event])
        }
    }

    async fn changes(run: RunContext) -> Result {
        run.set_state(&json!({ "text": "as long as it takes for a delta to be shorter", "n": 1 })).await?;
        run.modify_state(|state: &mut Value| state["n"] = json!(2)).await?;
        run.emit(agui::StateSnapshotEvent::new(json!({ "n": 3 }))).await?;
        run.text(run.state::<Value>()?["n"].to_string()).await
    }

    let frames = tokio::spawn(async { all(agui::run(changes.with_hooks(Reads), input())).await });
    let frames = soon("the end of the run", frames).await.unwrap();
    assert_eq!(types(&frames)[1..4], ["STATE_SNAPSHOT", "STATE_DELTA", "STATE_SNAPSHOT"], "{frames:?}");
    assert_eq!(text(&frames), "3");
}
