//! The conformance suite: servers of ours pass, and each mistake is found under its rule.

use super::mistakes::{asking, calling, mistakes, notes, says, serve};
use super::mock::agent;
use agui::client::InProcess;
use agui::model::{LlmAgent, ModelRequest, Reply, ScriptedModel};
use agui::session::{MemoryStore, Sessions};
use agui::testing::conformance::{Level, Report, Suite, Verdict};
use agui::testing::{MockAnswer, MockServer};
use agui::{Agent, Message, Result, RunContext, agui_tool, tools};
use serde_json::json;
use std::time::Duration;

fn suite() -> Suite {
    Suite::new()
}

async fn check_agent(agent_of_ours: impl Agent) -> Report {
    let router = agui::router(agent_of_ours);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/agui", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    suite().check(&agent(url)).await.unwrap()
}

fn broken(report: &Report) -> Vec<&str> {
    report.broken().map(|check| check.rule).collect()
}

fn verdict(report: &Report, rule: &str) -> Verdict {
    report.checks.iter().find(|check| check.rule == rule).unwrap_or_else(|| panic!("{rule}")).verdict
}

async fn echo(run: RunContext) -> Result {
    let said = run.last_user_text().unwrap_or_default();
    run.text(format!("You said: {said}")).await
}

/// Adds.
#[agui_tool]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// The tool that the suite has.
#[agui_tool]
fn conformance_echo(text: String) -> String;

/// Deletes everything.
#[agui_tool(requires_approval)]
fn delete(what: String) -> String {
    format!("{what} is gone")
}

/// Calls whatever the application has, then tools of its own.
fn caller(request: &ModelRequest) -> Reply {
    let theirs = request.tools.iter().any(|tool| tool.name == "conformance_echo");
    match (request.messages.last(), theirs) {
        (Some(Message::Tool(_)), _) => Reply::text("Done."),
        (_, true) => Reply::call(&ConformanceEcho { text: "hello".into() }),
        _ => Reply::call(&Add { a: 1, b: 2 }),
    }
}

#[tokio::test]
async fn servers_of_ours_conform() {
    let report = check_agent(echo).await;
    assert!(report.is_conformant() && report.notes().count() == 0, "{report}");

    let model = ScriptedModel::answering(caller);
    let report = check_agent(LlmAgent::new(model).tools(tools![Add].unwrap())).await;
    assert!(report.is_conformant() && report.notes().count() == 0, "{report}");
    for rule in ["TOOL-9", "TOOL-15", "TOOL-20", "TOOL-23", "TOOL-24"] {
        assert_eq!(verdict(&report, rule), Verdict::Passed, "{rule}: {report}");
    }

    let report = check_agent(Sessions::new(MemoryStore::new(), echo)).await;
    assert!(report.is_conformant() && report.notes().count() == 0, "{report}");
}

fn deleter(request: &ModelRequest) -> Reply {
    match request.messages.last() {
        Some(Message::Tool(_)) => Reply::text("Done."),
        _ => Reply::call(&Delete { what: "one".into() }).and_call(&Delete { what: "two".into() }),
    }
}

#[tokio::test]
async fn int_14_agents_of_ours_that_ask_conform() {
    for sessions in [false, true] {
        let asking = LlmAgent::new(ScriptedModel::answering(deleter)).tools(tools![Delete].unwrap());
        let report = if sessions {
            check_agent(Sessions::new(MemoryStore::new(), asking)).await
        } else {
            check_agent(asking).await
        };
        assert!(report.is_conformant() && report.notes().count() == 0, "{report}");
        for rule in ["INT-1", "INT-2", "INT-14", "INT-18"] {
            assert_eq!(verdict(&report, rule), Verdict::Passed, "{rule}: {report}");
        }
    }
}

#[tokio::test]
async fn agents_in_process_are_checked_as_far_as_that_goes() {
    let report = suite().check_transport(&InProcess::new(echo)).await.unwrap();
    assert!(report.is_conformant(), "{report}");
    assert_eq!(verdict(&report, "RUN-9"), Verdict::Passed);
    assert_eq!(verdict(&report, "SSE-3"), Verdict::NotApplicable);
    assert_eq!(verdict(&report, "INPUT-13"), Verdict::NotApplicable);
}

#[tokio::test]
async fn who_is_not_let_in_says_so() {
    let server = MockServer::answering(|_| MockAnswer::status(401, "who are you?")).await.unwrap();
    let error = suite().check(&agent(server.url())).await.unwrap_err();
    assert_eq!(error.to_string(), "the suite is not let in: 401 Unauthorized");
    let (url, _) = (server.url(), drop(server));
    assert!(suite().check(&agent(url)).await.is_err());
}

#[tokio::test]
async fn reports_are_for_people_and_programs() {
    let server = MockServer::answering(|request| serve(request, |run| drop(run.events.pop()))).await.unwrap();
    let report = suite().check(&agent(server.url())).await.unwrap();
    assert_eq!(broken(&report), ["TRN-2"], "{report}");
    let text = report.to_string();
    assert!(text.contains("BROKEN TRN-2    RUN_FINISHED or RUN_ERROR is the end"), "{text}");
    assert!(text.contains("an input without tools and context: the stream ended while run `run-"), "{text}");
    let json = serde_json::to_value(&report).unwrap();
    let check = json["checks"].as_array().unwrap().iter().find(|check| check["rule"] == "TRN-2").unwrap();
    assert_eq!((&check["level"], &check["verdict"]), (&json!("must"), &json!("failed")));
}

/// Rules that cannot be broken without breaking these, too.
fn follows(rule: &str, other: &str) -> bool {
    matches!(
        (rule, other),
        ("RUN-5" | "RUN-4" | "RUN-6", "GEN-1")
            | ("RUN-1" | "SSE-3" | "PB-3" | "TRN-1", "GEN-1")
            | ("SSE-3" | "PB-3", _)
            | ("TRN-1", _)
            | ("INPUT-9", _)
            | ("TOOL-20" | "TOOL-21" | "TOOL-24", "TOOL-9")
    )
}

#[tokio::test]
async fn the_mock_server_without_mistakes_conforms() {
    for right in [says(|_| {}), calling(|_| {}), asking(|_| {})] {
        let server = MockServer::answering(right).await.unwrap();
        let report = suite().check(&agent(server.url())).await.unwrap();
        assert!(report.is_conformant() && report.notes().count() == 0, "{report}");
    }
}

#[tokio::test]
async fn each_mistake_is_found_under_its_rule() {
    let mut wrong = Vec::new();
    let mistakes = mistakes();
    let count = mistakes.len();
    for (rule, mistake) in mistakes {
        let server = MockServer::answering(mistake).await.unwrap();
        // Where the body stays open, each run takes that long.
        let suite = if rule == "SSE-9" { suite().closing(Duration::from_millis(50)) } else { suite() };
        let report = suite.check(&agent(server.url())).await.unwrap();
        let found = broken(&report);
        if !found.contains(&rule) || found.iter().any(|other| *other != rule && !follows(rule, other)) {
            wrong.push(format!("{rule}: found {found:?}\n{report}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(count >= 20);
}

#[tokio::test]
async fn what_should_be_is_noted() {
    for (rule, mistake) in notes() {
        let server = MockServer::answering(mistake).await.unwrap();
        let report = suite().check(&agent(server.url())).await.unwrap();
        assert!(report.is_conformant(), "{rule}: {report}");
        // A server that fails says so by a status that blames itself.
        let is_follow = |noted: &str| noted == "SSE-10" && matches!(rule, "INPUT-2" | "TOOL-26");
        let noted: Vec<_> = report.notes().map(|check| check.rule).filter(|rule| !is_follow(rule)).collect();
        assert_eq!(noted, [rule], "{report}");
        assert!(report.notes().all(|check| check.level == Level::Should));
    }
}

#[tokio::test]
async fn each_rule_of_the_suite_has_a_mistake() {
    let server = MockServer::answering(says(|_| {})).await.unwrap();
    let report = suite().check(&agent(server.url())).await.unwrap();
    let made: Vec<_> = mistakes().into_iter().chain(notes()).map(|(rule, _)| rule).collect();
    // What runs at once mix up shows as RUN-5 as well.
    let without: Vec<_> = report
        .checks
        .iter()
        .map(|check| check.rule)
        .filter(|rule| !made.contains(rule) && *rule != "GEN-1")
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

#[tokio::test]
async fn a_server_is_named_by_its_url_or_an_agent() {
    let error = agui::testing::conformance::check("no url").await.unwrap_err();
    assert_eq!(error.kind(), agui::client::TransportErrorKind::Request, "{error}");
    let server = MockServer::answering(says(|_| {})).await.unwrap();
    for target in [agent(server.url()).into(), (&agent(server.url())).into()] {
        let target: agui::testing::conformance::Target = target;
        assert_eq!(suite().check(target).await.unwrap().target, server.url());
    }
    if std::env::vars_os().all(|(name, _)| !name.to_string_lossy().to_lowercase().ends_with("_proxy")) {
        assert!(agui::testing::conformance::check(server.url()).await.unwrap().is_conformant());
    }
}
