//! The little of an HTTP/2 client that a test needs.

use super::agents::soon;
use super::frames;
use super::http::SMALL_BUFFER;
use axum::http::{Request, Response};
use bytes::Bytes;
use h2::RecvStream;
use h2::client::{ResponseFuture, SendRequest};
use serde_json::Value;
use std::net::SocketAddr;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpSocket, TcpStream};

pub(crate) async fn connect(server: SocketAddr) -> SendRequest<Bytes> {
    connect_with(server, &h2::client::Builder::new()).await
}

/// With settings, such as how much the server may send before anything is read.
pub(crate) async fn connect_with(server: SocketAddr, settings: &h2::client::Builder) -> SendRequest<Bytes> {
    let connection = TcpStream::connect(server).await.unwrap();
    connection.set_nodelay(true).unwrap();
    let (client, connection) = settings.handshake(connection).await.unwrap();
    tokio::spawn(async move { _ = connection.await });
    client.ready().await.unwrap()
}

/// A connection whose client grants the server the largest windows, and never reads from its socket, which is kept open
/// by what is returned beside it.
pub(crate) async fn connect_without_reading(server: SocketAddr) -> (SendRequest<Bytes>, OwnedReadHalf) {
    const LARGEST: u32 = (1 << 31) - 1;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(SMALL_BUFFER).unwrap();
    let (unread, mut sent) = socket.connect(server).await.unwrap().into_split();
    let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
    tokio::spawn(async move { _ = tokio::io::copy(&mut theirs, &mut sent).await });
    let mut settings = h2::client::Builder::new();
    settings.initial_window_size(LARGEST).initial_connection_window_size(LARGEST);
    let (client, connection) = settings.handshake(ours).await.unwrap();
    tokio::spawn(async move { _ = connection.await });
    (client, unread)
}

pub(crate) async fn post(client: SendRequest<Bytes>, path: &str, body: String) -> Response<RecvStream> {
    soon("a response", send(client, path, body).await).await.unwrap()
}

/// As [`post`], without waiting for the answer.
pub(crate) async fn send(client: SendRequest<Bytes>, path: &str, body: String) -> ResponseFuture {
    let request =
        Request::post(format!("http://test{path}")).header("content-type", "application/json").body(());
    let mut client = client.ready().await.unwrap();
    let (response, mut sender) = client.send_request(request.unwrap(), false).unwrap();
    sender.send_data(body.into(), true).unwrap();
    response
}

pub(crate) async fn events(response: Response<RecvStream>) -> Vec<Value> {
    let mut body = response.into_body();
    let mut frames = Vec::new();
    while let Some(data) = soon("the next data", body.data()).await {
        let data = data.unwrap();
        body.flow_control().release_capacity(data.len()).unwrap();
        frames.extend_from_slice(&data);
    }
    frames::events(frames)
}
