//! Time limits and threads, which are tokio's where a feature brings it.

#[cfg(feature = "tools")]
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

/// The largest number that capabilities can declare.
#[cfg(any(feature = "server", feature = "tools"))]
pub(crate) const LARGEST: u64 = (1 << 53) - 1;

/// A limit in milliseconds, if it can be declared.
#[cfg(any(feature = "server", feature = "tools"))]
pub(crate) fn millis(limit: Duration) -> Option<u64> {
    u64::try_from(limit.as_millis()).ok().filter(|millis| *millis <= LARGEST)
}

/// The time was up.
#[cfg(feature = "tools")]
pub(crate) struct Elapsed;

/// What the future gives, if it does so in time. Without tokio nobody wakes us when the time is up: it is looked
/// at when something wakes the future.
#[cfg(feature = "tools")]
pub(crate) async fn timeout<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    #[cfg(any(feature = "client", feature = "server"))]
    if tokio::runtime::Handle::try_current().is_ok() {
        return tokio::time::timeout(limit, future).await.map_err(|_| Elapsed);
    }
    let start = std::time::Instant::now();
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        if start.elapsed() < limit { Poll::Pending } else { Poll::Ready(Err(Elapsed)) }
    })
    .await
}

/// Waits. Without tokio a thread keeps the time; where there are no threads either, nobody waits.
pub(crate) async fn sleep(time: Duration) {
    #[cfg(any(feature = "client", feature = "server"))]
    if tokio::runtime::Handle::try_current().is_ok() {
        return tokio::time::sleep(time).await;
    }
    let clock = Arc::new(Mutex::new((false, None::<Waker>)));
    let keeper = Arc::clone(&clock);
    let up = move || {
        std::thread::sleep(time);
        let mut clock = keeper.lock().unwrap_or_else(PoisonError::into_inner);
        clock.0 = true;
        if let Some(waker) = clock.1.take() {
            waker.wake();
        }
    };
    if std::thread::Builder::new().spawn(up).is_err() {
        return;
    }
    std::future::poll_fn(|cx| {
        let mut clock = clock.lock().unwrap_or_else(PoisonError::into_inner);
        if clock.0 {
            return Poll::Ready(());
        }
        clock.1 = Some(cx.waker().clone());
        Poll::Pending
    })
    .await;
}

/// Runs what would block on a thread where that does no harm; a panic goes on here.
#[cfg(all(feature = "server", feature = "tools"))]
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and this future with it.
            Err(_) => std::future::pending().await,
        },
    }
}
