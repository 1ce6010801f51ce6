//! What is read and written, in the transaction of the caller.

use crate::session::error::SessionError;
use crate::session::owner::Owner;
use crate::session::store::{Changes, Lease};
use crate::session::thread::{LastRun, RunOutcome, Thread};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Row, SqliteConnection};

type Result<T = ()> = std::result::Result<T, SessionError>;

/// Who may have a thread.
pub(super) struct Head {
    pub(super) owner: Owner,
    lease_until: Option<i64>,
}

impl Head {
    pub(super) fn is_held(&self, now: i64) -> bool {
        self.lease_until.is_some_and(|until| until > now)
    }
}

pub(super) async fn head(connection: &mut SqliteConnection, id: &str) -> Result<Option<Head>> {
    let row = sqlx::query("SELECT owner, lease_until FROM agui_threads WHERE id = ?").bind(id);
    let Some(row) = row.fetch_optional(connection).await? else { return Ok(None) };
    Ok(Some(Head { owner: owner(row.try_get(0)?), lease_until: row.try_get(1)? }))
}

pub(super) async fn create(connection: &mut SqliteConnection, id: &str, owner: &Owner, now: i64) -> Result {
    sqlx::query("INSERT INTO agui_threads (id, owner, created, updated) VALUES (?, ?, ?, ?)")
        .bind(id)
        .bind(owner.user_id())
        .bind(now)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn hold(connection: &mut SqliteConnection, lease: &Lease, until: i64) -> Result {
    sqlx::query("UPDATE agui_threads SET lease = ?, lease_until = ? WHERE id = ?")
        .bind(&lease.token)
        .bind(until)
        .bind(&lease.thread_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether the lease is the one that holds the thread. An expired one is good until another run comes.
pub(super) async fn holds(connection: &mut SqliteConnection, lease: &Lease) -> Result<bool> {
    let row = sqlx::query("SELECT 1 FROM agui_threads WHERE id = ? AND lease = ?")
        .bind(&lease.thread_id)
        .bind(&lease.token)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// A thread whose first run was refused goes with its lease.
pub(super) async fn release(connection: &mut SqliteConnection, lease: &Lease) -> Result {
    sqlx::query("DELETE FROM agui_threads WHERE id = ? AND lease = ? AND revision = 0")
        .bind(&lease.thread_id)
        .bind(&lease.token)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE agui_threads SET lease = NULL, lease_until = NULL WHERE id = ? AND lease = ?")
        .bind(&lease.thread_id)
        .bind(&lease.token)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn thread(connection: &mut SqliteConnection, id: &str) -> Result<Option<Thread>> {
    let row = sqlx::query(
        "SELECT owner, created, updated, revision, run, outcome, interrupts, state, pending
         FROM agui_threads WHERE id = ?",
    )
    .bind(id)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let mut thread = Thread::new(id, owner(row.try_get(0)?), row.try_get(1)?);
    thread.updated_at = row.try_get(2)?;
    thread.revision = u64::try_from(row.try_get::<i64, _>(3)?).unwrap_or_default();
    let outcome: Option<&str> = row.try_get(5)?;
    let outcome = outcome.and_then(|name| RunOutcome::ALL.into_iter().find(|known| known.as_str() == name));
    let run: Option<String> = row.try_get(4)?;
    thread.last_run = run.map(|run_id| LastRun { run_id, outcome });
    thread.interrupts = parse(row.try_get(6)?)?;
    thread.state = parse(row.try_get(7)?)?;
    thread.pending_tool_call_ids = parse(row.try_get(8)?)?;
    let rows = sqlx::query("SELECT body FROM agui_messages WHERE thread = ? ORDER BY position");
    for row in rows.bind(id).fetch_all(&mut *connection).await? {
        thread.messages.push(parse(row.try_get(0)?)?);
    }
    Ok(Some(thread))
}

pub(super) async fn apply(connection: &mut SqliteConnection, id: &str, changes: Changes, now: i64) -> Result {
    if let Some(tail) = changes.messages {
        sqlx::query("DELETE FROM agui_messages WHERE thread = ? AND position >= ?")
            .bind(id)
            .bind(position(tail.from))
            .execute(&mut *connection)
            .await?;
        for (index, message) in tail.messages.iter().enumerate() {
            sqlx::query("INSERT INTO agui_messages (thread, position, body) VALUES (?, ?, ?)")
                .bind(id)
                .bind(position(tail.from + index))
                .bind(text(message)?)
                .execute(&mut *connection)
                .await?;
        }
    }
    let interrupts = changes.interrupts.map(|interrupts| text(&interrupts)).transpose()?;
    let pending = changes.pending_tool_call_ids.map(|ids| text(&ids)).transpose()?;
    let state = changes.state.map(|state| text(&state)).transpose()?;
    let (ran, run, outcome) = match changes.last_run {
        Some(last) => (true, Some(last.run_id), last.outcome.map(RunOutcome::as_str)),
        None => (false, None, None),
    };
    sqlx::query(
        "UPDATE agui_threads SET
             updated = ?, revision = revision + 1,
             interrupts = coalesce(?, interrupts), pending = coalesce(?, pending), state = coalesce(?, state),
             run = iif(?, ?, run), outcome = iif(?, ?, outcome)
         WHERE id = ?",
    )
    .bind(now)
    .bind(interrupts)
    .bind(pending)
    .bind(state)
    .bind(ran)
    .bind(run)
    .bind(ran)
    .bind(outcome)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

fn owner(user: Option<String>) -> Owner {
    user.map_or_else(Owner::anonymous, Owner::user)
}

fn position(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

fn text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(SessionError::store)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(SessionError::store)
}
