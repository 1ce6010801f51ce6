//! The ways to put an agent on a server.

use super::{hello, input};
use crate::support::frames::{text, types};
use crate::support::http::{KeptAlive, Serving, serve};
use crate::support::log::Log;
use agui::session::{MemoryStore, Sessions};
use agui::{
    Agent, AgentCapabilities, AgentService, DynAgent, IdentityCapabilities, Refusal, Result, Run, RunContext,
    RunRequest, Server,
};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::Request;
use axum::routing::post;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tower::ServiceExt;

#[tokio::test]
async fn agents_of_any_type_live_below_prefixes() {
    let louder = async |run: RunContext| run.text("HELLO!").await;
    let agents = [("/quiet", DynAgent::new(hello)), ("loud/", DynAgent::new(louder))];
    let server =
        agents.into_iter().fold(Server::new(), |server, (prefix, agent)| server.agent(prefix, agent));
    let serving = Serving::start(server).await;
    let mut connection = KeptAlive::open(serving.address).await;
    for (prefix, said) in [("/quiet", "Hello!"), ("/loud", "HELLO!")] {
        let answer = connection.run(&format!("{prefix}/agui"), &input("r")).await.unwrap();
        assert_eq!(text(&answer.events()), said);
        let status = connection.ask(&format!("GET {prefix}/status HTTP/1.1"), b"").await.unwrap();
        assert_eq!(status.json(), json!({ "status": "available" }));
    }
}

#[tokio::test]
async fn agents_are_at_their_bare_prefixes_where_that_is_wanted() {
    let server = Server::new().agent("/a", hello).agent("", hello).bearer_token("s").bare_prefixes();
    let router = server.into_router();
    for path in ["/a", "/a/agui", "/", "/agui"] {
        for (token, status) in [("Bearer s", 200), ("Bearer t", 401)] {
            let request = Request::post(path).header("content-type", "application/json");
            let request = request.header("authorization", token).body(Body::from(input("r"))).unwrap();
            assert_eq!(router.clone().oneshot(request).await.unwrap().status(), status, "{path}");
        }
    }
    let request = Request::post("/a").body(Body::empty()).unwrap();
    let without = Server::new().agent("/a", hello).into_router();
    assert_eq!(without.oneshot(request).await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_later_agent_takes_the_place_of_an_earlier_one() {
    let louder = async |run: RunContext| run.text("HELLO!").await;
    let serving = Serving::start(Server::new().agent("/a", hello).agent("a", louder)).await;
    let answer = KeptAlive::open(serving.address).await.run("/a/agui", &input("r")).await.unwrap();
    assert_eq!(text(&answer.events()), "HELLO!");
}

#[tokio::test]
async fn capabilities_are_what_is_declared_and_what_the_server_knows() {
    let identity = IdentityCapabilities::new().name("greeter").version("2");
    let agent = hello
        .with_capabilities(
            AgentCapabilities::new().identity(IdentityCapabilities::new().name("hello").provider("us")),
        )
        .with_capabilities(AgentCapabilities::new().identity(identity));
    let serving = Serving::start(Server::new().agent("/a", DynAgent::new(agent)).agent("/b", hello)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let transport = json!({
        "streaming": true, "websocket": false, "httpBinary": false, "pushNotifications": false, "resumable": false,
    });
    let declared = connection.ask("GET /a/capabilities HTTP/1.1", b"").await.unwrap().json();
    let identity = json!({ "name": "greeter", "provider": "us", "version": "2" });
    assert_eq!(declared, json!({ "identity": identity, "transport": transport }));
    let declared = connection.ask("GET /b/capabilities HTTP/1.1", b"").await.unwrap().json();
    assert_eq!(declared, json!({ "transport": transport }));
}

#[cfg(feature = "macros")]
#[tokio::test]
async fn an_agent_with_tools_declares_them() {
    use agui::model::{LlmAgent, Reply, ScriptedModel};

    /// Adds.
    #[agui::agui_tool]
    fn add(a: i64, b: i64) -> i64 {
        a + b
    }

    let agent = LlmAgent::new(ScriptedModel::new([Reply::text("3")])).tools(agui::tools![Add].unwrap());
    let tools = agent.capabilities().tools.unwrap();
    assert_eq!(tools.items.unwrap()[0].name, "add");
    assert_eq!((tools.supported, tools.client_provided), (Some(true), Some(true)));
}

/// CAP-3, CAP-8, CAP-9: a team declares who works in it, under the names that `SUBAGENT_STARTED` has, what it asks before
/// it acts, and how long it goes on.
#[cfg(feature = "macros")]
#[tokio::test]
async fn a_team_declares_its_members_its_questions_and_its_limits() {
    use agui::model::{LlmAgent, Reply, ScriptedModel};
    use agui::{ToolEntry, Tools};
    use std::time::Duration;

    /// Deletes files.
    #[agui::agui_tool(requires_approval)]
    fn delete(path: String) -> String {
        path
    }

    let scripted = || LlmAgent::new(ScriptedModel::new([Reply::text("Done.")]));
    let members =
        [ToolEntry::agent("flights", "Finds flights.", scripted()), ToolEntry::agent("hotels", "", hello)];
    let tools = agui::tools![Delete].unwrap().and(Tools::of(members).unwrap()).unwrap();
    let team = scripted().tools(tools).max_turns(5).max_time(Duration::from_secs(60));
    let boundless = scripted().max_turns(usize::MAX).max_time(Duration::MAX);
    let server =
        Server::new().agent("/team", team).agent("/boundless", boundless).max_run_time(Duration::MAX);
    let serving = Serving::start(server).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let answer = connection.ask("GET /team/capabilities HTTP/1.1", b"").await.unwrap();
    assert!(agui::codec::decode_strict::<AgentCapabilities>(&answer.body).is_ok());
    let declared = answer.json();
    let subagents = json!([{ "name": "flights", "description": "Finds flights." }, { "name": "hotels" }]);
    assert_eq!(
        declared["multiAgent"],
        json!({ "supported": true, "delegation": true, "subagents": subagents })
    );
    assert_eq!(
        declared["humanInTheLoop"],
        json!({ "supported": true, "approvals": true, "interrupts": true, "approveWithEdits": true })
    );
    assert_eq!(declared["execution"], json!({ "maxIterations": 5, "maxExecutionTime": 60_000 }));

    // Nothing is declared that is not there, or that cannot be said.
    let declared = connection.ask("GET /boundless/capabilities HTTP/1.1", b"").await.unwrap().json();
    for group in ["multiAgent", "humanInTheLoop", "execution"] {
        let members = declared.get(group).and_then(|group| group.as_object());
        assert!(members.is_none_or(serde_json::Map::is_empty), "{group}: {declared}");
    }
    assert_eq!(declared["tools"]["supported"], true);
}

#[tokio::test]
async fn a_handler_of_ones_own_chooses_what_to_run() {
    #[derive(Clone)]
    struct Greeting(&'static str);

    async fn handler(
        State(Greeting(greeting)): State<Greeting>,
        Path(name): Path<String>,
        Extension(mark): Extension<char>,
        request: RunRequest,
    ) -> Result<Run, Refusal> {
        if name == "nobody" {
            return Err(Refusal::not_found("nobody is here").path("/name"));
        }
        let greeting = format!("{greeting}, {name}{mark}");
        let agent = move |run: RunContext| {
            let greeting = greeting.clone();
            async move { run.text(greeting).await }
        };
        Ok(agui::run(agent, request))
    }

    let app = Router::new()
        .route("/greet/{name}", post(handler))
        .layer(Extension('!'))
        .layer(DefaultBodyLimit::max(200))
        .with_state(Greeting("Hi"));
    let mut connection = KeptAlive::open(serve(app).await).await;

    let answer = connection.run("/greet/ann", &input("r")).await.unwrap();
    assert_eq!(text(&answer.events()), "Hi, ann!");
    assert_eq!(answer.header("x-accel-buffering"), Some("no"));
    assert_eq!(connection.run("/greet/nobody", &input("r")).await.unwrap().status(), 404);
    let refused = connection.run("/greet/ann", r#"{"threadId":"t"}"#).await.unwrap();
    assert_eq!((refused.status(), refused.json()["problems"].as_array().unwrap().len()), (422, 2));
    let refused = connection.run("/greet/ann", &" ".repeat(201)).await.unwrap();
    assert_eq!((refused.status(), &refused.json()["code"]), (413, &json!("too_large")));
}

#[tokio::test]
async fn an_agent_is_a_tower_service() {
    let app = Router::new().route_service("/deep/down", agui::service(hello));
    let mut connection = KeptAlive::open(serve(app).await).await;
    let answer = connection.run("/deep/down", &input("r")).await.unwrap();
    assert_eq!(types(&answer.events()).last(), Some(&"RUN_FINISHED"));
    let refused = connection.ask("GET /deep/down HTTP/1.1", b"").await.unwrap();
    assert_eq!((refused.status(), refused.header("allow")), (405, Some("post")));
    assert_eq!(refused.json()["code"], "method_not_allowed");
}

/// Serves without any router, as those who use hyper do.
async fn serve_by_hyper(service: AgentService) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let builder = Builder::new(TokioExecutor::new());
                let _ = builder.serve_connection(TokioIo::new(connection), service).await;
            });
        }
    });
    address
}

#[tokio::test]
async fn the_service_has_what_the_router_has() {
    let kept = DynAgent::new(Sessions::new(MemoryStore::new(), hello));
    let alone = serve_by_hyper(agui::service(kept.clone())).await;
    let nested = serve(Router::new().nest_service("/chat", agui::service(kept))).await;
    for (address, at) in [(alone, ""), (nested, "/chat")] {
        let mut connection = KeptAlive::open(address).await;
        for path in ["/agui", "", "/anywhere"] {
            let path = if at.is_empty() && path.is_empty() { "/" } else { path };
            let answer = connection.run(&format!("{at}{path}"), &input("r")).await.unwrap();
            assert_eq!(text(&answer.events()), "Hello!", "{at}{path}");
        }
        let thread = format!("{at}/threads/thread-1");
        for (request, status) in [
            (format!("GET {at}/status"), 200),
            (format!("GET {at}/capabilities"), 200),
            (format!("GET {thread}"), 200),
            (format!("GET {at}/threads"), 401),
            (format!("PUT {thread}"), 405),
            (format!("POST {at}/status"), 405),
            (format!("GET {at}/anywhere"), 405),
            (format!("DELETE {thread}"), 204),
            (format!("GET {thread}"), 404),
        ] {
            let answer = connection.ask(&format!("{request} HTTP/1.1"), b"").await.unwrap();
            assert_eq!(answer.status(), status, "{request}");
        }
    }
}

#[tokio::test]
async fn which_pages_may_ask_a_service_is_for_a_layer_around_it_to_say() {
    let mut connection = KeptAlive::open(serve_by_hyper(agui::service(hello)).await).await;
    let asked = "GET /status HTTP/1.1\r\nOrigin: https://page.example";
    let answer = connection.ask(asked, b"").await.unwrap();
    assert_eq!((answer.status(), answer.header("access-control-allow-origin")), (200, None));
}

#[tokio::test]
async fn the_path_that_an_agent_is_mounted_at_may_have_parameters() {
    let kept = DynAgent::new(Sessions::new(MemoryStore::new(), hello));
    let server = Server::new().agent("/{room}/chat", kept).cancel_endpoint();
    let app = Router::new().nest("/{tenant}", server.into_router());
    let mut connection = KeptAlive::open(serve(app).await).await;
    let answer = connection.run("/t/r/chat/agui", &input("r")).await.unwrap();
    assert_eq!(text(&answer.events()), "Hello!");
    for (request, status, told) in [
        ("GET /t/r/chat/threads/thread-1", 200, "threadId"),
        ("DELETE /t/r/chat/threads/thread-1", 204, ""),
        ("POST /t/r/chat/runs/r/cancel", 404, "no run `r` is active"),
    ] {
        let answer = connection.ask(&format!("{request} HTTP/1.1"), b"").await.unwrap();
        assert_eq!(answer.status(), status, "{request}");
        assert!(String::from_utf8_lossy(&answer.body).contains(told), "{request}");
    }
}

#[tokio::test]
async fn servers_are_merged_and_nested_into_apps() {
    let app = Router::new()
        .nest("/nested", Server::new().agent("/a", hello).into_router())
        .merge(Server::new().agent("/merged", hello).into_router())
        .fallback(async || "mine");
    let mut connection = KeptAlive::open(serve(app).await).await;
    for path in ["/nested/a/agui", "/merged/agui"] {
        assert_eq!(connection.run(path, &input("r")).await.unwrap().status(), 200, "{path}");
        let refused = connection.ask(&format!("GET {path} HTTP/1.1"), b"").await.unwrap();
        assert_eq!(
            (refused.status(), &refused.json()["code"]),
            (405, &json!("method_not_allowed")),
            "{path}"
        );
    }
    for path in ["/nested/b", "/other"] {
        let answer = connection.ask(&format!("GET {path} HTTP/1.1"), b"").await.unwrap();
        assert_eq!((answer.status(), answer.body), (200, b"mine".to_vec()), "{path}");
    }
}

#[tokio::test]
async fn serving_an_open_agent_to_others_is_worth_a_warning() {
    for (address, token, warned) in
        [("0.0.0.0:0", None, true), ("127.0.0.1:0", None, false), ("0.0.0.0:0", Some("secret"), false)]
    {
        let (log, _guard) = Log::collect();
        let mut server = Server::new().agent("", hello);
        if let Some(token) = token {
            server = server.bearer_token(token);
        }
        let serving = Serving::on(TcpListener::bind(address).await.unwrap(), server);
        serving.stop().await.unwrap().unwrap();
        let logged = log.everything();
        assert_eq!(logged.contains("nothing authenticates them"), warned, "{address} {token:?}: {logged}");
    }
    // Sessions tell users apart, and do not know who they are.
    let (log, _guard) = Log::collect();
    let server = Server::new().agent("", Sessions::new(MemoryStore::new(), hello));
    let serving = Serving::on(TcpListener::bind("0.0.0.0:0").await.unwrap(), server);
    serving.stop().await.unwrap().unwrap();
    assert!(log.everything().contains("nothing authenticates them"), "{}", log.everything());
}
