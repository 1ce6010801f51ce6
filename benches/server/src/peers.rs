//! The Python servers, by `peers.py`.

use crate::Outcome;
use crate::load::Load;
use crate::process::Process;
use crate::results::{Results, Who};
use crate::talk::Shape;
use std::fmt;
use std::path::Path;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    PydanticAi,
    Agno,
}

impl Peer {
    pub(crate) const ALL: [Self; 2] = [Self::PydanticAi, Self::Agno];

    /// With fewer connections and longer turns: a run takes them thousands of times as long.
    pub(crate) async fn measure(self, python: &Path, shape: Shape, results: &mut Results) -> Outcome<()> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers.py");
        let process = Process::start(python, &[script, &self.to_string(), &shape.to_string()])?;
        for _ in 0..3 {
            for connections in [1, 16] {
                let load = Load { path: "/agui", shape, connections, time: Duration::from_secs(4) };
                let figures = load.put_on(&process).await.map_err(|error| format!("{self}: {error}"))?;
                results.add(Who::Peer(self), shape, connections, figures);
            }
        }
        Ok(())
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::PydanticAi => "pydantic-ai",
            Self::Agno => "agno",
        })
    }
}
