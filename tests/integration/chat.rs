//! The client for the terminal as a program: what is piped into it, and what comes out.

use crate::support::http::serve;
use crate::support::programs::example;
use agui::client::{Playback, Thread};
use agui::model::{LlmAgent, Reply, ScriptedModel};
use agui::{CustomEvent, Message, Result, RunContext, StepFinishedEvent, StepStartedEvent, agui_tool, tools};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// Starts the program.
fn chat(server: SocketAddr, arguments: &[&str]) -> Child {
    let url = format!("http://{server}/agui");
    Command::new(example("chat"))
        .arg(url)
        .args(arguments)
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Pipes lines into it, and waits for its end.
async fn piped(server: SocketAddr, arguments: &[&str], lines: &'static str) -> Output {
    let mut program = chat(server, arguments);
    let ended = tokio::task::spawn_blocking(move || {
        program.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        program.wait_with_output().unwrap()
    });
    ended.await.unwrap()
}

fn json_lines(bytes: &[u8]) -> Vec<Value> {
    said(bytes).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn parrot(run: RunContext) -> Result {
    run.set_state(&serde_json::json!({ "heard": run.input().messages.len() })).await?;
    run.text(format!("{} \x1b[31m#{}", run.last_user_text().unwrap_or_default(), run.input().messages.len()))
        .await
}

/// Clears the screen, in both spellings, moves the cursor, rings, and turns the direction of the text around.
const HOSTILE: &str = "one\x1b[2J\u{9b}2J\rtwo\x07\x08\u{202e}\u{2066}\tthree";

async fn hostile(run: RunContext) -> Result {
    run.emit(StepStartedEvent::new(HOSTILE)).await?;
    run.emit(StepFinishedEvent::new(HOSTILE)).await?;
    let mut reasoning = run.start_reasoning().await?;
    reasoning.push(HOSTILE).await?;
    reasoning.finish().await?;
    let mut call = run.start_tool_call("c1", HOSTILE, None).await?;
    call.push(HOSTILE).await?;
    call.finish().await?;
    run.emit(CustomEvent::new(HOSTILE, json!({ HOSTILE: HOSTILE }))).await?;
    run.set_state(&json!({ HOSTILE: HOSTILE })).await?;
    run.text(HOSTILE).await
}

fn steers(text: &str) -> bool {
    let harmless = |char: char| matches!(char, '\n' | '\t');
    text.chars().any(|char| (char.is_control() && !harmless(char)) || "\u{202e}\u{2066}".contains(char))
}

#[tokio::test]
async fn sec_1_nothing_that_an_agent_says_steers_the_terminal() {
    let output = piped(serve(agui::router(hostile)).await, &[], "Go.\n").await;
    assert_eq!(said(&output.stdout), "one[2J2Jtwo\tthree\n");
    let notes = said(&output.stderr);
    assert!(!steers(&notes), "{notes:?}");
    // Step, reasoning, call and custom event; the state is JSON, which has other words for it.
    let told = notes.lines().filter(|line| line.contains("one[2J2Jtwo\tthree")).count();
    assert_eq!(told, 4, "{notes}");
    assert!(notes.contains("state {"), "{notes}");
}

#[tokio::test]
async fn sec_1_events_as_json_mean_the_same_and_steer_nothing() {
    let output = piped(serve(agui::router(hostile)).await, &["--json"], "Go.\n").await;
    assert!(!steers(&said(&output.stdout)) && !steers(&said(&output.stderr)), "{output:?}");
    let events = json_lines(&output.stdout);
    for (of, member) in [("TEXT_MESSAGE_CONTENT", "delta"), ("STEP_STARTED", "stepName"), ("CUSTOM", "name")]
    {
        let told = events.iter().find(|event| event["type"] == of).map(|event| &event[member]);
        assert_eq!(told, Some(&json!(HOSTILE)), "{of}");
    }
}

#[tokio::test]
async fn each_line_is_a_message_of_one_thread() {
    let output = piped(serve(agui::router(parrot)).await, &[], "Hello\n\nAgain\n").await;
    assert!(output.status.success(), "{output:?}");
    // What would steer a terminal is taken out, and nothing is coloured.
    assert_eq!(said(&output.stdout), "Hello [31m#1\nAgain [31m#3\n");
    assert_eq!(said(&output.stderr), "state {\"heard\":1}\nstate {\"heard\":3}\n");
}

#[tokio::test]
async fn json_is_the_events_and_the_recording_has_them_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.ndjson");
    let arguments = ["--json", "--record", path.to_str().unwrap()];
    let output = piped(serve(agui::router(parrot)).await, &arguments, "Hello\n").await;
    assert!(output.status.success(), "{output:?}");
    let told = json_lines(&output.stderr);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["outcome"], &told[0]["text"]), (&json!("success"), &json!("the run succeeded")));
    let events: Vec<Value> =
        said(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let recorded: Vec<Value> = std::fs::read_to_string(&path)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).unwrap().get("event").cloned())
        .collect();
    assert_eq!(events, recorded);
    assert_eq!(events.len(), 6);
    let report = Thread::new(Playback::open(&path).unwrap()).send("Hello").await.unwrap();
    assert_eq!(report.text(), "Hello \x1b[31m#1");
}

/// Sends an email.
#[agui_tool(requires_approval)]
async fn send_email(to: String) -> String {
    format!("sent to {to}")
}

#[tokio::test]
async fn questions_are_answered_by_lines() {
    let script = |request: &agui::model::ModelRequest| match request.messages.last() {
        Some(Message::Tool(result)) if result.error.is_some() => Reply::text("Then not."),
        Some(Message::Tool(_)) => Reply::text("It is on its way."),
        _ => Reply::call(&SendEmail { to: "Ada".into() }),
    };
    let agent = LlmAgent::new(ScriptedModel::answering(script)).tools(tools![SendEmail].unwrap());
    let server = serve(agui::router(agent)).await;
    let output = piped(server, &[], "Tell Ada\ny\nAgain\nn\n").await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(said(&output.stdout), "It is on its way.\nThen not.\n");
    let shown = said(&output.stderr);
    assert!(shown.contains("send_email({\"to\":\"Ada\"})") && shown.contains("→ sent to Ada"), "{shown}");

    // What does not fit is told and asked again; with nobody to answer, the question stays open.
    let output = piped(server, &[], "Tell Ada\n{\"approved\":1}\n").await;
    assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]), "{output:?}");
    let shown = said(&output.stderr);
    assert!(shown.contains("does not fit its schema: /approved"), "{shown}");
    assert!(shown.ends_with("\nthere is no answer, so the run stays open\n"), "{shown}");

    let output = piped(server, &["--json"], "Tell Ada\n{\"approved\":1}\n").await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = json_lines(&output.stderr);
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(told[0]["outcome"], "interrupted");
    assert!(
        told[1]["question"]["id"].is_string() && told[1]["question"]["responseSchema"].is_object(),
        "{told:?}"
    );
    assert!(told[2]["error"].as_str().unwrap().contains("/approved"), "{told:?}");
    assert_eq!(told[3], json!({ "error": "there is no answer, so the run stays open" }));
}

#[tokio::test]
async fn what_fails_is_said_and_is_the_exit_status() {
    async fn failing(_: RunContext) -> Result {
        Err(agui::Error::public("Out of order.").code("broken"))
    }
    let server = serve(agui::router(failing)).await;
    let output = piped(server, &[], "Hello\n").await;
    assert!(!output.status.success());
    assert_eq!(said(&output.stderr), "the agent failed: Out of order. (broken)\n");
    let output = piped(server, &["--json"], "Hello\n").await;
    let told = json_lines(&output.stderr);
    let expected = json!({
        "outcome": "failed", "text": "the agent failed: Out of order. (broken)", "details": { "code": "broken" },
    });
    assert_eq!((output.status.code(), told), (Some(1), vec![expected]));
    let output = piped(server, &["--what"], "").await;
    assert!(!output.status.success() && said(&output.stderr).starts_with("usage: chat URL"), "{output:?}");
}

/// What the program says when it does not get as far as a run.
#[test]
fn what_is_wrong_with_the_command_line_is_json_where_the_events_are() {
    let missing = tempfile::tempdir().unwrap().path().join("none").join("chat.ndjson");
    let missing = missing.to_str().unwrap();
    for arguments in [
        &["no URL"][..],
        &["http://127.0.0.1:9/", "--header", "no colon"],
        &["http://127.0.0.1:9/", "--record", missing],
        &["http://127.0.0.1:9/", "--what"],
        &[],
    ] {
        let told = |json: &[&str]| {
            let output = Command::new(example("chat")).args(arguments).args(json).output().unwrap();
            assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]), "{output:?}");
            said(&output.stderr)
        };
        let plain = told(&[]);
        let lines = json_lines(told(&["--json"]).as_bytes());
        assert_eq!(lines, [json!({ "error": plain.trim_end() })], "{arguments:?}");
        assert!(!plain.trim_end().is_empty());
    }
}

#[tokio::test]
async fn headers_and_the_token_are_sent() {
    async fn tenant(run: RunContext) -> Result {
        let headers = run.require::<axum::http::HeaderMap>()?;
        run.text(headers["x-tenant"].to_str()?).await
    }
    let server = agui::Server::new().agent("", tenant).bearer_token("secret").into_router();
    let server = serve(server).await;
    let arguments = ["--token", "secret", "--header", "X-Tenant: acme"];
    assert_eq!(said(&piped(server, &arguments, "Hello\n").await.stdout), "acme\n");
    let output = piped(server, &[], "Hello\n").await;
    assert!(!output.status.success() && said(&output.stderr).contains("401"), "{output:?}");

    // What an option takes is no option.
    let server = serve(agui::Server::new().agent("", parrot).bearer_token("--json").into_router()).await;
    let output = piped(server, &["--token", "--json"], "Hello\n").await;
    assert_eq!(said(&output.stdout), "Hello [31m#1\n", "{output:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_stops_the_run_and_not_the_program() {
    async fn patient(run: RunContext) -> Result {
        if run.last_user_text().as_deref() == Some("Hello") {
            return run.text("And hello to you!").await;
        }
        let mut message = run.start_text().await?;
        message.push("Hm").await?;
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            message.push(".").await?;
        }
    }
    let server = serve(agui::router(patient)).await;
    let talked = tokio::task::spawn_blocking(move || {
        let mut program = chat(server, &[]);
        let mut stdin = program.stdin.take().unwrap();
        let mut stdout = program.stdout.take().unwrap();
        stdin.write_all(b"Think\n").unwrap();
        let mut begun = [0; 4];
        stdout.read_exact(&mut begun).unwrap();
        assert_eq!(&begun, b"Hm..");
        let told = Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap();
        assert!(told.success());
        // It is there for the next message.
        stdin.write_all(b"Hello\n").unwrap();
        drop(stdin);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        (rest, program.wait_with_output().unwrap())
    });
    let (rest, output) = talked.await.unwrap();
    assert!(rest.ends_with("\nAnd hello to you!\n"), "{rest}");
    assert!(output.status.success());
    assert_eq!(said(&output.stderr), "stopped\n");
}

/// An agent that says something unknown.
#[tokio::test]
async fn warnings_are_json_where_the_events_are() {
    let odd = json!({ "type": "FUTURE", "x": 1 });
    let mock = agui::testing::MockServer::start([agui::testing::MockAnswer::run([odd])]).await.unwrap();
    let output = piped(mock.address(), &["--json"], "Hello\n").await;
    let told = json_lines(&output.stderr);
    assert_eq!(
        (told.len(), &told[0]["rule"], &told[0]["event"]),
        (2, &json!("PROC-1"), &json!("FUTURE")),
        "{told:?}"
    );
}

/// Checks a server with the example that does.
async fn checked(server: SocketAddr, arguments: &'static [&'static str]) -> Output {
    let checked = tokio::task::spawn_blocking(move || {
        let url = format!("http://{server}/agui");
        let mut program = Command::new(example("conformance"));
        program.arg(url).args(arguments).env("NO_PROXY", "127.0.0.1").output().unwrap()
    });
    checked.await.unwrap()
}

#[tokio::test]
async fn servers_are_checked_with_headers_and_a_token() {
    let server = agui::Server::new().agent("", parrot).bearer_token("secret").into_router();
    let server = serve(server).await;
    for arguments in [&["--bearer", "secret"], &["--header", "Authorization: Bearer secret"]] {
        let output = checked(server, arguments).await;
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    let output = checked(server, &[]).await;
    assert!(output.status.code() == Some(2) && said(&output.stderr).contains("401"), "{output:?}");
    for wrong in [&["--bearer"][..], &["--header"], &["--header", "none"], &["--what"], &["another"]] {
        let output = checked(server, wrong).await;
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {output:?}");
        assert!(said(&output.stderr).starts_with("usage: conformance URL"), "{output:?}");
    }
}
