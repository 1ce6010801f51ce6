//! Whether an AG-UI server keeps to the protocol. `cargo run --example conformance -- URL [--json] [--bearer TOKEN]`
//!
//! Ends with code 1 if a rule is broken that has to hold, with 2 if the server could not be asked.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is how a program talks")]

use agui::Result;
use agui::client::HttpAgent;
use agui::testing::conformance::{self, Report};
use std::process::ExitCode;

const USAGE: &str = "usage: conformance URL [--json] [--bearer TOKEN]";

#[tokio::main]
async fn main() -> ExitCode {
    let (mut url, mut json, mut token) = (None, false, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => json = true,
            "--bearer" => token = arguments.next(),
            _ if url.is_none() && !argument.starts_with('-') => url = Some(argument),
            _ => url = None,
        }
    }
    let Some(url) = url else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match check(&url, token).await {
        Ok(report) => {
            if json {
                println!("{}", serde_json::json!(report));
            } else {
                println!("{report}");
            }
            ExitCode::from(u8::from(!report.is_conformant()))
        }
        Err(error) => {
            eprintln!("{url}: {error}");
            ExitCode::from(2)
        }
    }
}

async fn check(url: &str, token: Option<String>) -> Result<Report> {
    let mut agent = HttpAgent::builder(url);
    if let Some(token) = token {
        agent = agent.bearer_token(token);
    }
    Ok(conformance::check(&agent.build()?).await?)
}
