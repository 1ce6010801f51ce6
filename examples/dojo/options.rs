//! What is said on the command line.

use agui::{Error, Result};

#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    /// Whose model it is to be; by default that of the first provider with a key.
    pub(crate) provider: Option<String>,
    /// Threads are kept on the server, until it ends.
    pub(crate) sessions: bool,
}

const USAGE: &str = "usage: dojo [--port PORT] [--provider NAME] [--sessions]";

impl Options {
    pub(crate) fn from_arguments(arguments: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut options = Self { port: 9001, provider: None, sessions: false };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| Error::new(USAGE));
            match &*argument {
                "--port" => options.port = value()?.parse()?,
                "--provider" => options.provider = Some(value()?),
                "--sessions" => options.sessions = true,
                _ => return Err(Error::new(USAGE)),
            }
        }
        Ok(options)
    }
}
