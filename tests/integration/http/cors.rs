//! Which pages may talk to the server: the same for everything that it answers.

use super::{hello, input};
use crate::support::http::{Answer, KeptAlive, Serving};
use crate::support::log::Log;
use agui::Server;
use agui::session::{MemoryStore, Sessions};

const PAGE: &str = "https://app.example";

/// Everything that can happen, asked by a page.
async fn answers(server: Server, page: &str) -> Vec<(&'static str, Answer)> {
    let serving = Serving::start(server).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let mut answers = Vec::new();
    let preflight =
        "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,content-type";
    for (what, head, body) in [
        ("preflight", format!("OPTIONS /chat/agui HTTP/1.1\r\n{preflight}"), String::new()),
        ("preflight of nothing", format!("OPTIONS /nothing HTTP/1.1\r\n{preflight}"), String::new()),
        ("run", "POST /chat/agui HTTP/1.1\r\nContent-Type: application/json".to_owned(), input("r")),
        ("bad json", "POST /chat/agui HTTP/1.1\r\nContent-Type: application/json".to_owned(), "{".to_owned()),
        (
            "bad input",
            "POST /chat/agui HTTP/1.1\r\nContent-Type: application/json".to_owned(),
            "{}".to_owned(),
        ),
        ("bad type", "POST /chat/agui HTTP/1.1\r\nContent-Type: text/plain".to_owned(), "{}".to_owned()),
        ("status", "GET /chat/status HTTP/1.1".to_owned(), String::new()),
        ("capabilities", "GET /chat/capabilities HTTP/1.1".to_owned(), String::new()),
        ("not found", "GET /nothing HTTP/1.1".to_owned(), String::new()),
        ("bad method", "PUT /chat/agui HTTP/1.1".to_owned(), String::new()),
    ] {
        let answer = connection.ask(&format!("{head}\r\nOrigin: {page}"), body.as_bytes()).await.expect(what);
        answers.push((what, answer));
    }
    answers
}

#[tokio::test]
async fn pages_of_any_origin_are_allowed_as_long_as_anybody_is() {
    for (what, answer) in answers(Server::new().agent("/chat", hello), PAGE).await {
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{what}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{what}");
        if what.starts_with("preflight") {
            assert_eq!(answer.status(), 200, "{what}");
            assert_eq!(answer.header("access-control-allow-methods"), Some("get,post,delete"), "{what}");
            // `*` would not cover `authorization`.
            assert_eq!(
                answer.header("access-control-allow-headers"),
                Some("authorization,content-type"),
                "{what}"
            );
        }
    }
}

#[tokio::test]
async fn one_call_restricts_everything() {
    let server = || {
        Server::new()
            .agent("/chat", hello)
            .allow_origins([format!("{PAGE}/"), "http://localhost:3000".into()])
    };
    for page in [PAGE, "http://localhost:3000"] {
        for (what, answer) in answers(server(), page).await {
            assert_eq!(answer.header("access-control-allow-origin"), Some(page), "{what}");
        }
    }
    for page in ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null"] {
        for (what, answer) in answers(server(), page).await {
            assert_eq!(answer.header("access-control-allow-origin"), None, "{what} {page}");
        }
    }
}

#[tokio::test]
async fn authentication_closes_the_server_to_pages_unless_they_are_allowed() {
    let server = || Server::new().agent("/chat", hello).bearer_token("secret");
    for (what, answer) in answers(server(), PAGE).await {
        assert_eq!(answer.header("access-control-allow-origin"), None, "{what}");
    }
    for (what, answer) in answers(server().allow_origins([PAGE]), PAGE).await {
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "{what}");
        match what {
            "preflight" => assert_eq!(answer.status(), 200),
            "run" => assert_eq!(answer.status(), 401),
            _ => {}
        }
    }
}

#[tokio::test]
async fn sessions_close_the_server_to_pages_as_well() {
    let server = || Server::new().agent("/chat", Sessions::new(MemoryStore::new(), hello));
    let (log, guard) = Log::collect();
    for (what, answer) in answers(server(), PAGE).await {
        assert_eq!(answer.header("access-control-allow-origin"), None, "{what}");
    }
    // All that a page's author sees is that it does not work.
    assert!(log.everything().contains("see `Server::allow_origins`"), "{}", log.everything());
    drop(guard);
    for (what, answer) in answers(server().allow_origins([PAGE]), PAGE).await {
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "{what}");
    }
    let serving = Serving::start(server().allow_origins([PAGE])).await;
    let mut connection = KeptAlive::open(serving.address).await;
    for method in ["GET", "DELETE"] {
        let head = format!(
            "OPTIONS /chat/threads/t HTTP/1.1\r\nOrigin: {PAGE}\r\nAccess-Control-Request-Method: {method}"
        );
        let answer = connection.ask(&head, b"").await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
        let methods = answer.header("access-control-allow-methods").unwrap();
        assert!(methods.split(',').any(|allowed| allowed.eq_ignore_ascii_case(method)), "{methods}");
    }
}

#[tokio::test]
async fn credentials_are_for_named_origins_alone() {
    let server = || Server::new().agent("/chat", hello).allow_credentials();
    for (what, answer) in answers(server().allow_origins([PAGE]), PAGE).await {
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "{what}");
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"), "{what}");
    }
    for server in [server(), server().allow_origins(["*"])] {
        for (what, answer) in answers(server, PAGE).await {
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{what}");
            assert_eq!(answer.header("access-control-allow-credentials"), None, "{what}");
        }
    }
}
