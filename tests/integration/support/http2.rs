//! The little of an HTTP/2 client that a test needs.

use super::agents::soon;
use super::frames;
use axum::http::{Request, Response};
use bytes::Bytes;
use h2::RecvStream;
use h2::client::SendRequest;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::net::TcpStream;

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

pub(crate) async fn post(client: SendRequest<Bytes>, path: &str, body: String) -> Response<RecvStream> {
    let request =
        Request::post(format!("http://test{path}")).header("content-type", "application/json").body(());
    let mut client = client.ready().await.unwrap();
    let (response, mut sender) = client.send_request(request.unwrap(), false).unwrap();
    sender.send_data(body.into(), true).unwrap();
    soon("a response", response).await.unwrap()
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
