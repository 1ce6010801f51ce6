//! The model without a provider: it knows what each page is usually asked, and answers as a model would, from the
//! messages and the tools that it is shown.

mod chat;
mod paced;
mod pages;

pub(crate) use paced::Paced;

use agui::model::{ModelRequest, Reply, ScriptedModel};
use agui::{Content, ContentPart, Message, UserMessage};
use serde_json::Value;

pub(crate) fn model() -> ScriptedModel {
    ScriptedModel::answering(|request| reply(&Turn::of(request)))
}

/// What is said on a page.
type Page = fn(&Turn) -> Reply;

/// What each page is recognised by: a tool that its agent or its front end brings.
const PAGES: [(&str, Page); 12] = [
    ("generate_task_steps", pages::task_steps),
    ("create_plan", pages::plan),
    ("generate_haiku", pages::haiku),
    ("display_recipe", pages::recipe),
    ("document_predict_state", pages::predicted_document),
    ("write_document_local", pages::local_document),
    ("get_weather", pages::weather),
    ("schedule_meeting", pages::meeting),
    ("flights_agent", pages::travel),
    ("find_flights", pages::flights),
    ("find_hotels", pages::hotels),
    ("find_experiences", pages::experiences),
];

fn reply(turn: &Turn) -> Reply {
    match PAGES.iter().find(|(tool, _)| turn.offers(tool)) {
        Some((_, reply)) if !turn.mentions(&chat::GREETINGS) => reply(turn),
        _ => chat::reply(turn),
    }
}

/// What the model is asked, as the script looks at it.
struct Turn<'a> {
    request: &'a ModelRequest,
    /// The newest user message.
    user: Option<&'a UserMessage>,
    /// What came of the calls since then: the tool and its result, oldest first.
    results: Vec<(&'a str, String)>,
}

impl<'a> Turn<'a> {
    fn of(request: &'a ModelRequest) -> Self {
        let messages = &request.messages;
        let newest = messages.iter().rposition(|message| matches!(message, Message::User(_)));
        let (before, since) = messages.split_at(newest.map_or(0, |newest| newest + 1));
        let user = match before.last() {
            Some(Message::User(user)) => Some(user),
            _ => None,
        };
        let calls = since.iter().flat_map(|message| match message {
            Message::Assistant(message) => message.tool_calls.as_deref().unwrap_or_default(),
            _ => &[],
        });
        let results = calls.filter_map(|call| {
            let result = since.iter().find_map(|message| match message {
                Message::Tool(result) if result.tool_call_id == call.id => Some(text(&result.content)),
                _ => None,
            });
            Some((&*call.function.name, result?))
        });
        Self { request, user, results: results.collect() }
    }

    fn offers(&self, tool: &str) -> bool {
        self.request.tools.iter().any(|offered| offered.name == tool)
    }

    /// What the user said.
    fn said(&self) -> String {
        self.user.map(|user| text(&user.content)).unwrap_or_default()
    }

    /// Whether the user said one of these words, whatever their case.
    fn mentions(&self, words: &[&str]) -> bool {
        let said = self.said().to_lowercase();
        let said: Vec<_> = said.split(|letter: char| !letter.is_alphanumeric()).collect();
        let said = format!(" {} ", said.join(" "));
        words.iter().any(|word| said.contains(&format!(" {word} ")))
    }

    /// The newest result of a tool, since the user said something.
    fn result(&self, tool: &str) -> Option<&str> {
        self.results.iter().rev().find(|(name, _)| *name == tool).map(|(_, result)| &**result)
    }
}

/// Calls a tool, with its arguments in pieces as providers send them.
fn call(name: &str, arguments: &Value) -> Reply {
    and_call(Reply::default(), name, arguments)
}

fn and_call(reply: Reply, name: &str, arguments: &Value) -> Reply {
    reply.and_raw_call(name, [arguments.to_string()])
}

fn text(content: &Content) -> String {
    match content {
        Content::Text(text) => text.clone(),
        Content::Parts(parts) => {
            let texts = parts.iter().filter_map(|part| match part {
                ContentPart::Text(part) => Some(&*part.text),
                _ => None,
            });
            texts.collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}
