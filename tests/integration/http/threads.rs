//! Agents with sessions: what is refused before the stream, and the routes for threads.

use super::hello;
use crate::support::agents::soon;
use crate::support::frames::{text, types};
use crate::support::http::{Answer, Exchange, KeptAlive, Serving};
use agui::session::{BeginRun, Changes, LastRun, MemoryStore, Owner, SessionStore, Sessions, WhenBusy};
use agui::{
    Finished, Interrupt, Principal, Refusal, Result, RunContext, RunFinishedInterruptOutcome,
    RunFinishedOutcome, Server,
};
use axum::http::request::Parts;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

async fn by_user(request: Parts) -> Result<Principal, Refusal> {
    let user = request.headers.get("x-user").ok_or_else(|| Refusal::unauthorized("who are you?"))?;
    Ok(Principal::new(user.to_str().unwrap()))
}

fn input(thread: &str, run: &str) -> String {
    let message = json!({ "id": format!("{thread}-{run}"), "role": "user", "content": "Hello!" });
    json!({ "threadId": thread, "runId": run, "messages": [message] }).to_string()
}

async fn run_as(connection: &mut KeptAlive, user: &str, input: &str) -> Answer {
    let head = format!("POST /chat/agui HTTP/1.1\r\nContent-Type: application/json\r\nX-User: {user}");
    connection.ask(&head, input.as_bytes()).await.unwrap()
}

async fn ask_as(connection: &mut KeptAlive, user: &str, request: &str) -> Answer {
    connection.ask(&format!("{request} HTTP/1.1\r\nX-User: {user}"), b"").await.unwrap()
}

fn ids(page: &Value) -> Vec<&str> {
    page["threads"].as_array().unwrap().iter().map(|thread| thread["threadId"].as_str().unwrap()).collect()
}

/// Threads of nobody in particular would be listed to everybody.
#[tokio::test]
async fn who_is_nobody_in_particular_has_to_know_the_ids() {
    let sessions = Sessions::new(MemoryStore::new(), hello);
    let serving = Serving::start(Server::new().agent("/chat", sessions)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    assert_eq!(run_as(&mut connection, "ann", &input("one", "r")).await.status(), 200);
    let listed = ask_as(&mut connection, "ann", "GET /chat/threads").await;
    assert_eq!((listed.status(), &listed.json()["code"]), (401, &json!("unauthorized")));
    assert_eq!(ask_as(&mut connection, "ann", "GET /chat/threads/one").await.status(), 200);
}

#[tokio::test]
async fn threads_are_listed_shown_and_deleted_by_those_whose_they_are() {
    let sessions = Sessions::new(MemoryStore::new(), hello);
    let serving = Serving::start(Server::new().agent("/chat", sessions).authenticate(by_user)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    for thread in ["one", "two", "a/b ü"] {
        assert_eq!(run_as(&mut connection, "ann", &input(thread, "r")).await.status(), 200);
    }

    let page = ask_as(&mut connection, "ann", "GET /chat/threads?limit=2").await.json();
    let next = page["next"].as_str().unwrap().replace('/', "%2F").replace(' ', "%20").replace('ü', "%C3%BC");
    let rest =
        ask_as(&mut connection, "ann", &format!("GET /chat/threads?limit=2&after={next}")).await.json();
    let mut all = [ids(&page), ids(&rest)].concat();
    all.sort_unstable();
    assert_eq!(all, ["a/b ü", "one", "two"]);
    assert_eq!((ids(&page).len(), rest.get("next")), (2, None));
    assert_eq!(ids(&ask_as(&mut connection, "bob", "GET /chat/threads").await.json()), Vec::<&str>::new());

    let nowhere = ask_as(&mut connection, "ann", "GET /chat/threads?after=here").await;
    assert_eq!((nowhere.status(), &nowhere.json()["code"]), (400, &json!("invalid_request")));

    let shown = ask_as(&mut connection, "ann", "GET /chat/threads/a%2Fb%20%C3%BC").await.json();
    assert_eq!((&shown["threadId"], &shown["userId"]), (&json!("a/b ü"), &json!("ann")));
    let said: Vec<_> = shown["messages"].as_array().unwrap().iter().map(|said| &said["content"]).collect();
    assert_eq!(said, ["Hello!", "Hello!"]);
    assert_eq!(shown["lastRun"], json!({ "runId": "r", "outcome": "success" }));
    assert_eq!((&shown["state"], &shown["interrupts"]), (&json!({}), &json!([])));

    // To others it is not there.
    for request in ["GET /chat/threads/one", "DELETE /chat/threads/one"] {
        let refused = ask_as(&mut connection, "bob", request).await;
        assert_eq!((refused.status(), &refused.json()["code"]), (404, &json!("thread_not_found")));
        assert_eq!(connection.ask(&format!("{request} HTTP/1.1"), b"").await.unwrap().status(), 401);
    }
    let deleted = ask_as(&mut connection, "ann", "DELETE /chat/threads/one").await;
    assert_eq!((deleted.status(), deleted.body.len()), (204, 0));
    assert_eq!(ask_as(&mut connection, "ann", "GET /chat/threads/one").await.status(), 404);
    assert_eq!(ask_as(&mut connection, "ann", "DELETE /chat/threads/one").await.status(), 404);
}

#[tokio::test]
async fn a_run_in_somebody_elses_thread_is_answered_with_404() {
    let sessions = Sessions::new(MemoryStore::new(), hello);
    let serving = Serving::start(Server::new().agent("/chat", sessions).authenticate(by_user)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    assert_eq!(run_as(&mut connection, "ann", &input("t", "r")).await.status(), 200);
    let refused = run_as(&mut connection, "bob", &input("t", "r2")).await;
    assert_eq!((refused.status(), &refused.json()["code"]), (404, &json!("thread_not_found")));
    assert_eq!(text(&run_as(&mut connection, "ann", &input("t", "r2")).await.events()), "Hello!");
}

/// Says that it is there, then waits until it may go on.
fn patient(go_on: &Arc<Notify>) -> impl agui::Agent {
    let go_on = Arc::clone(go_on);
    move |run: RunContext| {
        let go_on = Arc::clone(&go_on);
        async move {
            run.text("I am here.").await?;
            go_on.notified().await;
            Ok(())
        }
    }
}

#[tokio::test]
async fn a_second_run_of_a_thread_is_answered_with_409() {
    let go_on = Arc::new(Notify::new());
    let sessions = Sessions::new(MemoryStore::new(), patient(&go_on));
    let serving = Serving::start(Server::new().agent("", sessions)).await;
    let mut first = Exchange::post(serving.address, "/agui", &input("t", "r1")).await;
    first.until("I am here.").await;

    let mut connection = KeptAlive::open(serving.address).await;
    let refused = connection.run("/agui", &input("t", "r2")).await.unwrap();
    assert_eq!((refused.status(), &refused.json()["code"]), (409, &json!("thread_busy")));
    assert_eq!(refused.header("retry-after"), Some("1"));
    // Of the same run the server knows by itself.
    let refused = connection.run("/agui", &input("t", "r1")).await.unwrap();
    assert_eq!((refused.status(), &refused.json()["code"]), (409, &json!("run_is_active")));

    go_on.notify_one();
    assert_eq!(types(&first.answer().await.events()).last(), Some(&"RUN_FINISHED"));
    go_on.notify_one();
    assert_eq!(connection.run("/agui", &input("t", "r2")).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_second_run_waits_in_its_stream_where_it_is_to() {
    let go_on = Arc::new(Notify::new());
    let sessions = Sessions::new(MemoryStore::new(), patient(&go_on)).when_busy(WhenBusy::Wait);
    let server = Server::new().agent("", sessions).keep_alive(Duration::from_millis(10));
    let serving = Serving::start(server).await;
    let mut first = Exchange::post(serving.address, "/agui", &input("t", "r1")).await;
    first.until("I am here.").await;

    let mut second = Exchange::post(serving.address, "/agui", &input("t", "r2")).await;
    second.until("RUN_STARTED").await;
    // It is known to live.
    second.until(":\n\n").await;
    assert!(!second.received().contains("I am here."), "{}", second.received());
    go_on.notify_one();
    first.answer().await;
    second.until("I am here.").await;
    go_on.notify_one();
    second.until("RUN_FINISHED").await;
}

#[tokio::test]
async fn a_client_that_leaves_before_its_answer_gives_its_thread_back() {
    let store = MemoryStore::new();
    let serving = Serving::start(Server::new().agent("", Sessions::new(store.clone(), super::endless))).await;
    let mut first = Exchange::post(serving.address, "/agui", &input("t", "r1")).await;
    first.until("Once upon a time").await;
    drop(first);
    let mut connection = KeptAlive::open(serving.address).await;
    soon("the thread to be free", async {
        loop {
            let thread = connection.ask("GET /threads/t HTTP/1.1", b"").await.unwrap().json();
            if thread["lastRun"]["outcome"] == "abandoned" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// Asks two questions, and counts the answers.
async fn asks(run: RunContext) -> Result<Finished> {
    if let Some(answers) = &run.input().resume {
        run.text(format!("{} answers.", answers.len())).await?;
        return Ok(Finished::default());
    }
    let interrupts = ["i1", "i2"].map(|id| Interrupt::new(id, "input_required")).to_vec();
    Ok(RunFinishedOutcome::from(RunFinishedInterruptOutcome::new(interrupts)).into())
}

#[tokio::test]
async fn a_partial_resume_is_refused_and_nothing_is_lost() {
    let serving = Serving::start(Server::new().agent("", Sessions::new(MemoryStore::new(), asks))).await;
    let mut connection = KeptAlive::open(serving.address).await;
    connection.run("/agui", &input("t", "r1")).await.unwrap();
    let answers = |ids: &[&str]| {
        let entries: Vec<_> =
            ids.iter().map(|id| json!({ "interruptId": id, "status": "resolved", "payload": 1 })).collect();
        json!({ "threadId": "t", "runId": "r2", "messages": [], "resume": entries }).to_string()
    };
    for (ids, status, code) in [
        (&["i1"][..], 409, "unanswered_interrupts"),
        (&["unknown"], 409, "unanswered_interrupts"),
        (&["i1", "i2", "i1"], 422, "duplicate_answer"),
    ] {
        let refused = connection.run("/agui", &answers(ids)).await.unwrap();
        assert_eq!((refused.status(), &refused.json()["code"]), (status, &json!(code)), "{ids:?}");
        assert_eq!(refused.json()["path"], "/resume");
        let thread = connection.ask("GET /threads/t HTTP/1.1", b"").await.unwrap().json();
        assert_eq!(thread["interrupts"].as_array().unwrap().len(), 2, "{ids:?}");
    }
    let answer = connection.run("/agui", &answers(&["i2", "i1"])).await.unwrap();
    assert_eq!(text(&answer.events()), "2 answers.");
}

/// RUN-24, STATE-20: what the client may have already is restated, not streamed again.
#[tokio::test]
async fn a_reloaded_page_gets_its_thread_back() {
    let serving = Serving::start(Server::new().agent("", Sessions::new(MemoryStore::new(), asks))).await;
    let mut connection = KeptAlive::open(serving.address).await;
    connection.run("/agui", &input("t", "r1")).await.unwrap();
    let empty = json!({ "threadId": "t", "runId": "r2", "messages": [] }).to_string();
    let events = connection.run("/agui", &empty).await.unwrap().events();
    assert_eq!(types(&events), ["RUN_STARTED", "MESSAGES_SNAPSHOT", "STATE_SNAPSHOT", "RUN_FINISHED"]);
    assert_eq!(events[1]["messages"][0]["content"], "Hello!");
    assert_eq!(events[3]["outcome"]["interrupts"][1]["id"], "i2");
}

#[tokio::test]
async fn a_user_id_that_anybody_can_write_counts_where_it_is_to_alone() {
    let run_of = |user: &str, run: &str| {
        let mut input: Value = serde_json::from_str(&input("t", run)).unwrap();
        input["forwardedProps"] = json!({ "user_id": user });
        input.to_string()
    };
    let trusting = Sessions::new(MemoryStore::new(), hello).trust_forwarded_user_id();
    let serving = Serving::start(Server::new().agent("", trusting)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    assert_eq!(connection.run("/agui", &run_of("ann", "r1")).await.unwrap().status(), 200);
    assert_eq!(connection.run("/agui", &run_of("bob", "r2")).await.unwrap().status(), 404);
    for (request, status) in
        [("/threads/t?userId=ann", 200), ("/threads/t?userId=bob", 404), ("/threads/t", 404)]
    {
        let answer = connection.ask(&format!("GET {request} HTTP/1.1"), b"").await.unwrap();
        assert_eq!(answer.status(), status, "{request}");
    }

    // Everywhere else it is so much text.
    let serving = Serving::start(Server::new().agent("", Sessions::new(MemoryStore::new(), hello))).await;
    let mut connection = KeptAlive::open(serving.address).await;
    for (user, run) in [("ann", "r1"), ("bob", "r2")] {
        assert_eq!(connection.run("/agui", &run_of(user, run)).await.unwrap().status(), 200);
    }
    let answer = connection.ask("GET /threads/t?userId=eve HTTP/1.1", b"").await.unwrap();
    assert_eq!((answer.status(), answer.json().get("userId")), (200, None));
}

#[tokio::test]
async fn a_thread_whose_first_run_is_refused_does_not_exist() {
    let typed = agui::Agent::with_state(hello, 7_u32);
    let serving = Serving::start(Server::new().agent("", Sessions::new(MemoryStore::new(), typed))).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let mut input: Value = serde_json::from_str(&input("t", "r")).unwrap();
    input["state"] = json!("none");
    let refused = connection.run("/agui", &input.to_string()).await.unwrap();
    assert_eq!((refused.status(), &refused.json()["path"]), (422, &json!("/state")));
    assert_eq!(connection.ask("GET /threads/t HTTP/1.1", b"").await.unwrap().status(), 404);
    input["state"] = json!(8);
    assert_eq!(connection.run("/agui", &input.to_string()).await.unwrap().status(), 200);
    let thread = connection.ask("GET /threads/t HTTP/1.1", b"").await.unwrap().json();
    assert_eq!(thread["state"], 8);
}

#[tokio::test]
async fn old_threads_are_deleted_while_the_server_serves() {
    let store = MemoryStore::new();
    let begin = BeginRun { thread_id: "old".into(), owner: Owner::anonymous(), when_busy: WhenBusy::Refuse };
    let opened = store.begin(begin).await.unwrap();
    let mut changes = Changes::default();
    changes.last_run = Some(LastRun { run_id: "r".into(), outcome: None });
    store.finish(&opened.lease, changes).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;

    let server = Server::new().agent("", Sessions::new(store.clone(), hello));
    let serving = Serving::start(server.keep_threads_for(Duration::from_millis(10))).await;
    soon("the thread to go", async {
        while store.load(&Owner::anonymous(), "old").await.unwrap().is_some() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    serving.stop().await.unwrap().unwrap();
}
