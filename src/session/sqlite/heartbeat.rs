//! Leases that are renewed for as long as the process lives.

use super::millis;
use crate::clock::now;
use crate::session::store::Lease;
use sqlx::sqlite::SqlitePool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::AbortHandle;

/// One task for each lease, by its token.
#[derive(Debug, Clone, Default)]
pub(super) struct Heartbeats(Arc<Beating>);

#[derive(Debug, Default)]
struct Beating(Mutex<HashMap<String, AbortHandle>>);

impl Heartbeats {
    pub(super) fn start(&self, pool: &SqlitePool, lease: &Lease, time: Duration) {
        let beating = tokio::spawn(beat(pool.clone(), lease.clone(), time));
        self.0.lock().insert(lease.token.clone(), beating.abort_handle());
    }

    pub(super) fn stop(&self, lease: &Lease) {
        if let Some(beating) = self.0.lock().remove(&lease.token) {
            beating.abort();
        }
    }

    pub(super) fn stop_all(&self) {
        self.0.stop();
    }
}

impl Beating {
    fn stop(&self) {
        self.lock().drain().for_each(|(_, beating)| beating.abort());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, AbortHandle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nobody is left who could stop them.
impl Drop for Beating {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn beat(pool: SqlitePool, lease: Lease, time: Duration) {
    loop {
        tokio::time::sleep(time / 3).await;
        let renewed = sqlx::query("UPDATE agui_threads SET lease_until = ? WHERE id = ? AND lease = ?")
            .bind(now().saturating_add(millis(time)))
            .bind(&lease.thread_id)
            .bind(&lease.token)
            .execute(&pool)
            .await;
        match renewed {
            Ok(done) if done.rows_affected() == 0 => return,
            Ok(_) => {}
            Err(error) => tracing::warn!(thread = %lease.thread_id, %error, "a lease was not renewed"),
        }
    }
}
