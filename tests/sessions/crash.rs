//! A process that is killed at random points loses no turn that it has acknowledged.

use crate::support::{ada, events, failure, input, said, user};
use agui::session::{SessionStore, Sessions, SqliteStore, WhenBusy};
use agui::{Result, RunContext};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const TURNS: usize = 200;
const FILE: &str = "AGUI_TEST_SESSIONS";

/// Answers with two messages and a state, so that a turn is written in several pieces.
async fn agent(run: RunContext) -> Result {
    let asked = run.last_user_text().unwrap_or_default();
    run.set_state(&json!({"answering": asked})).await?;
    tokio::task::yield_now().await;
    run.text(format!("Now {asked}.")).await?;
    tokio::task::yield_now().await;
    run.text(format!("Done with {asked}.")).await
}

async fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path).await.unwrap().lease(Duration::from_millis(200))
}

/// The process that is killed: this test again, where the variable is set.
#[tokio::test]
async fn child() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let store = open(Path::new(&path)).await;
    let sessions = Sessions::new(store.clone(), agent).when_busy(WhenBusy::Wait);
    let thread = store.load(&ada(), "thread").await.unwrap();
    let messages = thread.map_or(0, |thread| thread.messages.len());
    // A turn of four messages or fewer; ids that no earlier process has used.
    for turn in messages.. {
        let text = format!("turn {turn}");
        let id = format!("{}-{turn}", std::process::id());
        let events = events(sessions.clone(), input(&id, vec![user(&id, &text)])).await;
        assert_eq!(failure(&events), None);
        // Past the capturing of output, at once: from here on the client may rely on it.
        let mut out = std::io::stderr();
        writeln!(out, "\nacknowledged {text}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn no_acknowledged_turn_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions");
    let mut random = u64::from(std::process::id()) | 1;
    let mut acknowledged = Vec::new();
    let (mut kills, start) = (0, Instant::now());
    while acknowledged.len() < TURNS {
        assert!(start.elapsed() < Duration::from_secs(120), "{} turns, {kills} kills", acknowledged.len());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["crash::child", "--exact", "--nocapture", "--test-threads=1"])
            .env(FILE, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // After some turns, somewhere in the next.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let (turns, pause) = (random >> 60, (random >> 40) % 20_000);
        let mut lines =
            BufReader::new(child.stderr.take().unwrap()).lines().map(Result::<_, std::io::Error>::unwrap);
        let turn = |line: String| line.strip_prefix("acknowledged ").map(str::to_owned);
        acknowledged.extend(lines.by_ref().filter_map(turn).take(turns as usize + 1));
        std::thread::sleep(Duration::from_micros(pause));
        child.kill().unwrap();
        acknowledged.extend(lines.filter_map(turn));
        child.wait().unwrap();
        kills += 1;
    }
    check(&path, &acknowledged);
    let line = format!("sessions: {} turns, {kills} kills, {:?}\n", acknowledged.len(), start.elapsed());
    let _ = std::io::stderr().write_all(line.as_bytes());
}

#[tokio::main(flavor = "current_thread")]
async fn check(path: &Path, acknowledged: &[String]) {
    let store = open(path).await;
    // The thread is usable: the run waits until the lease of the last victim expires.
    let sessions = Sessions::new(store.clone(), agent).when_busy(WhenBusy::Wait);
    let last = events(sessions, input("last", vec![user("last", "the last turn")])).await;
    assert_eq!(failure(&last), None);
    let thread = store.load(&ada(), "thread").await.unwrap().unwrap();
    assert_eq!(thread.state, json!({"answering": "the last turn"}));
    let said = said(&thread.messages);
    for turn in acknowledged.iter().map(String::as_str).chain(["the last turn"]) {
        let whole = [
            format!("user: {turn}"),
            format!("assistant: Now {turn}."),
            format!("assistant: Done with {turn}."),
        ];
        assert!(said.windows(3).any(|three| three == whole), "{turn} is not there as a whole: {said:#?}");
    }
    store.close().await;
}
