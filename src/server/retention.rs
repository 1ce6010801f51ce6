//! Threads that nobody has gone on with for long.

use crate::session::Threads;
use std::time::Duration;

/// How often is looked, at most.
const OFTEN: Duration = Duration::from_secs(60);

/// How often is looked, at least.
const SELDOM: Duration = Duration::from_secs(60 * 60);

/// Deletes threads of that age, for ever.
pub(super) async fn keep(threads: Vec<Threads>, age: Duration) {
    loop {
        for threads in &threads {
            match threads.store().delete_older_than(age).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "deleted threads that have not changed for long"),
                Err(error) => tracing::error!(%error, "old threads could not be deleted"),
            }
        }
        tokio::time::sleep((age / 10).clamp(OFTEN, SELDOM)).await;
    }
}
