//! Calls that a person has to agree to: asked about by an interrupt, decided by the `resume` of a later run.
//!
//! The agent keeps nothing between the two, and believes nothing of what comes back: an interrupt's id is a
//! signature over the thread, the call, its tool and its arguments, and the time until which it holds. What a
//! client made up or changed does not match, and what was decided once is not decided again.

use super::parts::Call;
use crate::error::{Error, Result};
use crate::run::RunContext;
use crate::session::Session;
use crate::tool::{ToolEntry, Tools};
use agui_types::{Interrupt, Message, ResumeEntry, ResumeEntryStatus, ToolCall};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

/// How long and by which key questions before a tool runs can be answered.
///
/// ```
/// use agui::model::Approvals;
/// use std::time::Duration;
///
/// // The same on every server of an application, so that each can take the answer.
/// let approvals = Approvals::new().key(b"from your secrets").valid_for(Duration::from_secs(600));
/// # drop(approvals);
/// ```
#[derive(Clone)]
pub struct Approvals {
    key: Arc<[u8]>,
    valid_for: Duration,
    /// What was decided already, with the time until which it could be tried again.
    decided: Arc<Mutex<HashMap<String, u64>>>,
}

/// What a person decided about a call.
#[derive(Debug)]
pub(super) struct Decision {
    pub(super) call: Call,
    /// Why it was denied, if it was.
    pub(super) denied: Option<String>,
}

impl Default for Approvals {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Approvals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Approvals").field("valid_for", &self.valid_for).finish_non_exhaustive()
    }
}

impl Approvals {
    /// With a key of this process alone, for an hour.
    #[must_use]
    pub fn new() -> Self {
        let (first, second) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        let key = [first.into_bytes(), second.into_bytes()].concat();
        Self { key: key.into(), valid_for: Duration::from_secs(3600), decided: Arc::default() }
    }

    /// Sets the key. Whoever has it can make up approvals.
    ///
    /// What was decided already is known to this process alone: servers that share a key each take an answer once,
    /// and once more after a restart. [`Sessions`](crate::session::Sessions) take it once.
    #[must_use]
    pub fn key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.key = key.as_ref().into();
        self
    }

    /// Sets for how long a question can be answered.
    #[must_use]
    pub fn valid_for(mut self, time: Duration) -> Self {
        self.valid_for = time;
        self
    }

    /// What a person is asked before a tool runs (INT-3).
    pub(super) fn question(&self, run: &RunContext, tool: &ToolEntry, call: &Call) -> Interrupt {
        let expires = run.seconds().saturating_add(self.valid_for.as_secs());
        let nonce = format!("{}~{}", tag(call), run.new_id("approval"));
        let signature = self.signature(run.thread_id(), call, expires, &nonce);
        let mut interrupt = Interrupt::new(format!("{signature}.{expires}.{nonce}"), REASON);
        interrupt.tool_call_id = Some(call.id.clone());
        interrupt.message = Some(format!("May `{}` run?", tool.name()));
        interrupt.expires_at = date(expires);
        interrupt.response_schema = Some(answer_schema(tool));
        interrupt
    }

    /// What was decided about the calls of a conversation. Nothing is taken as decided unless everything is in order.
    ///
    /// # Errors
    ///
    /// When a call that needs a decision has none (INT-14), or one that does not hold.
    pub(super) fn decisions(
        &self,
        run: &RunContext,
        tools: &Tools,
        messages: &[Message],
    ) -> Result<Vec<Decision>> {
        let mut entries = by_call(run.input().resume.as_deref().unwrap_or_default());
        let answered: HashSet<&str> = messages.iter().filter_map(answers).collect();
        let last_user = messages.iter().rposition(|message| matches!(message, Message::User(_)));
        let session = run.dependency::<Session>();
        let (mut decisions, mut nonces) = (Vec::new(), Vec::new());
        let all = messages.iter().enumerate();
        let all =
            all.flat_map(|(at, message)| calls(message).iter().map(move |call| (at, message.id(), call)));
        for (at, message, call) in all {
            let Some(tool) = tools.get(&call.function.name).filter(|tool| tool.options().requires_approval)
            else {
                continue;
            };
            let call = Call::of(call, message);
            let tag = tag(&call);
            let entry = entries.get(&*tag).copied().filter(|entry| self.is_about(run, entry, &call));
            match entry {
                Some(entry) => {
                    // One question is about one call, however often a client repeats it.
                    entries.remove(&*tag);
                    nonces.push(self.still_open(run, entry)?);
                    decisions.push(decide(tool, call, entry)?);
                }
                // Some clients send a tool message of their own beside `resume`; by itself it decides nothing.
                None if answered.contains(&*call.id) => {}
                // A run that was stopped, or failed, left calls that nobody was asked about. They do not run, and are
                // no reason to refuse what comes after them (RUN-34): a session knows what was asked, and who goes on
                // talking waits for no question.
                None if session.as_ref().is_some_and(|session| !asks_about(session, &call)) => {}
                None if session.is_none() && last_user.is_some_and(|user| user > at) => {}
                None => {
                    let message =
                        format!("The call `{}` of `{}` has to be decided first.", call.id, call.name);
                    return Err(Error::public(message).code("resume_incomplete"));
                }
            }
        }
        for entry in entries.values() {
            // INT-13
            tracing::warn!(interrupt = %entry.interrupt_id, "the client answers what nobody asked");
        }
        let mut decided = self.decided.lock().unwrap_or_else(PoisonError::into_inner);
        let now = run.seconds();
        decided.retain(|_, expires| *expires >= now);
        if nonces.iter().any(|(nonce, _)| decided.contains_key(nonce)) {
            return Err(Error::public("This has been decided already.").code("resume_repeated"));
        }
        decided.extend(nonces);
        Ok(decisions)
    }

    /// Whether an entry answers our question about this very call.
    fn is_about(&self, run: &RunContext, entry: &ResumeEntry, call: &Call) -> bool {
        let Some((signature, expires, nonce)) = parts(&entry.interrupt_id) else { return false };
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let mac = self.mac(run.thread_id(), call, expires, nonce);
        mac.is_some_and(|mac| mac.verify_slice(&signature).is_ok())
    }

    /// The question's nonce and end, if the answer comes in time. Giving up is always in time (INT-9).
    fn still_open(&self, run: &RunContext, entry: &ResumeEntry) -> Result<(String, u64)> {
        let Some((_, expires, nonce)) = parts(&entry.interrupt_id) else {
            return Err(Error::new("no interrupt of ours"));
        };
        if entry.status == ResumeEntryStatus::Resolved && run.seconds() > expires {
            return Err(Error::public("The approval came too late.").code("resume_expired"));
        }
        Ok((nonce.to_owned(), expires.max(run.seconds())))
    }

    fn signature(&self, thread: &str, call: &Call, expires: u64, nonce: &str) -> String {
        let mac = self.mac(thread, call, expires, nonce);
        mac.map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default()
    }

    /// `None` would be a key of a length that cannot be; HMAC takes any.
    fn mac(&self, thread: &str, call: &Call, expires: u64, nonce: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        for part in [thread, &call.id, &call.name, &call.arguments, nonce] {
            // With lengths, so that no two lists of parts are one text.
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac.update(&expires.to_le_bytes());
        Some(mac)
    }
}

/// The entries by the [tags](tag) of the calls that they are about, so that each call is compared with one: a client may
/// send very many of both.
fn by_call(entries: &[ResumeEntry]) -> HashMap<&str, &ResumeEntry> {
    let mut by_call = HashMap::new();
    for entry in entries {
        let tag = parts(&entry.interrupt_id).and_then(|(_, _, nonce)| nonce.split_once('~'));
        match tag {
            Some((tag, _)) if !by_call.contains_key(tag) => {
                by_call.insert(tag, entry);
            }
            // INT-13
            _ => tracing::warn!(interrupt = %entry.interrupt_id, "the client answers what nobody asked"),
        }
    }
    by_call
}

/// By what a question names its call. It proves nothing; the signature does.
fn tag(call: &Call) -> String {
    let mut hash = Sha256::new();
    for part in [&call.id, &call.name, &call.arguments] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize().get(..9).unwrap_or_default())
}

/// Whether a session had a question about a call, which this run was to answer.
fn asks_about(session: &Session, call: &Call) -> bool {
    session.answers().iter().any(|answer| answer.interrupt.tool_call_id.as_deref() == Some(&*call.id))
}

/// The reason that front ends know for an interrupt about a tool call.
const REASON: &str = "tool_call";

/// Seconds since the Unix epoch as RFC 3339.
fn date(seconds: u64) -> Option<String> {
    let time = UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
    Some(humantime::format_rfc3339_seconds(time).to_string())
}

fn parts(id: &str) -> Option<(&str, u64, &str)> {
    let (signature, rest) = id.split_once('.')?;
    let (expires, nonce) = rest.split_once('.')?;
    Some((signature, expires.parse().ok()?, nonce))
}

/// `{ "approved": true, "editedArgs": {…}, "reason": "…" }`
fn answer_schema(tool: &ToolEntry) -> Map<String, Value> {
    let edited = tool.definition().parameters.clone().unwrap_or(Value::Bool(true));
    let properties = json!({
        "approved": { "type": "boolean" },
        "editedArgs": edited,
        "reason": { "type": "string" },
    });
    let schema = [("type", json!("object")), ("properties", properties), ("required", json!(["approved"]))];
    schema.into_iter().map(|(keyword, value)| (keyword.to_owned(), value)).collect()
}

fn decide(tool: &ToolEntry, mut call: Call, entry: &ResumeEntry) -> Result<Decision> {
    if entry.status == ResumeEntryStatus::Cancelled {
        return Ok(Decision { call, denied: Some("The user cancelled the question.".to_owned()) });
    }
    let payload = entry.payload.as_ref();
    let member = |name| payload.and_then(|payload| payload.get(name)).filter(|value| !value.is_null());
    let Some(approved) = member("approved").and_then(Value::as_bool).or(payload.and_then(Value::as_bool))
    else {
        let message = format!("The answer about call `{}` says not whether it is approved.", call.id);
        return Err(Error::public(message).code("resume_malformed"));
    };
    if !approved {
        let reason = member("reason").and_then(Value::as_str);
        let denied = reason.map_or_else(
            || "The user denied this call.".to_owned(),
            |reason| format!("The user denied this call: {reason}"),
        );
        return Ok(Decision { call, denied: Some(denied) });
    }
    if let Some(edited) = member("editedArgs") {
        call.arguments = edited.to_string();
    }
    tool.check(&call.arguments).map_err(|error| {
        let message = format!("The arguments of call `{}` are not accepted: {}", call.id, error.for_model());
        Error::public(message).code("resume_malformed")
    })?;
    Ok(Decision { call, denied: None })
}

fn calls(message: &Message) -> &[ToolCall] {
    match message {
        Message::Assistant(message) => message.tool_calls.as_deref().unwrap_or_default(),
        _ => &[],
    }
}

fn answers(message: &Message) -> Option<&str> {
    match message {
        Message::Tool(message) => Some(&message.tool_call_id),
        _ => None,
    }
}
