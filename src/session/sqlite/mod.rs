//! Threads in a file, with SQLite.

mod heartbeat;
mod rows;
mod schema;

use super::error::SessionError;
use super::owner::Owner;
use super::store::{Availability, BeginRun, Changes, Lease, Opened, SessionStore, StoreFuture, WhenBusy};
use super::thread::{Cursor, Thread, ThreadPage, ThreadSummary};
use crate::clock::now;
use heartbeat::Heartbeats;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Row, Sqlite, Transaction};
use std::path::Path;
use std::time::{Duration, Instant};

/// Keeps threads in a SQLite database. Clones share the connections.
///
/// Several processes on one machine may use the same file. Writes go to a write-ahead log and are on the disk
/// when they are done. A run holds its thread by a lease that is renewed while the process lives, so that the
/// threads of one that was killed are free again after half a minute.
///
/// Needs tokio's runtime. Tables and their migration are its own affair; their names begin with `agui_`.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pool: SqlitePool,
    heartbeats: Heartbeats,
    lease: Duration,
}

/// For how long a connection waits for others that write.
const BUSY: Duration = Duration::from_secs(10);

/// How often a run that waits looks whether its thread is free: runs of other processes cannot tell it.
const WAIT: Duration = Duration::from_millis(20);

impl SqliteStore {
    /// Opens a database, and creates it if there is none.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened, or was written by a newer version.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(BUSY)
            .journal_mode(SqliteJournalMode::Wal)
            // In WAL mode less would lose turns when the power fails.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        // Boxed: of sqlx's future itself the compiler cannot tell that a task may have it.
        let pool: StoreFuture<'_, _> = Box::pin(async {
            let pool = connect(options).await?;
            schema::migrate(&pool).await?;
            Ok(pool)
        });
        let pool = pool.await?;
        Ok(Self { pool, heartbeats: Heartbeats::default(), lease: Duration::from_secs(30) })
    }

    /// For how long the threads of a process that was killed stay taken; by default 30 seconds. Every third
    /// of it leases are renewed.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Waits until nothing is being written, and closes the connections.
    pub async fn close(&self) {
        self.heartbeats.stop_all();
        self.pool.close().await;
    }

    /// A transaction that is the only one to write.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>, SessionError> {
        // Deferred ones may fail half-way when another writer comes first.
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }

    async fn try_begin(&self, begin: &BeginRun) -> Result<Opened, SessionError> {
        let mut transaction = self.write().await?;
        let now = now();
        match rows::head(&mut transaction, &begin.thread_id).await? {
            Some(head) if head.owner != begin.owner => return Err(SessionError::NotFound),
            Some(head) if head.is_held(now) => return Err(SessionError::Busy),
            Some(_) => {}
            None => rows::create(&mut transaction, &begin.thread_id, &begin.owner, now).await?,
        }
        let lease = Lease { thread_id: begin.thread_id.clone(), token: uuid::Uuid::new_v4().to_string() };
        let until = now.saturating_add(millis(self.lease));
        rows::hold(&mut transaction, &lease, until).await?;
        let thread = rows::thread(&mut transaction, &begin.thread_id).await?;
        let thread = thread.ok_or_else(|| SessionError::store("a thread is gone while it was read"))?;
        transaction.commit().await?;
        self.heartbeats.start(&self.pool, &lease, self.lease);
        Ok(Opened { lease, thread })
    }

    async fn apply(&self, lease: &Lease, changes: Changes, release: bool) -> Result<(), SessionError> {
        let mut transaction = self.write().await?;
        if !rows::holds(&mut transaction, lease).await? {
            self.heartbeats.stop(lease);
            return Err(SessionError::LeaseLost);
        }
        if !changes.is_empty() {
            rows::apply(&mut transaction, &lease.thread_id, changes, now()).await?;
        }
        if release {
            rows::release(&mut transaction, lease).await?;
        }
        transaction.commit().await?;
        if release {
            self.heartbeats.stop(lease);
        }
        Ok(())
    }

    async fn page(
        &self,
        owner: &Owner,
        limit: usize,
        after: Option<&str>,
    ) -> Result<ThreadPage, SessionError> {
        let after = match after {
            Some(text) => Cursor::parse(text).ok_or_else(|| {
                SessionError::Invalid("This is no place in the list of threads.".to_owned())
            })?,
            None => Cursor { updated_at: i64::MAX, thread_id: String::new() },
        };
        let more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let rows = sqlx::query(
            "SELECT id, created, updated, (SELECT count(*) FROM agui_messages WHERE thread = agui_threads.id)
             FROM agui_threads
             WHERE owner IS ? AND (updated < ? OR (updated = ? AND id > ?))
             ORDER BY updated DESC, id LIMIT ?",
        )
        .bind(owner.user_id())
        .bind(after.updated_at)
        .bind(after.updated_at)
        .bind(after.thread_id)
        .bind(more)
        .fetch_all(&self.pool)
        .await?;
        let mut threads = Vec::with_capacity(rows.len());
        for row in rows {
            threads.push(ThreadSummary {
                thread_id: row.try_get(0)?,
                created_at: row.try_get(1)?,
                updated_at: row.try_get(2)?,
                messages: u64::try_from(row.try_get::<i64, _>(3)?).unwrap_or_default(),
            });
        }
        Ok(ThreadPage::of(threads, limit))
    }
}

impl SessionStore for SqliteStore {
    fn begin(&self, begin: BeginRun) -> StoreFuture<'_, Opened> {
        Box::pin(async move {
            loop {
                match self.try_begin(&begin).await {
                    Err(SessionError::Busy) if begin.when_busy == WhenBusy::Wait => {
                        // Looking does not keep others from writing, as trying would.
                        loop {
                            tokio::time::sleep(WAIT).await;
                            if self.availability(&begin.owner, &begin.thread_id).await? != Availability::Busy
                            {
                                break;
                            }
                        }
                    }
                    result => return result,
                }
            }
        })
    }

    fn save<'s>(&'s self, lease: &'s Lease, changes: Changes) -> StoreFuture<'s, ()> {
        Box::pin(self.apply(lease, changes, false))
    }

    fn finish<'s>(&'s self, lease: &'s Lease, changes: Changes) -> StoreFuture<'s, ()> {
        Box::pin(self.apply(lease, changes, true))
    }

    fn abandon(&self, lease: Lease, changes: Changes) {
        self.heartbeats.stop(&lease);
        // Without a runtime the process is about to end, and the lease with it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let store = self.clone();
        runtime.spawn(async move {
            match store.apply(&lease, changes, true).await {
                Ok(()) | Err(SessionError::LeaseLost) => {}
                Err(error) => {
                    tracing::error!(thread = %lease.thread_id, %error, "an abandoned run was not stored")
                }
            }
        });
    }

    fn availability<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, Availability> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            match rows::head(&mut connection, thread_id).await? {
                None => Ok(Availability::New),
                Some(head) if head.owner != *owner => Err(SessionError::NotFound),
                Some(head) if head.is_held(now()) => Ok(Availability::Busy),
                Some(_) => Ok(Availability::Free),
            }
        })
    }

    fn load<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, Option<Thread>> {
        Box::pin(async move {
            // One transaction, so that messages and state are of one revision.
            let mut transaction = self.pool.begin().await?;
            let thread = rows::thread(&mut transaction, thread_id).await?;
            Ok(thread.filter(|thread| thread.owner == *owner))
        })
    }

    fn list<'s>(
        &'s self,
        owner: &'s Owner,
        limit: usize,
        after: Option<&'s str>,
    ) -> StoreFuture<'s, ThreadPage> {
        Box::pin(self.page(owner, limit, after))
    }

    fn delete<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, bool> {
        Box::pin(async move {
            let deleted = sqlx::query("DELETE FROM agui_threads WHERE id = ? AND owner IS ?")
                .bind(thread_id)
                .bind(owner.user_id())
                .execute(&self.pool)
                .await?;
            Ok(deleted.rows_affected() > 0)
        })
    }

    fn delete_older_than(&self, age: Duration) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let now = now();
            let deleted = sqlx::query(
                "DELETE FROM agui_threads WHERE updated <= ? AND (lease_until IS NULL OR lease_until <= ?)",
            )
            .bind(now.saturating_sub(millis(age)))
            .bind(now)
            .execute(&self.pool)
            .await?;
            Ok(deleted.rows_affected())
        })
    }
}

/// Connects, however many do so at once: a file's first connection turns its write-ahead log on, its last one takes
/// it away, and SQLite refuses everybody else meanwhile instead of letting them wait.
async fn connect(options: SqliteConnectOptions) -> Result<SqlitePool, SessionError> {
    let deadline = Instant::now() + BUSY;
    // Connections are kept, so that this is over once the first one is there.
    let pool = SqlitePoolOptions::new().max_connections(4).idle_timeout(None).max_lifetime(None);
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < deadline => tokio::time::sleep(WAIT).await,
            connected => return Ok(connected?),
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    /// `SQLITE_BUSY`, which the low byte of its extended codes is as well.
    const CODE: i32 = 5;
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == CODE)
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl From<sqlx::Error> for SessionError {
    fn from(error: sqlx::Error) -> Self {
        Self::store(error)
    }
}
