//! Events of the application's own.

use agui_types::{CustomEvent, Event};
use serde::Serialize;

/// The payload of a `CUSTOM` event: a name that receivers know it by, and its serde form as value.
///
/// `#[derive(CustomEvent)]` implements it:
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use agui::{CustomEvent, CustomPayload};
///
/// #[derive(serde::Serialize, CustomEvent)]
/// #[custom_event(name = "shop.order_placed")]
/// struct OrderPlaced {
///     order: u64,
/// }
///
/// let event = OrderPlaced { order: 7 }.to_event().unwrap();
/// assert_eq!(
///     serde_json::to_string(&event).unwrap(),
///     r#"{"type":"CUSTOM","name":"shop.order_placed","value":{"order":7}}"#,
/// );
/// # }
/// ```
pub trait CustomPayload: Serialize {
    /// The event's name. Names without a prefix belong to the protocol (PASS-4).
    const NAME: &'static str;

    /// The event that carries this payload.
    ///
    /// # Errors
    ///
    /// When the payload has no JSON form, such as a map whose keys are not strings.
    fn to_event(&self) -> Result<Event, serde_json::Error> {
        Ok(CustomEvent::new(Self::NAME, serde_json::to_value(self)?).into())
    }
}
