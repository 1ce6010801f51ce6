//! Questions of agents, and how they are answered.

use super::support::*;
use agui::Interrupt;
use agui::client::{Answerable, Outcome, Replay, Thread, TurnError, Unsent};
use serde_json::{Value, json};

/// A run that asks, then one that does not.
fn asking(interrupts: Value) -> Thread<Replay> {
    let asks = sse(&[started(), finished_with(json!({ "type": "interrupt", "interrupts": interrupts }))]);
    Thread::new(Replay::new(asks).then(run_of(text("m1", "Done.")))).id("thread-1")
}

async fn asked(interrupts: Value) -> Thread<Replay> {
    let mut thread = asking(interrupts);
    let report = thread.send("Do it.").await.unwrap();
    assert!(matches!(report.outcome, Outcome::Interrupted { .. }), "{}", report.outcome);
    thread
}

fn two() -> Value {
    json!([
        { "id": "i1", "reason": "approval", "message": "May I?",
          "responseSchema": { "type": "object", "required": ["approved"],
                              "properties": { "approved": { "type": "boolean" } } } },
        { "id": "i2", "reason": "input" },
    ])
}

#[tokio::test]
async fn int_6_all_questions_are_answered_at_once() {
    let mut thread = asked(two()).await;
    let [first, second] = thread.interrupts() else { panic!() };
    let answers = [first.resolve(&json!({ "approved": true })).unwrap(), second.cancel()];
    let report = thread.resume(answers).await.unwrap();
    assert!(report.outcome.is_success());
    assert_eq!(thread.interrupts(), []);
    let resume = serde_json::to_value(&thread.transport().requests()[1].input.resume).unwrap();
    assert_eq!(
        resume,
        json!([
            { "interruptId": "i1", "status": "resolved", "payload": { "approved": true } },
            { "interruptId": "i2", "status": "cancelled" },
        ])
    );
    // No message of the user is made up for it.
    assert_eq!(thread.messages().len(), 2);
}

#[tokio::test]
async fn int_5_7_nothing_is_sent_before_everything_is_covered() {
    let mut thread = asked(two()).await;
    let entry = |thread: &Thread<Replay>, at: usize| thread.interrupts()[at].cancel();
    let (first, second) = (entry(&thread, 0), entry(&thread, 1));
    let unknown = Interrupt::new("i3", "r").cancel();
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let cases = [
        (vec![], Unsent::UnansweredInterrupts(ids(&["i1", "i2"]))),
        (vec![second.clone()], Unsent::UnansweredInterrupts(ids(&["i1"]))),
        (vec![first.clone(), second.clone(), second.clone()], Unsent::AnsweredTwice(ids(&["i2"]))),
        (vec![first.clone(), second.clone(), unknown], Unsent::UnknownInterrupts(ids(&["i3"]))),
    ];
    for (answers, expected) in cases {
        let error = thread.resume(answers).await.unwrap_err();
        assert!(matches!(&error, TurnError::Unsent(unsent) if *unsent == expected), "{error}");
    }
    let error = thread.send("Never mind.").await.unwrap_err();
    assert_eq!(error.to_string(), "the last run waits for answers to `i1`, `i2` (INT-7)");
    assert_eq!(thread.messages().len(), 1, "what was not sent was not said");
    assert_eq!(thread.transport().requests().len(), 1);
    assert!(thread.resume([first, second]).await.unwrap().outcome.is_success());
}

#[tokio::test]
async fn int_9_10_what_has_expired_can_be_cancelled_only() {
    let mut thread = asked(json!([
        { "id": "old", "reason": "r", "expiresAt": "2020-01-01T00:00:00+02:00" },
        { "id": "new", "reason": "r", "expiresAt": "2999-01-01T00:00:00Z" },
        { "id": "odd", "reason": "r", "expiresAt": "soon" },
    ]))
    .await;
    let [old, new, odd] = thread.interrupts() else { panic!() };
    assert!(old.is_expired() && !new.is_expired() && !odd.is_expired());
    let others = [new.resolve(&1).unwrap(), odd.resolve(&1).unwrap()];
    let (late, cancelled) = (old.resolve(&1).unwrap(), old.cancel());
    let error = thread.resume([late, others[0].clone(), others[1].clone()]).await.unwrap_err();
    assert!(
        matches!(&error, TurnError::Unsent(Unsent::ExpiredInterrupts(ids)) if *ids == ["old"]),
        "{error}"
    );
    let [first, second] = others;
    assert!(thread.resume([cancelled, first, second]).await.unwrap().outcome.is_success());
}

#[test]
fn an_answer_that_does_not_fit_its_schema_is_told_where_and_why() {
    let schema = json!({
        "type": "object",
        "required": ["approved", "items"],
        "additionalProperties": false,
        "properties": {
            "approved": { "type": "boolean" },
            "mode": { "enum": ["fast", "slow"] },
            "version": { "const": 1 },
            "items": { "type": ["array", "null"], "items": { "type": "integer" } },
            "free": true,
        },
    });
    let interrupt = Interrupt::new("i", "r").response_schema(schema.as_object().unwrap().clone());
    for fits in [
        json!({ "approved": true, "items": null }),
        json!({ "approved": false, "items": [1, 2.0], "mode": "slow", "version": 1, "free": {} }),
    ] {
        assert_eq!(interrupt.resolve(&fits).unwrap().payload, Some(fits));
    }
    for (answer, pointer, message) in [
        (json!(7), "", "expected object"),
        (json!({ "approved": true }), "", "`items` is missing"),
        (json!({ "approved": 1, "items": [] }), "/approved", "expected boolean"),
        (json!({ "approved": true, "items": [1, "2"] }), "/items/1", "expected integer"),
        (json!({ "approved": true, "items": {} }), "/items", "expected array or null"),
        (
            json!({ "approved": true, "items": [], "mode": "x" }),
            "/mode",
            "expected one of [\"fast\",\"slow\"]",
        ),
        (json!({ "approved": true, "items": [], "version": 2 }), "/version", "expected 1"),
        (json!({ "approved": true, "items": [], "other": 2 }), "", "`other` is not expected"),
    ] {
        let error = interrupt.resolve(&answer).unwrap_err();
        let misfit = error.misfit().unwrap();
        assert_eq!((&*misfit.pointer, &*misfit.message), (pointer, message), "{answer}");
        assert_eq!(error.interrupt_id(), "i");
    }
    // Without a schema everything fits, and no answer is an answer, too.
    assert_eq!(Interrupt::new("i", "r").resolve(&()).unwrap().payload, None);
}

#[tokio::test]
async fn questions_stay_open_when_the_run_that_answers_them_fails() {
    let mut thread = asking(json!([{ "id": "i1", "reason": "r" }]));
    thread.send("Do it.").await.unwrap();
    let fails = Replay::new(sse(&[event("RUN_ERROR", json!({ "message": "no" }))]));
    let mut failing =
        Thread::new(fails).restored(thread.conversation().clone(), thread.interrupts().to_vec());
    let answer = failing.interrupts()[0].cancel();
    let error = failing.resume([answer]).await.unwrap_err();
    assert!(matches!(error.outcome(), Some(Outcome::Failed(_))), "{error}");
    assert_eq!(failing.interrupts().len(), 1);
}

#[tokio::test]
async fn int_9_10_a_thread_may_be_told_the_time() {
    use std::time::{Duration, SystemTime};
    let interrupts = json!([{ "id": "i1", "reason": "r", "expiresAt": "2100-01-01T00:00:00Z" }]);
    let mut thread = asked(interrupts.clone()).await;
    let interrupt = thread.interrupts()[0].clone();
    let (end, moment) =
        (SystemTime::UNIX_EPOCH + Duration::from_secs(4_102_444_800), Duration::from_millis(1));
    assert!(
        !interrupt.is_expired_at(end - moment) && interrupt.is_expired_at(end) && !interrupt.is_expired()
    );
    assert!(thread.resume([interrupt.resolve(&1).unwrap()]).await.unwrap().outcome.is_success());
    // Of long ago, though the standard library cannot tell how long.
    assert!(Interrupt::new("i", "r").expires_at("0001-01-01T00:00:00Z").is_expired());

    // What is too late by another clock is in time by the thread's.
    let old = json!([{ "id": "i1", "reason": "r", "expiresAt": "2020-01-01T00:00:00Z" }]);
    let mut early = asked(old).await.clock(|| SystemTime::UNIX_EPOCH);
    let answer = early.interrupts()[0].resolve(&1).unwrap();
    assert!(early.resume([answer]).await.unwrap().outcome.is_success());

    let late = || SystemTime::UNIX_EPOCH + Duration::from_secs(4_102_444_800);
    let mut thread = asked(interrupts).await.clock(late);
    let error = thread.resume([interrupt.resolve(&1).unwrap()]).await.unwrap_err();
    assert!(matches!(error, TurnError::Unsent(Unsent::ExpiredInterrupts(_))), "{error}");
    assert!(thread.resume([interrupt.cancel()]).await.unwrap().outcome.is_success());
}
