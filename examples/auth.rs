//! Users with tokens, and an agent that knows whom it talks to. `cargo run --example auth`
//!
//! ```sh
//! curl -N http://127.0.0.1:9001/agui -H 'Content-Type: application/json' -H 'Authorization: Bearer blue' \
//!     -d '{"threadId":"t1","runId":"r1","messages":[]}'
//! ```
//!
//! Where one secret is enough, `Server::bearer_token` is all it takes.

use agui::{Principal, Refusal, Result, RunContext, Server};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

/// What the application knows of a user, for the agent.
#[derive(Clone)]
struct Account {
    name: &'static str,
    credit: u32,
}

/// In place of a database.
async fn account_of(token: &str) -> Option<Account> {
    match token {
        "blue" => Some(Account { name: "Ann", credit: 7 }),
        "red" => Some(Account { name: "Bob", credit: 0 }),
        _ => None,
    }
}

/// Who asks. It is called before anything of the request's body is read.
async fn authenticate(request: Parts) -> Result<Principal, Refusal> {
    let authorization = request.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = authorization
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| Refusal::unauthorized("send a bearer token"))?;
    let account = account_of(token).await.ok_or_else(|| Refusal::unauthorized("this token is not known"))?;
    if account.credit == 0 {
        return Err(Refusal::forbidden("no credit is left"));
    }
    Ok(Principal::new(account.name).with(account))
}

async fn agent(run: RunContext) -> Result {
    // Each run has what belongs to its own request.
    let account: &Account = run.require()?;
    run.text(format!("Hello {}, you have {} credits.", account.name, account.credit)).await
}

fn server() -> Server {
    Server::new()
        .agent("", agent)
        .authenticate(authenticate)
        // Pages of this origin alone may use it.
        .allow_origins(["https://app.example"])
        // A second run of the same user is answered with 429.
        .max_concurrent_runs_of_one(1)
}

#[tokio::main]
async fn main() -> Result {
    server().serve("127.0.0.1:9001").await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    async fn ask(token: &str) -> (u16, String) {
        let request = Request::post("/agui")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"))
            .body(r#"{"threadId":"t","runId":"r","messages":[]}"#.to_owned());
        let response = server().into_router().oneshot(request.unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_agent_knows_whom_it_talks_to() {
        let (status, body) = ask("blue").await;
        assert_eq!(status, 200);
        assert!(body.contains("Hello Ann, you have 7 credits."), "{body}");
    }

    #[tokio::test]
    async fn others_do_not_reach_it() {
        assert_eq!(ask("red").await.0, 403);
        assert_eq!(ask("green").await.0, 401);
    }
}
