//! A server on a port of its own, and the little of an HTTP/1.1 client that shows what is on the socket.

use super::agents::soon;
use super::frames;
use agui::{Result, Server};
use axum::Router;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Serves a router until the test's runtime ends.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    serve_with(TcpListener::bind("127.0.0.1:0").await.unwrap(), router)
}

/// As [`serve`], with buffers of the operating system so small that a client can fall behind quickly.
pub(crate) async fn serve_with_small_buffers(router: Router) -> SocketAddr {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(SMALL_BUFFER).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    serve_with(socket.listen(16).unwrap(), router)
}

pub(crate) const SMALL_BUFFER: u32 = 16 * 1024;

fn serve_with(listener: TcpListener, router: Router) -> SocketAddr {
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A [`Server`] that serves, until it is stopped.
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result>,
}

impl Serving {
    pub(crate) async fn start(server: Server) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), server)
    }

    /// As [`serve_with_small_buffers`].
    pub(crate) fn start_with_small_buffers(server: Server) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_send_buffer_size(SMALL_BUFFER).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self::on(socket.listen(1024).unwrap(), server)
    }

    pub(crate) fn on(listener: TcpListener, server: Server) -> Self {
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let server = server.shutdown_when(async { _ = stopped.await });
        Self { address, stop, ended: tokio::spawn(server.serve_on(listener)) }
    }

    /// Tells it to shut down.
    pub(crate) fn stop(self) -> JoinHandle<Result> {
        self.stop.send(()).unwrap();
        self.ended
    }
}

/// A connection for one request after the other.
#[derive(Debug)]
pub(crate) struct KeptAlive {
    connection: TcpStream,
    received: Vec<u8>,
}

impl KeptAlive {
    pub(crate) async fn open(server: SocketAddr) -> Self {
        Self { connection: TcpStream::connect(server).await.unwrap(), received: Vec::new() }
    }

    /// Sends a request, with its body unless that is `None`, and reads the whole answer. `None` if the
    /// connection was closed before.
    pub(crate) async fn ask(&mut self, head: &str, body: &[u8]) -> Option<Answer> {
        let request =
            [format!("{head}\r\nHost: test\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes(), body]
                .concat();
        self.send(&request).await;
        self.answer().await
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        // The server may have closed; then there is no answer.
        let _ = self.connection.write_all(bytes).await;
    }

    /// As [`KeptAlive::ask`], for a run.
    pub(crate) async fn run(&mut self, path: &str, input: &str) -> Option<Answer> {
        self.ask(&format!("POST {path} HTTP/1.1\r\nContent-Type: application/json"), input.as_bytes()).await
    }

    /// Reads one answer.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        let end = loop {
            match self.received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                Some(end) => break end,
                None => self.more().await?,
            }
        };
        let head = String::from_utf8(self.received[..end].to_vec()).unwrap().to_lowercase();
        self.received.drain(..end + 4);
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        // 204 says by itself that there is no body.
        let length = if head.split(' ').nth(1) == Some("204") { Some("0") } else { length };
        let body = if let Some(length) = length {
            let length: usize = length.parse().unwrap();
            while self.received.len() < length {
                self.more().await?;
            }
            self.received.drain(..length).collect()
        } else {
            loop {
                if let Some(end) = self.received.windows(7).position(|bytes| bytes == b"\r\n0\r\n\r\n") {
                    let coded: Vec<u8> = self.received.drain(..end + 7).collect();
                    break unchunked(&coded);
                }
                self.more().await?;
            }
        };
        Some(Answer { head, body })
    }

    async fn more(&mut self) -> Option<()> {
        let read = soon("an answer", self.connection.read_buf(&mut self.received)).await;
        matches!(read, Ok(1..)).then_some(())
    }
}

/// One request, and the answer as it arrives. The connection closes when this is dropped.
#[derive(Debug)]
pub(crate) struct Exchange {
    connection: TcpStream,
    received: Vec<u8>,
}

impl Exchange {
    /// Posts JSON to a path.
    pub(crate) async fn post(server: SocketAddr, path: &str, body: &str) -> Self {
        Self::post_with(server, path, "", body).await
    }

    /// With more headers, each with a line end.
    pub(crate) async fn post_with(server: SocketAddr, path: &str, headers: &str, body: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(SMALL_BUFFER).unwrap();
        let mut connection = socket.connect(server).await.unwrap();
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\n{headers}\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        connection.write_all(request.as_bytes()).await.unwrap();
        Self { connection, received: Vec::new() }
    }

    /// Reads until `text` has arrived.
    pub(crate) async fn until(&mut self, text: &str) {
        soon(text, async {
            while !String::from_utf8_lossy(&self.received).contains(text) {
                let read = self.connection.read_buf(&mut self.received).await.unwrap();
                let received = String::from_utf8_lossy(&self.received);
                assert_ne!(read, 0, "closed before {text:?} came: {received}");
            }
        })
        .await;
    }

    /// What has arrived so far.
    pub(crate) fn received(&self) -> String {
        String::from_utf8_lossy(&self.received).into_owned()
    }

    /// Reads until the server closes the connection.
    pub(crate) async fn answer(mut self) -> Answer {
        soon("the end of the answer", self.connection.read_to_end(&mut self.received)).await.unwrap();
        let end =
            self.received.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("an end of the headers");
        let head = String::from_utf8(self.received[..end].to_vec()).unwrap().to_lowercase();
        let body = &self.received[end + 4..];
        let body = if head.contains("transfer-encoding: chunked") { unchunked(body) } else { body.to_vec() };
        Answer { head, body }
    }
}

/// A complete answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status line and headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// A header by its name in lower case; its value is in lower case, too.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.head);
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The events of the body.
    #[track_caller]
    pub(crate) fn events(&self) -> Vec<Value> {
        frames::events(&self.body)
    }
}

/// Takes a body out of the chunked transfer coding; it has to be complete.
fn unchunked(mut coded: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = coded.windows(2).position(|bytes| bytes == b"\r\n").expect("a chunk's size");
        let size = usize::from_str_radix(std::str::from_utf8(&coded[..end]).unwrap(), 16).unwrap();
        let chunk = &coded[end + 2..];
        body.extend_from_slice(&chunk[..size]);
        assert_eq!(&chunk[size..size + 2], b"\r\n");
        coded = &chunk[size + 2..];
        if size == 0 {
            assert!(coded.is_empty(), "something after the last chunk");
            return body;
        }
    }
}
