//! A provider on this machine.

use crate::peers::Peer;
use agui::rig::RigModel;
use agui::rig::core::Model;
use agui::rig::core::providers::anthropic::AnthropicConfig;
use agui::rig::core::providers::gemini::GeminiConfig;
use agui::rig::core::providers::ollama::OllamaConfig;
use agui::rig::core::providers::openai::OpenAIConfig;
use agui::rig::core::providers::openai::wire::Chat;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout};

pub(crate) struct Provider {
    child: Child,
    output: BufReader<ChildStdout>,
    url: String,
}

impl Provider {
    /// Otherwise says that `what` is skipped.
    pub(crate) fn start(what: &str) -> Option<Self> {
        let mut child = Peer::node(what)?.spawn("provider.mjs", &[]);
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut url = String::new();
        output.read_line(&mut url).unwrap();
        Some(Self { child, output, url: url.trim().to_owned() })
    }

    fn config(&self) -> OpenAIConfig {
        OpenAIConfig::new("a key").with_base_url(format!("{}/v1", self.url))
    }

    /// As OpenAI answers, by chat completions.
    pub(crate) fn chat(&self) -> Model<Chat> {
        self.config().client().chat("a-model")
    }

    pub(crate) fn openai(&self) -> RigModel {
        RigModel::new(self.chat())
    }

    pub(crate) fn anthropic(&self) -> RigModel {
        let config = AnthropicConfig::new("a key").with_base_url(&self.url);
        RigModel::new(config.client().completion("a-model"))
    }

    /// As OpenAI answers, by its newer API.
    pub(crate) fn responses(&self) -> RigModel {
        RigModel::new(self.config().client().responses("gpt-5.2"))
    }

    pub(crate) fn gemini(&self) -> RigModel {
        RigModel::new(
            GeminiConfig::new("a-key").with_base_url(&self.url).client().completion("gemini-2.5-flash"),
        )
    }

    /// By its own API.
    pub(crate) fn ollama(&self) -> RigModel {
        RigModel::new(OllamaConfig::new().with_base_url(&self.url).client().native_completion("a-model"))
    }

    /// The bodies of all requests so far.
    pub(crate) fn requests(&mut self) -> Vec<Value> {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
