//! Enforcement: from the JSON of an event to the event, without what the protocol does not describe.

use super::rejection::{Rejection, RejectionKind};
use super::warning::{Warning, WarningKind};
use agui_types::Event;
use agui_types::runtime::{DecodeError, Lenient, UnrecognisedKind, decode_lenient};
use serde::Deserialize;

/// What enforcement makes of an event.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Enforced {
    /// The event; `None` if nothing of it can be recognised, such as of an event of an unknown type (PROC-1).
    pub event: Option<Event>,
    /// What was removed (PROC-2, PROC-3).
    pub warnings: Vec<Warning>,
}

impl Enforced {
    /// With warnings of what came before.
    pub(super) fn behind(mut self, mut warnings: Vec<Warning>) -> Self {
        warnings.append(&mut self.warnings);
        Self { warnings, ..self }
    }
}

/// Decodes an event; what is unknown is removed, what is malformed rejected (PROC-1 to PROC-8).
///
/// ```
/// use agui::client::enforce;
///
/// let enforced = enforce(br#"{"type":"RUN_ERROR","message":"no","severity":9}"#)?;
/// assert_eq!(enforced.warnings[0].to_string(), "RUN_ERROR /severity: unknown member, removed (PROC-2)");
///
/// let rejection = enforce(br#"{"type":"RUN_ERROR","message":9}"#).unwrap_err();
/// assert_eq!((rejection.rule(), rejection.pointer()), ("PROC-4", "/message"));
/// # Ok::<(), agui::client::Rejection>(())
/// ```
///
/// # Errors
///
/// When the text is no JSON or something that the protocol knows is malformed.
pub fn enforce(json: &[u8]) -> Result<Enforced, Rejection> {
    judge(decode_lenient(json), &|| type_of(json))
}

/// What becomes of an event that was decoded. `event_type` is asked for only if there is something to say.
pub(super) fn judge(
    decoded: Result<Lenient<Event>, DecodeError>,
    event_type: &dyn Fn() -> Option<String>,
) -> Result<Enforced, Rejection> {
    match decoded {
        Ok(Lenient { value, unrecognised, omitted: 0, .. }) if unrecognised.is_empty() => {
            Ok(Enforced { event: value, warnings: Vec::new() })
        }
        Ok(decoded) => removed(decoded, event_type().as_deref()),
        Err(error) => Err(malformed(&error, event_type().as_deref())),
    }
}

#[cold]
fn malformed(error: &DecodeError, event: Option<&str>) -> Rejection {
    if error.is_syntax() {
        let text = format!("no JSON: {error}");
        return Rejection::new(RejectionKind::Frame, "PROC-10", text).of(0, event);
    }
    Rejection::new(RejectionKind::Malformed, "PROC-4", error.message()).of(0, event).at(error.pointer())
}

#[cold]
fn removed(decoded: Lenient<Event>, event: Option<&str>) -> Result<Enforced, Rejection> {
    let mut warnings = Vec::new();
    for found in decoded.unrecognised {
        let warning = match found.kind {
            UnrecognisedKind::Variant(name) if found.pointer.is_empty() => {
                let text = format!("an event of the unknown type `{name}`, dropped");
                Warning::new(WarningKind::UnknownEvent, "PROC-1", text)
            }
            // The streams of the official corpus have it so: who speaks is not to be guessed.
            UnrecognisedKind::Value(role) if found.pointer == "/role" => {
                let text = format!("unknown role `{role}`");
                let rejection = Rejection::new(RejectionKind::Malformed, "PROC-4", text);
                return Err(rejection.of(0, event).at(&found.pointer));
            }
            UnrecognisedKind::Member => {
                Warning::new(WarningKind::Removed, "PROC-2", "unknown member, removed").at(found.pointer)
            }
            UnrecognisedKind::Variant(name) => {
                let text = format!("unknown variant `{name}`, removed");
                Warning::new(WarningKind::Removed, "PROC-3", text).at(found.pointer)
            }
            UnrecognisedKind::Value(value) => {
                let text = format!("unknown value `{value}`, removed");
                Warning::new(WarningKind::Removed, "PROC-3", text).at(found.pointer)
            }
            _ => Warning::new(WarningKind::Removed, "PROC-3", "unknown, removed").at(found.pointer),
        };
        warnings.push(warning.of(event));
    }
    if decoded.omitted > 0 {
        let text = format!("{} more unknown things, removed", decoded.omitted);
        warnings.push(Warning::new(WarningKind::Removed, "PROC-2", text).of(event));
    }
    Ok(Enforced { event: decoded.value, warnings })
}

/// The `type` of an event that may be broken otherwise.
pub(super) fn type_of(json: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Typed {
        r#type: String,
    }
    serde_json::from_slice::<Typed>(json).ok().map(|typed| typed.r#type)
}
