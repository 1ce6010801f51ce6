//! What a provider wants back, on its way through the client.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use rig_core::message::{CallId, Native, Opaque, Origin};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;
use std::sync::Arc;

/// Signs items of providers, and takes only those back that it has signed: a provider would take what a client
/// made up for its own.
#[derive(Clone)]
pub(super) struct Seal {
    key: Arc<[u8]>,
}

/// A provider's item, and the answer that it is part of.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sealed {
    pub(super) origin: Origin,
    pub(super) item: Item,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Item {
    /// Beside text.
    Text(Native),
    /// Beside reasoning; redacted if there is nothing to read.
    Reasoning { native: Option<Native>, redacted: bool },
    /// Beside a call, with the id that the provider gave it.
    Call { native: Native, id: CallId },
    /// By itself.
    Opaque(Opaque),
}

impl Seal {
    pub(super) fn new() -> Self {
        let (first, second) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        Self::with_key(&[first.into_bytes(), second.into_bytes()].concat())
    }

    pub(super) fn with_key(key: &[u8]) -> Self {
        Self { key: key.into() }
    }

    /// The item as a client keeps it; empty if it has no JSON form, which cannot be.
    pub(super) fn close(&self, sealed: &Sealed) -> String {
        let json = serde_json::to_string(sealed).unwrap_or_default();
        let signature = self.mac(&json).map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
        signature.map(|signature| format!("{signature}.{json}")).unwrap_or_default()
    }

    /// The item, if it is one of ours.
    pub(super) fn open(&self, value: &str) -> Option<Sealed> {
        let (signature, json) = value.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac(json)?.verify_slice(&signature).ok()?;
        serde_json::from_str(json).ok()
    }

    /// `None` would be a key of a length that cannot be; HMAC takes any.
    fn mac(&self, json: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        // The same key may sign other things.
        mac.update(b"an item of a provider\0");
        mac.update(json.as_bytes());
        Some(mac)
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_comes_back() {
        let (ours, theirs) = (Seal::new(), Seal::new());
        let opaque = Opaque { item: serde_json::json!({ "type": "step" }), replay: true };
        let sealed = Sealed { origin: Origin::new("a.chat", "a", "a-1"), item: Item::Opaque(opaque) };
        let value = ours.close(&sealed);
        assert_eq!(ours.open(&value), Some(sealed));
        assert_eq!(theirs.open(&value), None);
        assert_eq!(ours.open(&value.replace("step", "leap")), None);
        for nonsense in ["", ".", "a.b", "{}"] {
            assert_eq!(ours.open(nonsense), None);
        }
    }
}
