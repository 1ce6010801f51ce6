//! The servers, each to be a process of its own with one thread.

mod ours;
mod plain;
#[cfg(feature = "rivals")]
mod rivals;

use crate::Outcome;
use crate::talk::Shape;
use axum::serve::ListenerExt;
use std::fmt;
use std::io::{Read, Write};
use std::str::FromStr;
use tokio::net::TcpListener;

/// Who serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    /// `agui::serve_on`.
    Agui,
    /// axum, streaming frames that were encoded before, one chunk each.
    Chunks,
    /// The same with `axum::serve` as it is: without TCP_NODELAY.
    ChunksWithNagle,
    /// axum, with what is ready in one chunk.
    Coalescing,
    #[cfg(feature = "rivals")]
    AgUi,
    #[cfg(feature = "rivals")]
    AguiRs,
}

impl Server {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Agui,
        Self::Coalescing,
        Self::Chunks,
        Self::ChunksWithNagle,
        #[cfg(feature = "rivals")]
        Self::AgUi,
        #[cfg(feature = "rivals")]
        Self::AguiRs,
    ];

    #[cfg(feature = "rivals")]
    pub(crate) const RIVALS: &'static [Self] = &[Self::AgUi, Self::AguiRs];
    #[cfg(not(feature = "rivals"))]
    pub(crate) const RIVALS: &'static [Self] = &[];

    fn name(self) -> &'static str {
        match self {
            Self::Agui => "agui",
            Self::Chunks => "axum-chunks",
            Self::ChunksWithNagle => "axum-chunks-nagle",
            Self::Coalescing => "axum-coalescing",
            #[cfg(feature = "rivals")]
            Self::AgUi => "ag-ui",
            #[cfg(feature = "rivals")]
            Self::AguiRs => "agui-rs",
        }
    }

    async fn serve(self, listener: TcpListener, shape: Shape) -> Outcome<()> {
        let quick = |listener: TcpListener| {
            listener.tap_io(|connection| {
                if let Err(error) = connection.set_nodelay(true) {
                    eprintln!("TCP_NODELAY: {error}");
                }
            })
        };
        match self {
            Self::Agui => ours::serve(listener, shape).await.map_err(|error| error.to_string())?,
            Self::Chunks => axum::serve(quick(listener), plain::chunks(shape)).await?,
            Self::ChunksWithNagle => axum::serve(listener, plain::chunks(shape)).await?,
            Self::Coalescing => axum::serve(quick(listener), plain::coalescing(shape)).await?,
            #[cfg(feature = "rivals")]
            Self::AgUi => axum::serve(quick(listener), rivals::ag_ui(shape)).await?,
            #[cfg(feature = "rivals")]
            Self::AguiRs => axum07::serve(listener, rivals::agui_rs(shape)).tcp_nodelay(true).await?,
        }
        Ok(())
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Server {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().copied().find(|server| server.name() == text);
        found.ok_or_else(|| format!("no server is called {text}"))
    }
}

/// The life of a server process: says its port, and ends when whoever started it closes its input.
pub(crate) fn process(server: Server, shape: Shape) -> Outcome<()> {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?.port());
        std::io::stdout().flush()?;
        server.serve(listener, shape).await
    })
}
