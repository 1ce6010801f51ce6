//! The command line.

use agui::client::HttpAgent;
use agui::{Error, Result};
use std::fs::File;
use std::io::{Write, sink};

const USAGE: &str = "usage: chat URL [--token TOKEN] [--header 'NAME: VALUE']... [--record FILE] [--json]";

/// Options that take what follows, whatever that looks like.
const WITH_VALUE: &[&str] = &["--token", "--header", "--record"];

/// Whether `--json` is among the options, also if there is something wrong with others.
pub(crate) fn wants_json(arguments: &[String]) -> bool {
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match &**argument {
            "--json" => return true,
            option if WITH_VALUE.contains(&option) => drop(arguments.next()),
            _ => {}
        }
    }
    false
}

pub(crate) struct Options {
    pub(crate) agent: HttpAgent,
    /// Where the recording goes.
    pub(crate) record: Box<dyn Write + Send>,
}

impl Options {
    pub(crate) fn read(arguments: Vec<String>) -> Result<Self> {
        let (mut url, mut token) = (None, None);
        let (mut headers, mut record) = (Vec::new(), Box::new(sink()) as Box<dyn Write + Send>);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| Error::new(USAGE));
            match &*argument {
                "--json" => {}
                "--token" => token = Some(value()?),
                "--header" => headers.push(value()?),
                "--record" => record = Box::new(File::create(value()?)?),
                _ if argument.starts_with('-') || url.is_some() => return Err(Error::new(USAGE)),
                _ => url = Some(argument),
            }
        }
        let mut agent = HttpAgent::builder(url.ok_or_else(|| Error::new(USAGE))?);
        if let Some(token) = token {
            agent = agent.bearer_token(token);
        }
        for header in headers {
            let (name, value) = header.split_once(':').ok_or_else(|| Error::new(USAGE))?;
            agent = agent.header(name.trim(), value.trim());
        }
        Ok(Self { agent: agent.build()?, record })
    }
}
