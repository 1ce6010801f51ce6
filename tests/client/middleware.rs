//! What stands between an agent and the application.

use super::support::*;
use agui::client::{Exchange, Frame, Middleware, Outcome, Replay, Request};
use agui::reduce::Conversation;
use agui::{Event, RunAgentInput};
use serde_json::json;

/// Keeps what it sees, and changes what it is told to.
#[derive(Debug, Default)]
struct Watching {
    raw: Vec<String>,
    events: Vec<String>,
    ended: Option<Outcome>,
}

impl Middleware for Watching {
    fn request(&mut self, request: &mut Request) {
        request.headers.insert("x-seen", "yes".parse().unwrap());
    }

    fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
        self.raw.push(frame.event_type().to_owned());
        match frame.event_type() {
            "CUSTOM" => {}
            "RAW" => {
                forward(frame.clone());
                forward(frame);
            }
            "STATE_SNAPSHOT" => {
                frame.value_mut()["snapshot"] = json!({ "by": "middleware" });
                forward(frame);
            }
            _ => forward(frame),
        }
    }

    fn event(&mut self, event: &Event) {
        self.events.push(event.event_type().to_string());
    }

    fn ended(&mut self, outcome: &Outcome) {
        self.ended = Some(outcome.clone());
    }
}

fn exchange<M: Middleware>(replay: &Replay, middleware: M) -> Exchange<Replay, M> {
    let input: RunAgentInput = input();
    let conversation = Conversation::of(&input);
    Exchange::with(replay, input, conversation, middleware).unwrap()
}

#[tokio::test]
async fn proc_11_13_middleware_sees_what_enforcement_removes_and_chunks_as_they_came() {
    let events = [
        event("TEXT_MESSAGE_CHUNK", json!({ "messageId": "m1", "delta": "Hi" })),
        event("FUTURE", json!({})),
        event("CUSTOM", json!({ "name": "n", "value": 1 })),
        event("RAW", json!({ "event": 1 })),
        event("STATE_SNAPSHOT", json!({ "snapshot": {} })),
        event("THINKING_START", json!({})),
        event("THINKING_END", json!({})),
    ];
    let replay = Replay::new(run_of(events));
    let (delivered, finished) = exchange(&replay, Watching::default()).record().await;
    assert!(finished.outcome.is_success(), "{}", finished.outcome);
    let Watching { raw, events, ended } = finished.middleware;
    assert_eq!(
        raw,
        [
            "RUN_STARTED",
            "TEXT_MESSAGE_CHUNK",
            "FUTURE",
            "CUSTOM",
            "RAW",
            "STATE_SNAPSHOT",
            // Retired shapes were translated before (PROC-12).
            "REASONING_START",
            "REASONING_END",
            "RUN_FINISHED",
        ]
    );
    assert_eq!(events, types(&delivered));
    assert_eq!(types(&delivered).iter().filter(|kind| **kind == "RAW").count(), 2);
    assert!(!events.contains(&"CUSTOM".to_owned()) && !events.contains(&"FUTURE".to_owned()));
    assert_eq!(finished.conversation.state(), &json!({ "by": "middleware" }));
    assert_eq!(ended, Some(finished.outcome));
    assert_eq!(replay.requests()[0].headers["x-seen"], "yes");
}

/// Writes its name to an open place of each frame.
struct Signing(&'static str);

impl Middleware for Signing {
    fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
        if frame.event_type() == "CUSTOM" {
            let before = frame.value()["value"].as_str().unwrap_or_default().to_owned();
            frame.value_mut()["value"] = json!(before + self.0);
        }
        forward(frame);
    }
}

#[tokio::test]
async fn the_first_of_several_is_nearest_to_the_agent() {
    let replay = Replay::new(run_of([event("CUSTOM", json!({ "name": "n", "value": "" }))]));
    let boxed: Box<dyn Middleware> = Box::new(Signing("c"));
    let (events, _) = exchange(&replay, ((Signing("a"), Signing("b")), boxed)).record().await;
    let Event::Custom(custom) = &events[1] else { panic!("{events:?}") };
    assert_eq!(custom.value, json!("abc"));
}

#[tokio::test]
async fn what_middleware_makes_is_judged_like_everything_else() {
    struct Spoiling;
    impl Middleware for Spoiling {
        fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
            frame.value_mut()["timestamp"] = json!("now");
            forward(frame);
        }
    }
    let replay = Replay::new(run_of([]));
    let (events, finished) = exchange(&replay, Spoiling).record().await;
    assert_eq!(events, []);
    assert!(matches!(finished.outcome, Outcome::Rejected(rejection) if rejection.pointer() == "/timestamp"));
}
