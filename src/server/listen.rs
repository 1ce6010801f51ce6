//! Connections, and their end.

use super::active::Active;
use axum::Router;
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What a connection keeps for a client that does not read, beyond the chunk that crosses the mark. With that
/// and the run's own buffer, of 16 KiB each, all stays below 64 KiB; yet two chunks go out in one write. It is
/// also the room for a request's head.
const WRITE_BUFFER: usize = 24 * 1024;

/// How long a connection may take to send a request's head.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// How often a client with HTTP/2 is asked whether it is still there.
const PING_TIME: Duration = Duration::from_secs(30);

/// How long the last events of cancelled runs may take to reach their clients.
const FLUSH_TIME: Duration = Duration::from_secs(2);

/// What connections are told. They hold on to the receiver, so that the sender knows when all are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Serving,
    /// Finish what has begun.
    Ending,
    /// Close.
    Over,
}

pub(super) async fn serve(
    mut listener: TcpListener,
    router: Router,
    active: &Arc<Active>,
    signal: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    deadline: Duration,
) {
    let (phase, told) = watch::channel(Phase::Serving);
    let from_process = signal.is_none();
    let mut signal = signal.unwrap_or_else(|| Box::pin(told_to_end()));
    loop {
        tokio::select! {
            () = &mut signal => break,
            // Waits by itself when the process has too many files open.
            (connection, _) = Listener::accept(&mut listener) => {
                tokio::spawn(carry(connection, router.clone(), told.clone()));
            }
        }
    }
    drop((listener, told));
    tracing::info!("shutting down");
    let ended = end(&phase, active, deadline);
    if from_process {
        tokio::select! {
            () = ended => {}
            () = told_to_end() => tracing::warn!("told again: ending at once"),
        }
    } else {
        ended.await;
    }
    phase.send_replace(Phase::Over);
}

/// Ends the runs in order.
async fn end(phase: &watch::Sender<Phase>, active: &Arc<Active>, deadline: Duration) {
    active.close();
    phase.send_replace(Phase::Ending);
    let all_gone = async {
        phase.closed().await;
        // Agents whose clients have gone may have something to finish.
        active.empty().await;
    };
    let mut all_gone = pin!(all_gone);
    if tokio::time::timeout(deadline, &mut all_gone).await.is_ok() {
        return;
    }
    let cancelled = active.cancel_all();
    tracing::warn!(runs = cancelled, "cancelled what was not over by the deadline");
    if tokio::time::timeout(FLUSH_TIME, all_gone).await.is_err() {
        tracing::warn!("closing connections whose clients do not read");
    }
}

/// One connection, with HTTP/1.1 or HTTP/2, whichever the client begins with.
async fn carry(connection: TcpStream, router: Router, mut told: watch::Receiver<Phase>) {
    if let Err(error) = connection.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).max_buf_size(WRITE_BUFFER).header_read_timeout(HEAD_TIME);
    builder.http2().timer(TokioTimer::new()).max_send_buf_size(WRITE_BUFFER).keep_alive_interval(PING_TIME);
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(connection), service));
    loop {
        tokio::select! {
            result = &mut connection => {
                if let Err(error) = result {
                    tracing::debug!(%error, "a connection ended");
                }
                return;
            }
            change = told.changed() => match *told.borrow_and_update() {
                // The server's future was dropped.
                _ if change.is_err() => return,
                Phase::Serving => {}
                Phase::Ending => connection.as_mut().graceful_shutdown(),
                Phase::Over => return,
            },
        }
    }
}

/// Ready when the process is told to end, by Ctrl-C or otherwise.
async fn told_to_end() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl-C cannot be waited for");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => _ = signal.recv().await,
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be waited for");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
