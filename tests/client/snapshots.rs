//! What snapshots leave of a conversation: which messages stay, go and come, and where.

use super::effects::{activity, messages, snapshot};
use super::support::*;
use agui::RunAgentInput;
use agui::client::Pipeline;
use agui::reduce::Conversation;
use serde_json::{Value, json};

/// What a run that began with these messages has after a snapshot, without the contents of messages.
#[track_caller]
fn restated(held: Value, stated: Value) -> Vec<String> {
    let input: RunAgentInput =
        serde_json::from_value(json!({ "threadId": "thread-1", "runId": "run-1", "messages": held }))
            .unwrap();
    let mut pipeline = Pipeline::with(&input, Conversation::of(&input), ());
    pipeline.push(&run_of([snapshot(stated)]));
    pipeline.end();
    while pipeline.next_event().is_some() {}
    assert!(pipeline.outcome().is_success(), "{}", pipeline.outcome());
    pipeline.conversation().messages().iter().map(|message| message.id().to_owned()).collect()
}

fn user(id: &str) -> Value {
    json!({ "id": id, "role": "user", "content": "" })
}

fn thought(id: &str) -> Value {
    json!({ "id": id, "role": "reasoning", "content": "Hm." })
}

fn plan(id: &str) -> Value {
    json!({ "id": id, "role": "activity", "activityType": "plan", "content": {} })
}

#[test]
fn state_21_a_held_message_is_replaced_as_a_whole_and_in_place() {
    let old = [
        event("TEXT_MESSAGE_START", json!({ "messageId": "m1", "name": "Ada", "metadata": { "a": 1 } })),
        event("TEXT_MESSAGE_CONTENT", json!({ "messageId": "m1", "delta": "old" })),
        event("TEXT_MESSAGE_END", json!({ "messageId": "m1" })),
        event(
            "REASONING_ENCRYPTED_VALUE",
            json!({ "subtype": "message", "entityId": "m1", "encryptedValue": "x" }),
        ),
    ];
    let new = json!({ "id": "m1", "role": "assistant", "content": "new", "metadata": { "b": 2 } });
    let last = json!({ "id": "m2", "role": "assistant", "content": "Hi" });
    let events = old.into_iter().chain(text("m2", "Hi")).chain([snapshot(json!([last, new]))]);
    // REAS-12: a value that is not stated is withdrawn.
    assert_eq!(messages(events), json!([new, last]));
}

#[test]
fn state_22_what_is_new_in_a_snapshot_comes_behind_in_its_order() {
    let stated = json!([user("z"), user("b"), user("y"), user("a"), user("x")]);
    assert_eq!(restated(json!([user("a"), user("b")]), stated), ["a", "b", "z", "y", "x"]);
}

#[test]
fn state_23_24_what_a_snapshot_leaves_out_is_gone_but_for_what_it_says_nothing_of() {
    let held = || json!([user("u1"), plan("p1"), thought("t1"), user("u2")]);
    let left = |stated: Value| restated(held(), stated);
    assert_eq!(left(json!([user("u2")])), ["p1", "t1", "u2"]);
    assert_eq!(left(json!([])), ["p1", "t1"]);
    assert_eq!(left(json!([user("u1"), plan("p2")])), ["u1", "t1", "p2"]);
    assert_eq!(left(json!([user("u1"), thought("t2")])), ["u1", "p1", "t2"]);
    assert_eq!(left(json!([thought("t1"), plan("p1")])), ["p1", "t1"]);
}

#[test]
fn act_1_2_a_snapshot_of_any_type_makes_an_activity_where_the_conversation_is() {
    let mut events = text("m1", "Hi").to_vec();
    events.push(activity(json!({ "activityType": "acme.never-heard-of", "content": { "x": null } })));
    // ACT-4: a new one is made, even if it is not to replace any.
    events.push(activity(json!({ "messageId": "a2", "content": {}, "replace": false })));
    events.extend(text("m2", "Bye"));
    let made = messages(events);
    let ids: Vec<_> = made.as_array().unwrap().iter().map(|message| &message["id"]).collect();
    assert_eq!(ids, ["m1", "a1", "a2", "m2"]);
    assert_eq!(
        made[1],
        json!({ "id": "a1", "role": "activity", "activityType": "acme.never-heard-of", "content": { "x": null } })
    );
}

#[test]
fn act_3_4_5_10_activities_are_replaced_kept_and_patched() {
    let first = activity(json!({ "content": { "n": 1, "gone": 1 }, "metadata": { "a": 1, "b": 1 } }));
    let last = |events: &[Value]| messages([std::slice::from_ref(&first), events].concat())[0].clone();
    for replace in [json!({}), json!({ "replace": true })] {
        let mut new =
            activity(json!({ "activityType": "list", "content": { "n": 2 }, "metadata": { "b": 2 } }));
        new.as_object_mut().unwrap().extend(replace.as_object().unwrap().clone());
        let (content, metadata) = (json!({ "n": 2 }), json!({ "a": 1, "b": 2 }));
        let expected = json!({ "id": "a1", "role": "activity", "activityType": "list", "content": content, "metadata": metadata });
        assert_eq!(last(&[new]), expected);
    }
    let kept = activity(
        json!({ "activityType": "list", "content": { "n": 2 }, "replace": false, "metadata": { "c": 3 } }),
    );
    let mut expected = json!({ "id": "a1", "role": "activity", "activityType": "plan" });
    (expected["content"], expected["metadata"]) =
        (json!({ "n": 1, "gone": 1 }), json!({ "a": 1, "b": 1, "c": 3 }));
    assert_eq!(last(&[kept]), expected);

    let patch = json!([{ "op": "replace", "path": "/n", "value": 2 }, { "op": "remove", "path": "/gone" }]);
    let delta = json!({ "messageId": "a1", "activityType": "list", "patch": patch, "metadata": { "b": 9 } });
    (expected["activityType"], expected["content"]) = (json!("list"), json!({ "n": 2 }));
    expected["metadata"] = json!({ "a": 1, "b": 9 });
    assert_eq!(last(&[event("ACTIVITY_DELTA", delta)]), expected);
}
