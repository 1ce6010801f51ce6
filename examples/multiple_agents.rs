//! Two agents on one server, each below its prefix. `cargo run --example multiple_agents`
//!
//! ```sh
//! curl http://127.0.0.1:9001/oracle/capabilities
//! curl -N http://127.0.0.1:9001/echo/agui -H 'Content-Type: application/json' \
//!     -d '{"threadId":"t1","runId":"r1","messages":[{"id":"m1","role":"user","content":"Hello!"}]}'
//! ```

use agui::{Agent, AgentCapabilities, IdentityCapabilities, Result, RunContext, Server};
use std::time::Duration;

/// Says what it is told.
async fn echo(run: RunContext) -> Result {
    run.text(run.last_user_text().unwrap_or_default()).await
}

/// Thinks about it for a day. Stop it: `curl -X POST http://127.0.0.1:9001/oracle/runs/r1/cancel`
async fn oracle(run: RunContext) -> Result {
    let mut message = run.start_text().await?;
    message.push("Let me think. ").await?;
    tokio::time::sleep(Duration::from_secs(24 * 60 * 60)).await;
    message.push("42.").await?;
    message.finish().await
}

fn server() -> Server {
    // What an agent declares of itself is there at `GET {prefix}/capabilities`.
    let identity = IdentityCapabilities::new().name("oracle").description("Answers the last question.");
    let oracle = oracle.with_capabilities(AgentCapabilities::new().identity(identity));

    Server::new()
        .agent("/echo", echo)
        .agent("/oracle", oracle)
        // `POST {prefix}/runs/{runId}/cancel` ends a run.
        .cancel_endpoint()
        // One more is answered with 503 and `Retry-After`.
        .max_concurrent_runs(1000)
        // At Ctrl-C runs have five seconds to end, then they are cancelled.
        .shutdown_deadline(Duration::from_secs(5))
}

#[tokio::main]
async fn main() -> Result {
    server().serve("127.0.0.1:9001").await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    async fn ask(request: Request<Body>) -> String {
        let response = server().into_router().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn each_agent_is_below_its_prefix() {
        let input = r#"{"threadId":"t","runId":"r","messages":[{"id":"m","role":"user","content":"Ho!"}]}"#;
        let request = Request::post("/echo/agui").header("content-type", "application/json");
        assert!(ask(request.body(input.into()).unwrap()).await.contains(r#""delta":"Ho!""#));

        let capabilities = ask(Request::get("/oracle/capabilities").body(Body::empty()).unwrap()).await;
        assert!(capabilities.contains("last question"), "{capabilities}");
    }
}
