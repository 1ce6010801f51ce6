//! HTTP/2, by clients that know beforehand.

use super::{endless, hello, input};
use crate::support::agents::{DropSignal, soon};
use crate::support::frames;
use crate::support::http::Serving;
use agui::{Result, RunContext, Server};
use axum::http::{Request, Response};
use bytes::Bytes;
use h2::RecvStream;
use h2::client::SendRequest;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

pub(super) async fn connect(server: SocketAddr) -> SendRequest<Bytes> {
    let connection = TcpStream::connect(server).await.unwrap();
    connection.set_nodelay(true).unwrap();
    let (client, connection) = h2::client::handshake(connection).await.unwrap();
    tokio::spawn(async move { _ = connection.await });
    client.ready().await.unwrap()
}

pub(super) async fn post(client: SendRequest<Bytes>, path: &str, body: String) -> Response<RecvStream> {
    let request =
        Request::post(format!("http://test{path}")).header("content-type", "application/json").body(());
    let mut client = client.ready().await.unwrap();
    let (response, mut sender) = client.send_request(request.unwrap(), false).unwrap();
    sender.send_data(body.into(), true).unwrap();
    soon("a response", response).await.unwrap()
}

pub(super) async fn events(response: Response<RecvStream>) -> Vec<Value> {
    let mut body = response.into_body();
    let mut frames = Vec::new();
    while let Some(data) = soon("the next data", body.data()).await {
        let data = data.unwrap();
        body.flow_control().release_capacity(data.len()).unwrap();
        frames.extend_from_slice(&data);
    }
    frames::events(frames)
}

#[tokio::test]
async fn runs_share_a_connection() {
    let serving = Serving::start(Server::new().agent("", hello)).await;
    let client = connect(serving.address).await;
    let runs = (0..50).map(|index| post(client.clone(), "/agui", input(&index.to_string())));
    for response in futures_util::future::join_all(runs).await {
        assert_eq!(response.status(), 200);
        let events = events(response).await;
        assert_eq!(events.last().unwrap()["type"], "RUN_FINISHED");
    }
    let refused = post(client, "/agui", "{".to_owned()).await;
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn a_reset_stream_drops_its_agent_and_no_other() {
    let (guard, dropped) = DropSignal::new();
    let guard = Mutex::new(Some(guard));
    let agent = move |run: RunContext| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            endless(run).await
        }
    };
    let finite = async |run: RunContext| -> Result {
        run.text("One").await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        run.text("Two").await
    };
    let serving = Serving::start(Server::new().agent("/a", agent).agent("/b", finite)).await;
    let client = connect(serving.address).await;
    let other = post(client.clone(), "/b/agui", input("1")).await;
    let mut response = post(client, "/a/agui", input("2")).await;
    soon("the first data", response.body_mut().data()).await.unwrap().unwrap();

    let left = Instant::now();
    drop(response);
    soon("the drop of the agent", dropped).await.unwrap();
    assert!(left.elapsed() < Duration::from_secs(1), "{:?}", left.elapsed());
    assert_eq!(frames::text(&events(other).await), "OneTwo");
}
