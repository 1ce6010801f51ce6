//! The wire types of AG-UI, generated from the protocol's JSON Schema.
//!
//! ```
//! use agui_types::{Event, EventType, TextMessageContentEvent};
//!
//! let event: Event = TextMessageContentEvent::new("m1", "Hello").into();
//! let json = serde_json::to_string(&event)?;
//! assert_eq!(json, r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m1","delta":"Hello"}"#);
//!
//! let back: Event = serde_json::from_str(&json)?;
//! assert_eq!(back.event_type(), EventType::TextMessageContent);
//! assert_eq!(back, event);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # How the protocol looks in Rust
//!
//! - Every definition of the schema is a type of the same name. [`Event`], [`Message`], [`ContentPart`],
//!   [`PartSource`] and the other unions are enums over structs; [`Content`] is text or parts.
//! - A struct has `new` for what is required, chainable setters for the rest, and public fields.
//!   An absent member is `None` and is left out on the wire, never written as `null`.
//! - Types that may grow in a later version of the protocol are `#[non_exhaustive]`: build structs with
//!   `new`, and give matches on unions a catch-all arm.
//! - Decoding checks types, bounds, patterns and constants; an error names the place by a JSON Pointer.
//!   Encoding checks the same rules, so nothing malformed is sent.
//!
//! Plain serde works throughout and skips unknown members. Receivers of protocol traffic want
//! [`runtime::decode_lenient`], which reports what it did not recognise:
//!
//! ```
//! use agui_types::{Event, runtime::decode_lenient};
//!
//! let sent = br#"{"type":"RUN_ERROR","message":"no","severity":9}"#;
//! let event = decode_lenient::<Event>(sent)?;
//! assert_eq!(event.unrecognised[0].to_string(), "/severity: unknown member");
//!
//! let error = decode_lenient::<Event>(br#"{"type":"RUN_ERROR","message":9}"#).unwrap_err();
//! assert_eq!(error.pointer(), "/message");
//! # Ok::<(), agui_types::runtime::DecodeError>(())
//! ```
//!
//! # Features
//!
//! | feature | default | effect |
//! |---|---|---|
//! | `generate` | yes | generate the types from the schema when the crate is built |
//! | `schemars` | no | the types implement `schemars::JsonSchema` |
//!
//! Without `generate` the committed result of the same generation is compiled and the build
//! dependencies (typify and others) disappear; the types are the same to the byte.

pub mod runtime;

mod generated {
    #[cfg(feature = "generate")]
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
    #[cfg(not(feature = "generate"))]
    include!("generated.rs");
}

pub use generated::*;
