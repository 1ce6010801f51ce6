//! Whether an AG-UI server keeps to the protocol.
//!
//! `cargo run --example conformance -- URL [--json] [--bearer TOKEN] [--header 'NAME: VALUE']...`
//!
//! Ends with code 1 if a rule is broken that has to hold, with 2 if the server could not be asked.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is how a program talks")]

use agui::Result;
use agui::client::{HttpAgent, HttpAgentBuilder};
use agui::testing::conformance::{self, Report};
use std::process::ExitCode;

const USAGE: &str = "usage: conformance URL [--json] [--bearer TOKEN] [--header 'NAME: VALUE']...";

#[tokio::main]
async fn main() -> ExitCode {
    let Some(Options { url, json, agent }) = Options::read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match check(agent).await {
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

async fn check(agent: HttpAgentBuilder) -> Result<Report> {
    Ok(conformance::check(agent.build()?).await?)
}

struct Options {
    url: String,
    json: bool,
    agent: HttpAgentBuilder,
}

impl Options {
    /// `None` if they cannot be understood.
    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let (mut url, mut json, mut headers) = (None, false, Vec::new());
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--json" => json = true,
                "--bearer" => {
                    headers.push(("authorization".to_owned(), format!("Bearer {}", arguments.next()?)));
                }
                "--header" => {
                    let header = arguments.next()?;
                    let (name, value) = header.split_once(':')?;
                    headers.push((name.trim().to_owned(), value.trim().to_owned()));
                }
                _ if url.is_none() && !argument.starts_with('-') => url = Some(argument),
                _ => return None,
            }
        }
        let url = url?;
        let agent = HttpAgent::builder(&url);
        let agent = headers.iter().fold(agent, |agent, (name, value)| agent.header(name, value));
        Some(Self { url, json, agent })
    }
}
