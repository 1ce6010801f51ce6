//! What a file keeps.

use crate::support::{ada, events, failure, input, said, user};
use agui::session::{BeginRun, Session, SessionError, SessionStore, Sessions, SqliteStore, WhenBusy};
use agui::{
    Finished, Interrupt, Result, ResumeEntry, ResumeEntryStatus, RunContext, RunFinishedInterruptOutcome,
    RunFinishedOutcome,
};
use std::time::{Duration, Instant};

async fn asks(run: RunContext) -> Result<Finished> {
    if let [answer] = run.require::<Session>()?.answers() {
        run.text(format!("{}: {:?}", answer.interrupt.id, answer.entry.status)).await?;
        return Ok(Finished::default());
    }
    Ok(RunFinishedOutcome::from(RunFinishedInterruptOutcome::new(vec![Interrupt::new("i1", "why")])).into())
}

#[tokio::test]
async fn an_interrupted_run_is_resumed_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions");
    let store = SqliteStore::open(&path).await.unwrap();
    events(Sessions::new(store.clone(), asks), input("r1", vec![user("u1", "Hello")])).await;
    store.close().await;

    let store = SqliteStore::open(&path).await.unwrap();
    let mut resume = input("r2", vec![]);
    resume.resume = Some(vec![ResumeEntry::new("i1", ResumeEntryStatus::Cancelled)]);
    assert_eq!(failure(&events(Sessions::new(store.clone(), asks), resume).await), None);
    let thread = store.load(&ada(), "thread").await.unwrap().unwrap();
    assert_eq!(said(&thread.messages), ["user: Hello", "assistant: i1: Cancelled"]);
    assert_eq!(thread.interrupts, []);
}

#[tokio::test]
async fn leases_of_the_living_are_renewed_and_those_of_the_dead_expire() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions");
    let lease = Duration::from_millis(600);
    let first = SqliteStore::open(&path).await.unwrap().lease(lease);
    let second = SqliteStore::open(&path).await.unwrap().lease(lease);
    let begin = |when_busy| BeginRun { thread_id: "thread".into(), owner: ada(), when_busy };
    let held = first.begin(begin(WhenBusy::Refuse)).await.unwrap().lease;
    tokio::time::sleep(lease * 2).await;
    let refused = second.begin(begin(WhenBusy::Refuse)).await.unwrap_err();
    assert!(matches!(refused, SessionError::Busy), "{refused:?}");

    // As if its process was killed.
    first.close().await;
    let start = Instant::now();
    let next = second.begin(begin(WhenBusy::Wait)).await.unwrap();
    assert!(start.elapsed() < lease * 4, "{:?}", start.elapsed());
    // It may come back from the dead, but not write.
    let first = SqliteStore::open(&path).await.unwrap();
    let lost = first.finish(&held, Default::default()).await;
    assert!(matches!(lost, Err(SessionError::LeaseLost)), "{lost:?}");
    second.finish(&next.lease, Default::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn several_may_create_and_leave_a_file_at_once() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions");
        let users = (0..6).map(|_| {
            let path = path.clone();
            tokio::spawn(async move { SqliteStore::open(&path).await.unwrap().close().await })
        });
        for user in futures_util::future::join_all(users).await {
            user.unwrap();
        }
    }
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions");
    SqliteStore::open(&path).await.unwrap().close().await;
    let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    sqlx::query("UPDATE agui_version SET version = 99").execute(&pool).await.unwrap();
    pool.close().await;
    let refused = SqliteStore::open(&path).await.unwrap_err().to_string();
    assert!(refused.contains("version 99"), "{refused}");
}
