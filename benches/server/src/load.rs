//! The load: connections that are kept, each with one run after the other.

use crate::Outcome;
use crate::process::Process;
use crate::talk::{Shape, nanoseconds};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What one round of load showed.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) runs_a_second: f64,
    /// Microseconds of the server's processor time a run.
    pub(crate) cpu: f64,
    pub(crate) first_event: Times,
    pub(crate) whole_run: Times,
    /// From a lone event's making to its arrival.
    pub(crate) lone: Times,
    /// MiB, while the runs went on.
    pub(crate) memory: f64,
}

/// Two of the times that were seen, in microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Times {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Times {
    fn of(mut seen: Vec<f64>) -> Self {
        seen.sort_by(f64::total_cmp);
        let at = |share: f64| seen.get((seen.len() as f64 * share) as usize).copied().unwrap_or_default();
        Self { p50: at(0.5), p99: at(0.99) }
    }
}

/// Whom to ask, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load<'a> {
    pub(crate) path: &'a str,
    pub(crate) shape: Shape,
    pub(crate) connections: usize,
    pub(crate) time: Duration,
}

impl Load<'_> {
    pub(crate) async fn put_on(self, server: &Process) -> Outcome<Figures> {
        let mut connections = Vec::new();
        for index in 0..self.connections {
            let mut connection = Connection::open(self, server.port, index).await?;
            // One that does not count: whatever is made once is made now.
            connection.run().await?;
            connections.push(connection);
        }
        connections.iter_mut().for_each(|connection| connection.seen = Seen::default());

        let (cpu, start) = (server.cpu()?, Instant::now());
        let until = start + self.time;
        let tasks: Vec<_> = connections
            .into_iter()
            .map(|mut connection| {
                tokio::spawn(async move {
                    while Instant::now() < until {
                        connection.run().await.map_err(|error| error.to_string())?;
                    }
                    Ok::<_, String>(connection)
                })
            })
            .collect();
        tokio::time::sleep(self.time / 2).await;
        let memory = server.memory()?;
        let mut seen = Seen::default();
        for task in tasks {
            seen.add(task.await??.seen);
        }
        let (cpu, elapsed) = (server.cpu()?.saturating_sub(cpu), start.elapsed());
        let runs = seen.whole_run.len() as f64;
        Ok(Figures {
            runs_a_second: runs / elapsed.as_secs_f64(),
            cpu: cpu.as_secs_f64() * 1e6 / runs,
            first_event: Times::of(seen.first_event),
            whole_run: Times::of(seen.whole_run),
            lone: Times::of(seen.lone),
            memory,
        })
    }
}

/// Microseconds, one for each run or event.
#[derive(Debug, Default)]
struct Seen {
    first_event: Vec<f64>,
    whole_run: Vec<f64>,
    lone: Vec<f64>,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.first_event.extend(other.first_event);
        self.whole_run.extend(other.whole_run);
        self.lone.extend(other.lone);
    }
}

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    shape: Shape,
    /// What came of the answer so far.
    answer: Vec<u8>,
    /// Braces in a whole answer. There is no time to read each answer as what it is; all have the same events.
    braces: Option<usize>,
    seen: Seen,
}

impl Connection {
    async fn open(load: Load<'_>, port: u16, index: usize) -> Outcome<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let body = format!(
            r#"{{"threadId":"thread-{index:04}","runId":"run-{index:04}","state":{{}},"messages":[{{"id":"user-1","role":"user","content":"Tell me something."}}],"tools":[],"context":[],"forwardedProps":{{}}}}"#
        );
        let request = format!(
            "POST {} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: {}\r\n\r\n{body}",
            load.path,
            body.len()
        );
        let (request, answer) = (request.into_bytes(), Vec::with_capacity(256 * 1024));
        Ok(Self { stream, request, shape: load.shape, answer, braces: None, seen: Seen::default() })
    }

    async fn run(&mut self) -> Outcome<()> {
        self.answer.clear();
        let start = Instant::now();
        let microseconds = || start.elapsed().as_secs_f64() * 1e6;
        self.stream.write_all(&self.request).await?;
        let mut begun = false;
        // The last chunk of a chunked body.
        while !self.answer.ends_with(b"\r\n0\r\n\r\n") {
            let before = self.answer.len();
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(self.wrong("the connection was closed").into());
            }
            let news = self.answer.get(before..).unwrap_or_default();
            if self.shape == Shape::Lone {
                self.seen.lone.extend(made(news).map(|made| (nanoseconds() - made) as f64 / 1e3));
            }
            if !begun && contains(&self.answer, b"data: ") {
                begun = true;
                self.seen.first_event.push(microseconds());
            }
        }
        self.seen.whole_run.push(microseconds());
        let braces = self.answer.iter().filter(|&&byte| byte == b'{').count();
        match self.braces {
            Some(expected) if expected == braces => Ok(()),
            Some(_) => Err(self.wrong("events are missing").into()),
            None => self.check().map(|()| self.braces = Some(braces)),
        }
    }

    /// Whether an answer is a whole run.
    fn check(&self) -> Outcome<()> {
        let text = std::str::from_utf8(&self.answer)?;
        let deltas = text.matches(r#""type":"TEXT_MESSAGE_CONTENT""#).count();
        let ends = text.matches(r#""type":"RUN_FINISHED""#).count();
        if text.starts_with("HTTP/1.1 200 ") && deltas == self.shape.deltas() && ends == 1 {
            return Ok(());
        }
        Err(self.wrong(&format!("{deltas} deltas and {ends} ends")).into())
    }

    fn wrong(&self, what: &str) -> String {
        let head: String = String::from_utf8_lossy(&self.answer).chars().take(500).collect();
        format!("{what} in an answer that begins with {head}")
    }
}

fn contains(bytes: &[u8], pattern: &[u8]) -> bool {
    bytes.windows(pattern.len()).any(|window| window == pattern)
}

/// The times in the deltas of lone events.
fn made(bytes: &[u8]) -> impl Iterator<Item = u128> {
    let text = str::from_utf8(bytes).unwrap_or_default();
    text.split(r#""delta":""#).skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok())
}
