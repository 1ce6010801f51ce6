//! What every store has to do.

use crate::support::{Store, ada, load, user, with_every_store};
use agui::Interrupt;
use agui::session::{
    Availability, BeginRun, Changes, LastRun, Lease, Opened, Owner, RunOutcome, SessionError, Tail, WhenBusy,
};
use serde_json::json;
use std::time::Duration;

with_every_store! {
    a_thread_belongs_to_who_began_it
    a_second_run_is_refused_or_waits
    what_changed_is_written
    threads_are_listed_by_page
    a_deleted_thread_is_gone
    old_threads_are_deleted
    an_abandoned_run_gives_its_thread_back
    large_states_are_kept
}

fn begin(thread: &str, owner: Owner) -> BeginRun {
    BeginRun { thread_id: thread.to_owned(), owner, when_busy: WhenBusy::Refuse }
}

async fn opened(store: &Store) -> Opened {
    store.begin(begin("thread", ada())).await.unwrap()
}

/// A text as the only change.
fn says(from: usize, texts: &[&str]) -> Changes {
    let messages = texts.iter().map(|text| user(text, text)).collect();
    let mut changes = Changes::default();
    changes.messages = Some(Tail { from, messages });
    changes
}

async fn write(store: &Store, thread: &str, owner: Owner) {
    let Opened { lease, .. } = store.begin(begin(thread, owner)).await.unwrap();
    store.finish(&lease, says(0, &["hello"])).await.unwrap();
}

async fn a_thread_belongs_to_who_began_it(store: Store) {
    let (eve, nobody) = (Owner::user("eve"), Owner::anonymous());
    assert_eq!(store.availability(&eve, "thread").await.unwrap(), Availability::New);
    write(&store, "thread", ada()).await;
    write(&store, "open", nobody.clone()).await;
    assert!(store.load(&ada(), "thread").await.unwrap().is_some());
    assert_eq!(store.availability(&ada(), "thread").await.unwrap(), Availability::Free);
    for (other, thread) in [(&eve, "thread"), (&nobody, "thread"), (&ada(), "open")] {
        assert_eq!(store.load(other, thread).await.unwrap(), None);
        let refused = store.begin(begin(thread, other.clone())).await.unwrap_err();
        assert!(matches!(refused, SessionError::NotFound), "{refused:?}");
        let refused = store.availability(other, thread).await.unwrap_err();
        assert_eq!(refused.status().as_u16(), 404, "{refused:?}");
        assert!(!store.delete(other, thread).await.unwrap());
        assert!(store.list(other, 10, None).await.unwrap().threads.iter().all(|t| t.thread_id != thread));
    }
    assert!(store.load(&nobody, "open").await.unwrap().is_some());
    assert_eq!(store.list(&eve, 10, None).await.unwrap().threads, []);
}

async fn a_second_run_is_refused_or_waits(store: Store) {
    let Opened { lease, .. } = opened(&store).await;
    let refused = store.begin(begin("thread", ada())).await.unwrap_err();
    assert!(matches!(refused, SessionError::Busy), "{refused:?}");
    assert_eq!((refused.status().as_u16(), refused.code()), (409, "thread_busy"));
    assert_eq!(store.availability(&ada(), "thread").await.unwrap(), Availability::Busy);
    // Other threads are not concerned.
    write(&store, "other", ada()).await;

    let waiting = BeginRun { when_busy: WhenBusy::Wait, ..begin("thread", ada()) };
    let also = store.clone();
    let second = tokio::spawn(async move { also.begin(waiting).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!second.is_finished());
    store.finish(&lease, says(0, &["first"])).await.unwrap();
    let second = tokio::time::timeout(Duration::from_secs(10), second).await.unwrap().unwrap();
    assert_eq!(second.thread.messages, [user("first", "first")]);
    // What ended its lease cannot write any more.
    for lost in [store.save(&lease, says(0, &[])).await, store.finish(&lease, says(0, &[])).await] {
        assert!(matches!(lost, Err(SessionError::LeaseLost)), "{lost:?}");
    }
    store.finish(&second.lease, Changes::default()).await.unwrap();
    assert_eq!(load(&store).await.messages.len(), 1);
}

async fn what_changed_is_written(store: Store) {
    let Opened { lease, thread } = opened(&store).await;
    assert_eq!((thread.revision, &thread.state), (0, &json!({})));
    store.save(&lease, says(0, &["a", "b", "c"])).await.unwrap();
    let mut changes = says(1, &["d"]);
    changes.state = Some(json!(null));
    changes.interrupts = Some(vec![Interrupt::new("i", "approval").message("Sure?")]);
    changes.last_run = Some(LastRun { run_id: "run".into(), outcome: None });
    store.save(&lease, changes).await.unwrap();
    let thread = load(&store).await;
    assert_eq!(thread.messages, [user("a", "a"), user("d", "d")]);
    assert_eq!(thread.state, json!(null));
    assert_eq!(thread.interrupts[0].message.as_deref(), Some("Sure?"));
    assert_eq!(thread.last_run, Some(LastRun { run_id: "run".into(), outcome: None }));
    assert_eq!(thread.revision, 2);

    // The rest stays.
    let outcome = Some(RunOutcome::Interrupt);
    let mut changes = Changes::default();
    changes.last_run = Some(LastRun { run_id: "run".into(), outcome });
    store.finish(&lease, changes).await.unwrap();
    let after = load(&store).await;
    assert_eq!(after.last_run.as_ref().unwrap().outcome, outcome);
    assert_eq!((after.messages, after.interrupts), (thread.messages, thread.interrupts));
    let shown = json!(load(&store).await);
    assert_eq!(shown["threadId"], "thread");
    assert_eq!(shown["userId"], "ada");
    assert_eq!(shown["lastRun"], json!({"runId": "run", "outcome": "interrupt"}));
    assert_eq!(shown["messages"][1], json!({"id": "d", "role": "user", "content": "d"}));
    assert!(shown["updatedAt"].as_i64().unwrap() >= shown["createdAt"].as_i64().unwrap());
}

async fn threads_are_listed_by_page(store: Store) {
    for thread in ["c", "a", "b", "e", "d"] {
        write(&store, thread, ada()).await;
    }
    write(&store, "eve's", Owner::user("eve")).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    write(&store, "a", ada()).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.list(&ada(), 2, after.as_deref()).await.unwrap();
        assert!((1..=2).contains(&page.threads.len()), "{page:?}");
        assert!(page.threads.iter().all(|thread| thread.messages == 1));
        seen.extend(page.threads.into_iter().map(|thread| (-thread.updated_at, thread.thread_id)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen[0].1, "a");
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!(seen.len(), 5);
    let refused = store.list(&ada(), 2, Some("nonsense")).await.unwrap_err();
    assert!(matches!(refused, SessionError::Invalid(_)), "{refused:?}");
}

async fn a_deleted_thread_is_gone(store: Store) {
    write(&store, "thread", ada()).await;
    let Opened { lease, .. } = opened(&store).await;
    assert!(store.delete(&ada(), "thread").await.unwrap());
    assert!(!store.delete(&ada(), "thread").await.unwrap());
    let lost = store.save(&lease, says(0, &["late"])).await;
    assert!(matches!(lost, Err(SessionError::LeaseLost)), "{lost:?}");
    // Whoever begins it anew has nothing of it, nor has the old lease a say.
    let Opened { lease: new, thread } = store.begin(begin("thread", Owner::anonymous())).await.unwrap();
    assert_eq!((thread.revision, thread.messages.len()), (0, 0));
    assert!(store.save(&lease, says(0, &["late"])).await.is_err());
    store.finish(&new, Changes::default()).await.unwrap();
}

async fn old_threads_are_deleted(store: Store) {
    write(&store, "one", ada()).await;
    write(&store, "two", Owner::anonymous()).await;
    let Opened { lease, .. } = opened(&store).await;
    assert_eq!(store.delete_older_than(Duration::from_secs(60)).await.unwrap(), 0);
    assert_eq!(store.delete_older_than(Duration::ZERO).await.unwrap(), 2);
    // The one that a run holds stays.
    store.finish(&lease, says(0, &["here"])).await.unwrap();
    assert_eq!(load(&store).await.messages.len(), 1);
}

async fn an_abandoned_run_gives_its_thread_back(store: Store) {
    let Opened { lease, .. } = opened(&store).await;
    store.abandon(lease, says(0, &["half"]));
    store.abandon(Lease { thread_id: "nowhere".into(), token: String::new() }, Changes::default());
    let waiting = BeginRun { when_busy: WhenBusy::Wait, ..begin("thread", ada()) };
    let next = tokio::time::timeout(Duration::from_secs(10), store.begin(waiting)).await.unwrap().unwrap();
    assert_eq!(next.thread.messages, [user("half", "half")]);
    store.finish(&next.lease, Changes::default()).await.unwrap();
}

async fn large_states_are_kept(store: Store) {
    let state = json!({"pages": vec!["x".repeat(1000); 2000], "π": 0.1 + 0.2});
    let Opened { lease, .. } = opened(&store).await;
    let mut changes = Changes::default();
    changes.state = Some(state.clone());
    store.finish(&lease, changes).await.unwrap();
    assert_eq!(load(&store).await.state, state);
}
