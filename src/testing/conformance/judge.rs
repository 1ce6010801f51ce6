//! One answer against the rules that it can show.

use super::content;
use super::report::Level;
use super::rules::{CANCELLED, FRONTEND_CALL, HTTP, INTERRUPT, REFUSAL, USAGE};
use super::wire::{Answer, End};
use crate::client::FrameReader;
use crate::reduce::Conversation;
use crate::verify::Verifier;
use agui_types::runtime::{DecodeError, Lenient, UnrecognisedKind, decode_lenient};
use agui_types::{Event, PROTOCOL_VERSION, RunAgentInput, RunFinishedEvent, RunFinishedOutcome};
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

/// What breaks a rule.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) rule: &'static str,
    pub(super) level: Level,
    pub(super) found: String,
    pub(super) event: Option<(usize, Value)>,
}

impl Finding {
    pub(super) fn new(rule: &'static str, found: impl Into<String>) -> Self {
        Self { rule, level: Level::Must, found: found.into(), event: None }
    }

    pub(super) fn note(rule: &'static str, found: impl Into<String>) -> Self {
        Self { level: Level::Should, ..Self::new(rule, found) }
    }
}

/// An answer, judged.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) findings: Vec<Finding>,
    /// What the answer gave occasion for.
    pub(super) occasions: Vec<&'static str>,
    pub(super) events: Vec<Event>,
    /// What the events make of the input.
    pub(super) conversation: Conversation,
    /// Status and beginning of an answer that is no run.
    pub(super) refusal: Option<(StatusCode, String)>,
}

/// Judges an answer to an input; to something that is none if there is no input.
pub(super) fn judge(input: Option<&RunAgentInput>, answer: &Answer) -> Judged {
    let nothing = RunAgentInput::new("", "", Vec::new());
    let input = input.unwrap_or(&nothing);
    let mut judged = Judged {
        findings: Vec::new(),
        occasions: Vec::new(),
        events: Vec::new(),
        conversation: Conversation::of(input),
        refusal: None,
    };
    if let Some((status, headers)) = &answer.head {
        judged.head(*status, headers, &answer.bytes);
        if judged.refusal.is_some() {
            return judged;
        }
    }
    judged.body(input, answer);
    judged
}

impl Judged {
    fn head(&mut self, status: StatusCode, headers: &HeaderMap, body: &[u8]) {
        let content_type = text(headers, header::CONTENT_TYPE.as_str());
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let is_stream = essence.eq_ignore_ascii_case(crate::sse::MEDIA_TYPE);
        let refused = status.is_client_error() || status.is_server_error();
        if refused {
            self.occasions.push(REFUSAL);
            if is_stream {
                self.findings.push(Finding::new("SSE-10", format!("{status} with an event stream")));
            }
            if status.is_server_error() {
                self.findings.push(Finding::note("SSE-10", format!("{status}")));
            }
        } else {
            self.occasions.push(HTTP);
            if essence.starts_with("application/vnd.ag-ui") {
                self.findings.push(Finding::new("PB-3", format!("`{content_type}`")));
            } else if status != StatusCode::OK || !is_stream {
                self.findings.push(Finding::new("SSE-3", format!("{status} with `{content_type}`")));
            }
            let kept = text(headers, header::CACHE_CONTROL.as_str());
            if !kept.contains("no-cache") && !kept.contains("no-store") {
                self.findings.push(Finding::note("HTTP", "no `Cache-Control: no-cache`"));
            } else if text(headers, "x-accel-buffering") != "no" {
                self.findings.push(Finding::note("HTTP", "no `X-Accel-Buffering: no`"));
            }
        }
        if refused || !is_stream {
            let start = String::from_utf8_lossy(body).trim().chars().take(200).collect();
            self.refusal = Some((status, start));
        }
    }

    fn body(&mut self, input: &RunAgentInput, answer: &Answer) {
        let mut order = Order::new(input);
        let mut frames = FrameReader::with_limit(usize::MAX);
        frames.push(&answer.bytes);
        let mut index = 0;
        while let Ok(Some(json)) = frames.next_frame() {
            self.frame(index, json, input, &mut order);
            index += 1;
        }
        // What no empty line ends counts, as it does for clients, unless it was cut.
        if answer.end == End::Closed
            && let Ok(Some(json)) = frames.finish()
        {
            self.frame(index, json, input, &mut order);
        }
        if memchr::memchr(b'\r', &answer.bytes).is_some() {
            self.findings.push(Finding::new("SSE-5", "there is a CR"));
        }
        match &answer.end {
            End::Closed => {
                if let (true, Err(violation)) = (order.can_tell, order.verifier.finish()) {
                    self.findings.push(Finding::new(violation.rule(), violation.text()));
                }
            }
            End::Open => self.findings.push(Finding::new("SSE-9", "the body stays open")),
            End::Broken(why) => self.findings.push(Finding::new("TRN-1", format!("it breaks off: {why}"))),
            End::Lost(why) => self.findings.push(Finding::new("TRN-1", why)),
            End::HungUp => {}
        }
    }

    fn frame(&mut self, index: usize, json: &[u8], input: &RunAgentInput, order: &mut Order) {
        let value = serde_json::from_slice::<Value>(json);
        let shown = match &value {
            Ok(value) => value.clone(),
            Err(_) => Value::String(String::from_utf8_lossy(json).into_owned()),
        };
        let mut found = |mut finding: Finding| {
            finding.event = Some((index, shown.clone()));
            self.findings.push(finding);
        };
        let value = match value {
            Ok(value) => value,
            Err(error) => {
                // What follows may be wrong only because this is missing.
                order.can_tell = false;
                return found(Finding::new("SSE-4", format!("the data is no JSON document: {error}")));
            }
        };
        if !value.get("type").is_some_and(Value::is_string) {
            return found(Finding::new("EVT-1", "it has no type"));
        }
        let event = match decode_lenient::<Event>(json) {
            Ok(Lenient { value: event, unrecognised, .. }) => {
                for unknown in unrecognised {
                    let rule = match &unknown.kind {
                        UnrecognisedKind::Variant(_) if unknown.pointer.is_empty() => "EVT-1",
                        UnrecognisedKind::Member if unknown.pointer == "/subagentRunId" => "EVT-13",
                        _ if unknown.pointer.starts_with("/outcome") => "RUN-14",
                        _ => "PROC-19",
                    };
                    found(Finding::new(rule, unknown.to_string()));
                }
                event
            }
            Err(error) => {
                order.can_tell = false;
                return found(Finding::new(rule_of(&error, &value), error.to_string()));
            }
        };
        let Some(event) = event else { return };
        order.judge(&event).into_iter().chain(content::judge(&event)).for_each(&mut found);
        if let (true, Err(error)) = (order.can_tell, self.conversation.apply(&event)) {
            match (&event, error.rule()) {
                (Event::StateDelta(_), _) => found(Finding::new("STATE-3", error.text())),
                (_, "ACT-11") => found(Finding::new("ACT-11", error.text())),
                _ => {}
            }
        }
        self.occasions.push(event.event_type().as_str());
        self.occasions.extend(occasions(&event, input));
        self.occasions.extend(event.usage().filter(|usage| !usage.is_empty()).map(|_| USAGE));
        self.events.push(event);
    }
}

/// The rule that a malformed event breaks.
fn rule_of(error: &DecodeError, event: &Value) -> &'static str {
    let pointer = error.pointer();
    if event.pointer(pointer).is_some_and(Value::is_null) {
        "EVT-4"
    } else if pointer.starts_with("/outcome/interrupts") {
        "INT-1"
    } else if pointer.starts_with("/outcome") {
        "RUN-14"
    } else {
        "PROC-19"
    }
}

fn occasions(event: &Event, input: &RunAgentInput) -> Option<&'static str> {
    let ours = |name: &str| input.tools.iter().flatten().any(|tool| tool.name == name);
    match event {
        Event::ToolCallStart(start) if ours(&start.tool_call_name) => Some(FRONTEND_CALL),
        Event::ToolCallChunk(chunk) if chunk.tool_call_name.as_deref().is_some_and(ours) => {
            Some(FRONTEND_CALL)
        }
        Event::RunFinished(finished) => match finished.outcome {
            Some(RunFinishedOutcome::Interrupt(_)) => Some(INTERRUPT),
            Some(RunFinishedOutcome::Cancelled(_)) => Some(CANCELLED),
            _ => None,
        },
        _ => None,
    }
}

/// The order of events, up to the first that breaks a rule: those after it may be wrong only because of it.
struct Order {
    verifier: Verifier,
    can_tell: bool,
    frontend: Vec<String>,
    /// Calls of the run that have no result.
    pending: Vec<(String, String)>,
    latest: Option<i64>,
}

impl Order {
    fn new(input: &RunAgentInput) -> Self {
        Self {
            verifier: Verifier::producer_for(input),
            can_tell: true,
            frontend: input.tools.iter().flatten().map(|tool| tool.name.clone()).collect(),
            pending: Vec::new(),
            latest: None,
        }
    }

    fn judge(&mut self, event: &Event) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(time) = event.timestamp() {
            if self.latest.is_some_and(|latest| time < latest) {
                findings.push(Finding::note("EVT-2", "an earlier timestamp than before"));
            }
            self.latest = Some(time);
        }
        if self.can_tell {
            findings.extend(self.verify(event));
        }
        match event {
            Event::RunStarted(_) => self.pending.clear(),
            Event::ToolCallStart(start) => self.called(&start.tool_call_id, &start.tool_call_name),
            Event::ToolCallChunk(chunk) => {
                if let (Some(id), Some(name)) = (&chunk.tool_call_id, &chunk.tool_call_name) {
                    self.called(id, name);
                }
            }
            Event::ToolCallResult(result) => self.pending.retain(|(id, _)| *id != result.tool_call_id),
            Event::RunFinished(finished) => findings.extend(self.listed(finished)),
            _ => {}
        }
        findings
    }

    fn called(&mut self, id: &str, name: &str) {
        if self.pending.iter().all(|(known, _)| known != id) {
            self.pending.push((id.to_owned(), name.to_owned()));
        }
    }

    fn verify(&mut self, event: &Event) -> Option<Finding> {
        let violation = self.verifier.check(event).err()?;
        let finding = Finding::new(violation.rule(), violation.text());
        self.can_tell = match event {
            // Many older servers lack the version; the rest of their streams can be judged all the same.
            Event::RunStarted(started) if violation.rule() == "RUN-9" => {
                let versioned = started.clone().protocol_version(PROTOCOL_VERSION);
                self.verifier.check(&versioned.into()).is_ok()
            }
            _ => false,
        };
        Some(finding)
    }

    /// TOOL-23.
    fn listed(&self, finished: &RunFinishedEvent) -> Option<Finding> {
        let listed = match &finished.outcome {
            None => None,
            Some(RunFinishedOutcome::Success(success)) => success.pending_tool_call_ids.as_ref(),
            Some(_) => return None,
        };
        let waits = self.pending.iter().any(|(_, tool)| self.frontend.contains(tool));
        let same = listed.is_some_and(|listed| listed.iter().eq(self.pending.iter().map(|(id, _)| id)));
        (waits && !same).then(|| Finding::note("TOOL-23", "the outcome does not list the calls as they came"))
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
