//! What there is to see.

use agui::client::{Building, Change, Outcome, Update, Warning, Warnings};
use agui::{Event, Interrupt};
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::Display;
use std::io::{IsTerminal, Write, stderr, stdout};

pub(crate) struct Screen {
    json: bool,
    /// Standard error is a terminal that may have colours.
    colours: bool,
    /// A line that was begun, and not yet ended.
    open: Option<Line>,
}

#[derive(Clone, Copy, PartialEq)]
enum Line {
    Said,
    Thought,
}

const DIM: &str = "2";
const BOLD: &str = "1";
const RED: &str = "31";

// Who reads the other end may have gone, which is no reason to fail.
impl Screen {
    pub(crate) fn new(json: bool) -> Self {
        let colours = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { json, colours, open: None }
    }

    pub(crate) fn show(&mut self, update: &Update<'_>) {
        if self.json {
            if let Some(event) = update.event {
                let _ = writeln!(stdout(), "{}", escaped(&shown(event)));
            }
            return;
        }
        match update.change {
            Change::Text { delta, .. } => {
                self.on(Line::Said);
                let _ = write!(stdout(), "{}", harmless(delta));
                let _ = stdout().flush();
            }
            Change::Reasoning { delta, .. } => {
                self.on(Line::Thought);
                let text = self.styled(DIM, &harmless(delta));
                let _ = write!(stderr(), "{text}");
            }
            Change::ToolCall { call, building: Building::Complete } => {
                self.note(BOLD, format!("{}({})", call.function.name, call.function.arguments));
            }
            Change::ToolResult(answer) => self.note(DIM, format!("→ {}", shown(&answer.content))),
            Change::State(state) => self.note(DIM, format!("state {state}")),
            Change::Messages(messages) => self.note(DIM, format!("{} messages, restated", messages.len())),
            Change::Activity(activity) => {
                self.note(DIM, format!("{} {}", activity.activity_type, shown(&activity.content)));
            }
            Change::Custom(event) => self.note(DIM, format!("{} {}", event.name, event.value)),
            _ => match update.event {
                Some(Event::StepStarted(step)) => self.note(DIM, format!("step {}", step.step_name)),
                Some(Event::SubagentStarted(subagent)) => self.note(DIM, format!("{} begins", subagent.name)),
                _ => {}
            },
        }
    }

    /// How a turn ended, unless that is plain to see.
    pub(crate) fn ended(&mut self, outcome: &Outcome, warnings: &Warnings) {
        if self.json {
            for Warning { text, rule, event, pointer, .. } in warnings.all() {
                tell(&json!({ "warning": text, "rule": rule, "event": event, "pointer": pointer }));
            }
            return tell(&described(outcome));
        }
        self.end_line();
        for warning in warnings.all() {
            self.note(DIM, format!("warning: {warning}"));
        }
        match outcome {
            Outcome::Success { .. } | Outcome::Interrupted { .. } => {}
            Outcome::Truncated(end) if end.aborted => self.note(BOLD, "stopped"),
            Outcome::Pending { .. } | Outcome::Cancelled => self.note(BOLD, outcome),
            _ => self.note(RED, outcome),
        }
    }

    pub(crate) fn question(&mut self, interrupt: &Interrupt) {
        if self.json {
            return tell(&json!({ "question": interrupt }));
        }
        let question = interrupt.message.as_ref().unwrap_or(&interrupt.reason);
        self.note(BOLD, question);
        if let Some(schema) = &interrupt.response_schema {
            self.note(DIM, format!("the answer fits {}", shown(schema)));
        }
        self.note(DIM, "y, n, JSON, or nothing to give it up");
    }

    pub(crate) fn complain(&mut self, error: &impl Display) {
        if self.json {
            return tell(&json!({ "error": error.to_string() }));
        }
        self.end_line();
        let _ = writeln!(stderr(), "{}", harmless(&error.to_string()));
    }

    /// A line of its own. A long one is cut: this is to be read by people.
    fn note(&mut self, style: &str, text: impl Display) {
        self.end_line();
        let text = harmless(&text.to_string()).replace('\n', " ");
        let cut = match text.char_indices().nth(500) {
            Some((end, _)) => format!("{}…", text.split_at(end).0),
            None => text,
        };
        let text = self.styled(style, &cut);
        let _ = writeln!(stderr(), "{text}");
    }

    fn on(&mut self, line: Line) {
        if self.open != Some(line) {
            self.end_line();
        }
        self.open = Some(line);
    }

    fn end_line(&mut self) {
        let _ = match self.open.take() {
            Some(Line::Said) => writeln!(stdout()),
            Some(Line::Thought) => writeln!(stderr()),
            None => Ok(()),
        };
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// An object, a line, beside the events.
fn tell(value: &Value) {
    let _ = writeln!(stderr(), "{}", escaped(&value.to_string()));
}

/// An outcome by its name, with what programs may want of it.
fn described(outcome: &Outcome) -> Value {
    let (name, details) = match outcome {
        Outcome::Success { result } => ("success", json!({ "result": result })),
        Outcome::Pending { calls, result } => ("pending", json!({ "calls": calls, "result": result })),
        Outcome::Interrupted { calls, .. } => ("interrupted", json!({ "calls": calls })),
        Outcome::Cancelled => ("cancelled", json!({})),
        Outcome::Failed(error) => ("failed", json!({ "code": error.code })),
        Outcome::Rejected(rejection) => {
            ("rejected", json!({ "rule": rejection.rule(), "index": rejection.index() }))
        }
        Outcome::Truncated(end) => ("truncated", json!({ "aborted": end.aborted })),
        Outcome::Transport(error) => {
            ("transport", json!({ "status": error.status().map(|status| status.as_u16()) }))
        }
        _ => ("other", json!({})),
    };
    json!({ "outcome": name, "text": outcome.to_string(), "details": details })
}

/// Without what would steer the terminal.
fn harmless(text: &str) -> String {
    text.chars().filter(|char| !steers(*char) || matches!(char, '\n' | '\t')).collect()
}

/// JSON that means the same, without what would steer the terminal.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for char in json.chars() {
        if steers(char) {
            text.push_str(&format!("\\u{:04x}", u32::from(char)));
        } else {
            text.push(char);
        }
    }
    text
}

/// Controls, and what reverses the direction of text.
fn steers(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Texts as they are, everything else as JSON.
fn shown(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    }
}
