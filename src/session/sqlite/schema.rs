//! The tables.

use crate::session::SessionError;
use sqlx::Row;
use sqlx::sqlite::SqlitePool;

/// What makes each version of the tables of the one before. What was released is never edited.
const VERSIONS: &[&[&str]] = &[&[
    // `lease` and `lease_until`: the run that holds the thread, in milliseconds since the Unix epoch.
    // What may be large comes last, so that lists do not read it.
    "CREATE TABLE agui_threads (
        id TEXT NOT NULL PRIMARY KEY,
        owner TEXT,
        created INTEGER NOT NULL,
        updated INTEGER NOT NULL,
        revision INTEGER NOT NULL DEFAULT 0,
        lease TEXT,
        lease_until INTEGER,
        run TEXT,
        outcome TEXT,
        interrupts TEXT NOT NULL DEFAULT '[]',
        pending TEXT NOT NULL DEFAULT '[]',
        state TEXT NOT NULL DEFAULT '{}'
    ) STRICT",
    "CREATE INDEX agui_threads_by_owner ON agui_threads (owner, updated DESC, id)",
    "CREATE INDEX agui_threads_by_age ON agui_threads (updated)",
    "CREATE TABLE agui_messages (
        thread TEXT NOT NULL REFERENCES agui_threads (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (thread, position)
    ) STRICT",
]];

/// Brings the tables up to date.
pub(super) async fn migrate(pool: &SqlitePool) -> Result<(), SessionError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    // The version stands in a table, since the database may have other users, too.
    sqlx::query("CREATE TABLE IF NOT EXISTS agui_version (version INTEGER NOT NULL) STRICT")
        .execute(&mut *transaction)
        .await?;
    let row = sqlx::query("SELECT version FROM agui_version").fetch_optional(&mut *transaction).await?;
    let version = row.map(|row| row.try_get::<i64, _>(0)).transpose()?.unwrap_or_default();
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    if done > VERSIONS.len() {
        let text = format!("the sessions are of version {version}, this program knows {}", VERSIONS.len());
        return Err(SessionError::store(text));
    }
    for statements in VERSIONS.iter().skip(done) {
        for statement in *statements {
            sqlx::query(statement).execute(&mut *transaction).await?;
        }
    }
    if done < VERSIONS.len() {
        sqlx::query("DELETE FROM agui_version").execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO agui_version (version) VALUES (?)")
            .bind(i64::try_from(VERSIONS.len()).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}
