//! A transport and a pipeline together.

use super::support::*;
use agui::client::{Exchange, InProcess, Outcome, Replay, Request, Transport, TransportError, Unsent};
use agui::{Result, RunContext};
use bytes::Bytes;
use futures_util::stream::{self, LocalBoxStream};
use futures_util::{FutureExt, StreamExt};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::future::{Ready, ready};
use std::rc::Rc;

async fn hello(run: RunContext) -> Result {
    run.text("Hello!").await
}

/// What nobody may send to another thread, in pieces that tell nothing.
struct Local(Rc<RefCell<Vec<Vec<u8>>>>);

impl Transport for Local {
    type Body = LocalBoxStream<'static, Result<Bytes, TransportError>>;
    type Opening = Ready<Result<Self::Body, TransportError>>;

    fn open(&self, _: Request, json: Bytes) -> Self::Opening {
        self.0.borrow_mut().push(json.to_vec());
        let answer = run_of(text("m1", "Hello!"));
        let pieces: Vec<_> = answer.chunks(7).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        // Between two pieces others have their turn.
        let kept = Rc::clone(&self.0);
        ready(Ok(stream::iter(pieces)
            .then(move |piece| {
                let _kept = Rc::clone(&kept);
                let mut waited = false;
                std::future::poll_fn(move |cx| match std::mem::replace(&mut waited, true) {
                    true => std::task::Poll::Ready(piece.clone()),
                    false => {
                        cx.waker().wake_by_ref();
                        std::task::Poll::Pending
                    }
                })
            })
            .boxed_local()))
    }
}

#[test]
fn nothing_has_to_be_send_and_no_runtime_is_needed() {
    let sent = Rc::new(RefCell::new(Vec::new()));
    let transport = Local(Rc::clone(&sent));
    let exchange = Exchange::new(&transport, input()).unwrap();
    let (events, finished) =
        futures_util::future::FutureExt::boxed_local(exchange.record()).now_or_never_until_done();
    assert_eq!(events.len(), 5);
    assert!(finished.outcome.is_success());
    assert_eq!(sent.borrow().len(), 1);
}

/// Polls a future until it is done, on this thread and without anything else.
trait UntilDone: Future + Sized + Unpin {
    fn now_or_never_until_done(mut self) -> Self::Output {
        loop {
            if let Some(output) = (&mut self).now_or_never() {
                return output;
            }
        }
    }
}

impl<F: Future + Unpin> UntilDone for F {}

#[tokio::test]
async fn agents_in_this_process_are_read_like_all_others() {
    let exchange = Exchange::new(&InProcess::new(hello), input()).unwrap();
    let (events, finished) = exchange.record().await;
    assert_eq!(types(&events)[0], "RUN_STARTED");
    assert_eq!(finished.outcome, Outcome::Success { result: None });
    assert_eq!(finished.warnings.total(), 0);
}

#[tokio::test]
async fn run_36_a_run_that_was_given_up_is_truncated() {
    let waits = async |run: RunContext| -> Result {
        run.closed().await;
        Ok(())
    };
    let mut exchange = Exchange::new(&InProcess::new(waits), input()).unwrap();
    assert_eq!(exchange.next().await.unwrap().event_type().as_str(), "RUN_STARTED");
    let abort = exchange.abort_handle();
    let (next, ()) = tokio::join!(exchange.next(), async { abort.abort() });
    assert_eq!(next, None);
    let Outcome::Truncated(truncation) = exchange.finish().outcome else { panic!() };
    assert_eq!((truncation.run_id.as_deref(), truncation.aborted), (Some("run-1"), true));

    // Before it was read to its end, too.
    let mut exchange = Exchange::new(&InProcess::new(hello), input()).unwrap();
    exchange.next().await.unwrap();
    assert!(matches!(exchange.finish().outcome, Outcome::Truncated(truncation) if truncation.aborted));
}

/// What can be built of Rust types is well-formed; what an application has as JSON is judged when it becomes one.
#[test]
fn proc_17_malformed_input_is_not_sent() {
    let replay = Replay::new(run_of([]));
    let whole = json!({ "threadId": "thread-1", "runId": "run-1", "messages": [] });
    let with = |member: &str, value: Value| {
        let mut input = whole.clone();
        input[member] = value;
        input
    };
    let malformed = [
        (with("threadId", json!(7)), "/threadId"),
        (with("messages", Value::Null), "/messages"),
        (with("messages", json!([{ "role": "user", "content": "x" }])), "/messages/0"),
        (with("messages", json!([{ "id": "u", "role": "user", "content": 7 }])), "/messages/0/content"),
        (with("tools", json!([{ "description": "no name" }])), "/tools/0"),
        (with("context", json!({})), "/context"),
        (with("resume", json!([{ "interruptId": "i", "status": 1 }])), "/resume/0/status"),
        (with("protocolVersion", json!(1.0)), "/protocolVersion"),
    ];
    for (input, pointer) in malformed {
        let error = agui::compat::decode_input(input.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.pointer(), pointer, "{input}");
        assert!(serde_json::from_value::<agui::RunAgentInput>(input).is_err());
    }
    let input = agui::compat::decode_input(whole.to_string().as_bytes()).unwrap().decoded.value.unwrap();
    assert!(Exchange::new(&replay, input).is_ok());
    assert_eq!(replay.requests().len(), 1);
}

#[test]
fn proc_17_what_could_not_be_encoded_says_where() {
    let usage = agui::TokenUsage::new().input_tokens(u64::MAX);
    let violation = agui::codec::encode(&usage, &mut Vec::new()).unwrap_err();
    let text = Unsent::Invalid(violation).to_string();
    assert!(text.starts_with("the run input is malformed at /inputTokens: "), "{text}");
    assert!(text.ends_with("(PROC-17)"), "{text}");
}

#[tokio::test]
async fn act_13_input_4_evt_4_activities_and_null_are_not_sent() {
    let replay = Replay::new(run_of([]));
    let input = input().state(json!({})).tools(vec![]);
    let mut input = input.forwarded_props(Value::Null);
    input.messages.push(agui::ActivityMessage::new("a1", "plan", serde_json::Map::new()).into());
    let exchange = Exchange::new(&replay, input).unwrap();
    assert_eq!(exchange.pipeline().conversation().messages().len(), 1);
    let sent = replay.requests().pop().unwrap().input;
    assert!(sent.messages.is_empty());
    assert_eq!(serde_json::to_value(sent).unwrap().get("forwardedProps"), None);
}

#[tokio::test]
async fn what_is_broken_is_not_read_to_its_end() {
    let endless = [started(), started()];
    let replay = Replay::new(sse(&endless));
    let mut exchange = Exchange::new(&replay, input()).unwrap();
    assert!(exchange.next().await.is_some());
    assert!(exchange.next().await.is_none());
    assert_eq!(exchange.pipeline().rejection().unwrap().rule(), "RUN-21");
    assert!(matches!(exchange.finish().outcome, Outcome::Rejected(_)));
}
