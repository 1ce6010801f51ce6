//! Peers of every age: what older ones send, read as today's, and what they can take.
//!
//! *Upward*, [`Upgrader`] and [`decode_input`] translate retired shapes and legacy nulls (VER-30 to VER-35)
//! before anything else looks at them. Clean traffic is decoded once, and nothing but that: only a document
//! that was refused, or in which something was not recognised, is looked at again.
//!
//! ```
//! use agui::Event;
//! use agui::compat::Upgrader;
//!
//! let mut upgrader = Upgrader::new();
//! let upgraded = upgrader.decode(br#"{"type":"THINKING_START","title":"Hm"}"#)?;
//! assert!(matches!(upgraded.decoded.value, Some(Event::ReasoningStart(_))));
//! let conversion = &upgraded.conversions[0];
//! assert_eq!(conversion.to_string(), "THINKING_START read as REASONING_START; lost: its title (VER-30)");
//! # Ok::<(), agui::codec::DecodeError>(())
//! ```
//!
//! *Downward*, a [`Downgrader`] gives front ends that declare no version what they can take, as runs over HTTP
//! do by default ([`Downgrade`]), and an [`Era`] what a server that is known to be old can take. How a declared
//! version relates to ours is a [`Declaration`].

mod downgrade;
mod era;
mod input;
mod older;
mod upgrade;
mod version;

pub use downgrade::{Downgrade, Downgraded, Downgrader};
pub use era::{Era, EraError};
pub use input::upgrade_input;
pub use upgrade::Upgrader;
pub use version::Declaration;

use agui_types::RunAgentInput;
use agui_types::runtime::{
    Decode, DecodeError, Lenient, UnrecognisedKind, decode, decode_lenient, decode_lenient_value,
};
use serde_json::Value;
use std::fmt;

/// Something that was put into another shape for the sake of an older peer, or of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Conversion {
    /// JSON Pointer into the event or the run input as it came; empty for the whole.
    pub pointer: String,
    /// What was done.
    pub what: &'static str,
    /// What the new shape has no place for. Developers have to be warned of such (VER-19, VER-20).
    pub lost: Option<String>,
    /// The rule that has it so.
    pub rule: &'static str,
}

impl Conversion {
    /// How many are told of one document; a hostile one must not grow memory with its conversions.
    pub const MOST: usize = 256;

    fn new(pointer: impl Into<String>, what: &'static str, rule: &'static str) -> Self {
        Self { pointer: pointer.into(), what, lost: None, rule }
    }

    fn losing(mut self, lost: impl Into<String>) -> Self {
        self.lost = Some(lost.into());
        self
    }

    /// Whether something was lost by it.
    #[must_use]
    pub fn is_lossy(&self) -> bool {
        self.lost.is_some()
    }
}

impl fmt::Display for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(self.what)?;
        if let Some(lost) = &self.lost {
            write!(f, "; lost: {lost}")?;
        }
        write!(f, " ({})", self.rule)
    }
}

/// What was done to one document, up to a limit.
#[derive(Debug, Default)]
struct Done(Vec<Conversion>);

impl Done {
    fn push(&mut self, conversion: Conversion) {
        if self.0.len() < Conversion::MOST {
            self.0.push(conversion);
        }
    }
}

/// What was decoded, and what had to be translated for that.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Upgraded<T> {
    /// The value and what was removed from it; paths are those of the document as it came.
    pub decoded: Lenient<T>,
    /// What was translated; empty for traffic of today. At most [`Conversion::MOST`] are listed.
    pub conversions: Vec<Conversion>,
}

/// Decodes a run input as a server has to that older clients talk to: legacy nulls and `binary` parts are
/// translated (VER-32, VER-35), unknown material is removed and reported (PROC-18).
///
/// # Errors
///
/// When the bytes are not JSON, or something that the protocol knows is malformed, any other `null` for an
/// optional member included (VER-34). In what has to be translated a member that is there twice is an error even inside
/// of unknown material.
pub fn decode_input(json: &[u8]) -> Result<Upgraded<RunAgentInput>, DecodeError> {
    decode_upgraded(json, upgrade_input)
}

/// Whether what was decoded may have had a retired shape or a legacy null in it, so that it is worth having
/// the document as a [`Value`] and upgrading that.
#[must_use]
pub fn is_suspect<T>(decoded: &Result<Lenient<T>, DecodeError>) -> bool {
    match decoded {
        Ok(Lenient { unrecognised, omitted, .. }) => {
            *omitted > 0
                || unrecognised.iter().any(|found| match &found.kind {
                    UnrecognisedKind::Variant(tag) => tag == input::BINARY || upgrade::is_retired(tag),
                    _ => false,
                })
        }
        // Decoding stops at the first problem: if that is no legacy null, the rest makes no difference.
        Err(error) => {
            let member = error.pointer().rsplit_once('/').map(|(_, member)| member);
            !error.is_syntax() && member.is_some_and(|member| LEGACY_NULLS.contains(&member))
        }
    }
}

/// The members in whose place older peers send `null` where there is nothing (VER-33, VER-35).
const LEGACY_NULLS: [&str; 9] = [
    "forwardedProps",
    "metadata",
    "outcome",
    "parameters",
    "parentMessageId",
    "payload",
    "rawEvent",
    "result",
    "state",
];

fn decode_upgraded<T: for<'de> Decode<'de>>(
    json: &[u8],
    upgrade: impl FnOnce(&mut Value) -> Vec<Conversion>,
) -> Result<Upgraded<T>, DecodeError> {
    upgraded(decode_lenient(json), json, upgrade)
}

/// As [`decode_upgraded`], of what was decoded already.
fn upgraded<T: for<'de> Decode<'de>>(
    decoded: Result<Lenient<T>, DecodeError>,
    json: &[u8],
    upgrade: impl FnOnce(&mut Value) -> Vec<Conversion>,
) -> Result<Upgraded<T>, DecodeError> {
    if is_suspect(&decoded)
        && let Ok(mut document) = serde_json::from_slice(json)
    {
        let conversions = upgrade(&mut document);
        if !conversions.is_empty() {
            return Ok(Upgraded { decoded: decode_translated(json, &document)?, conversions });
        }
    }
    Ok(Upgraded { decoded: decoded?, conversions: Vec::new() })
}

/// Decodes what a document was translated to. A member that is there twice is refused wherever it is: of the document only
/// the last of them is left.
pub(crate) fn decode_translated<T: for<'de> Decode<'de>>(
    json: &[u8],
    document: &Value,
) -> Result<Lenient<T>, DecodeError> {
    decode::<Value>(json)?;
    decode_lenient_value(document)
}
