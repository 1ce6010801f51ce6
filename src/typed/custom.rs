//! Events of the application's own.

use super::error::PayloadError;
use super::read;
use agui_types::{CustomEvent, Event};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;

/// What is sent as `CUSTOM` events: implemented by `#[derive(CustomEvent)]`, for whatever is `Serialize`.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use agui::{CustomEvent, CustomPayload, ReadCustom};
///
/// #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize, CustomEvent)]
/// #[custom_event(name = "shop.order_placed")]
/// struct OrderPlaced {
///     order: u64,
/// }
///
/// let event = OrderPlaced { order: 7 }.to_event()?;
/// assert_eq!(
///     serde_json::to_string(&event)?,
///     r#"{"type":"CUSTOM","name":"shop.order_placed","value":{"order":7}}"#,
/// );
/// assert_eq!(event.custom::<OrderPlaced>().transpose()?, Some(OrderPlaced { order: 7 }));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a custom event",
    note = "derive `agui::CustomEvent` for it, and `serde::Serialize` for it or for what its variants contain"
)]
pub trait CustomPayload {
    /// The events that there are: one for a struct, one a variant for an enum.
    const KINDS: &'static [CustomKind];

    /// The name of this event. Names without a prefix belong to the protocol (PASS-4).
    fn name(&self) -> &'static str;

    /// What the event carries.
    ///
    /// # Errors
    ///
    /// When the payload has no JSON form, such as a map whose keys are not strings.
    fn to_value(&self) -> Result<Value, serde_json::Error>;

    /// The event that carries this payload.
    ///
    /// # Errors
    ///
    /// As [`to_value`](Self::to_value).
    fn to_event(&self) -> Result<Event, serde_json::Error> {
        Ok(CustomEvent::new(self.name(), self.to_value()?).into())
    }

    /// As [`to_event`](Self::to_event). `From` does the same where there can be no error: it panics.
    ///
    /// # Errors
    ///
    /// As [`to_value`](Self::to_value).
    fn into_event(self) -> Result<Event, serde_json::Error>
    where
        Self: Sized,
    {
        self.to_event()
    }
}

/// A struct that is one custom event, without the need to have a value of it; implemented by
/// `#[derive(CustomEvent)]`. With `Serialize` it is a [`CustomPayload`], with `Deserialize` it can be read
/// back ([`ReadCustom`]).
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use agui::{CustomEvent, CustomSpec};
///
/// /// An order was placed.
/// #[derive(serde::Serialize, schemars::JsonSchema, CustomEvent)]
/// #[custom_event(prefix = "shop.", rename_all = "snake_case")]
/// struct OrderPlaced {
///     order: u64,
/// }
///
/// assert_eq!((OrderPlaced::NAME, OrderPlaced::DESCRIPTION), ("shop.order_placed", "An order was placed."));
/// assert_eq!(OrderPlaced::schema().unwrap()["properties"]["order"]["type"], "integer");
/// # }
/// ```
pub trait CustomSpec {
    /// The event's name.
    const NAME: &'static str;

    /// What the event tells; empty if nobody said.
    const DESCRIPTION: &'static str = "";

    /// The JSON Schema of the event's value, where the type describes itself (`schemars::JsonSchema`).
    #[must_use]
    fn schema() -> Option<Value> {
        None
    }
}

impl<T: CustomSpec + Serialize> CustomPayload for T {
    const KINDS: &'static [CustomKind] = &[CustomKind::new(T::NAME, T::DESCRIPTION, T::schema)];

    fn name(&self) -> &'static str {
        T::NAME
    }

    fn to_value(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(self)
    }
}

/// One of the application's events, as data: for documentation, and for receivers that want to know.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct CustomKind {
    /// The event's name.
    pub name: &'static str,
    /// What the event tells; empty if nobody said.
    pub description: &'static str,
    schema: fn() -> Option<Value>,
}

impl CustomKind {
    /// A kind of event; `schema` makes the JSON Schema of the value, if there is one.
    #[must_use]
    pub const fn new(name: &'static str, description: &'static str, schema: fn() -> Option<Value>) -> Self {
        Self { name, description, schema }
    }

    /// The JSON Schema of the event's value, where its type describes itself.
    #[must_use]
    pub fn schema(&self) -> Option<Value> {
        (self.schema)()
    }
}

impl fmt::Debug for CustomKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, description, schema: _ } = self;
        f.debug_struct("CustomKind")
            .field("name", name)
            .field("description", description)
            .finish_non_exhaustive()
    }
}

/// What can be read from `CUSTOM` events, which is what [`ReadCustom::custom`] asks for.
///
/// Implemented for structs with `#[derive(CustomEvent)]` that are `Deserialize`, and for enums with the derive
/// where what the variants contain is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a custom event",
    note = "derive `agui::CustomEvent` for it, and `serde::Deserialize` for it or for what its variants contain"
)]
pub trait FromCustom: Sized {
    /// The payload of an event; `None` if it is another event.
    ///
    /// # Errors
    ///
    /// When it is this event and its value does not fit.
    fn from_custom(event: &CustomEvent) -> Option<Result<Self, PayloadError>>;
}

impl<T: CustomSpec + DeserializeOwned> FromCustom for T {
    fn from_custom(event: &CustomEvent) -> Option<Result<Self, PayloadError>> {
        (event.name == T::NAME).then(|| read::read(&event.value).map_err(|error| malformed(event, 0, error)))
    }
}

/// From events to the application's types.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use agui::{CustomEvent, Event, ReadCustom};
///
/// #[derive(CustomEvent)]
/// #[custom_event(prefix = "shop.", rename_all = "snake_case")]
/// enum ShopEvent {
///     OrderPlaced { order: u64 },
///     Closed,
/// }
///
/// fn show(event: &Event) -> String {
///     match event.custom::<ShopEvent>() {
///         Some(Ok(ShopEvent::OrderPlaced { order })) => format!("order {order}"),
///         Some(Ok(ShopEvent::Closed)) => "closed".into(),
///         Some(Err(error)) => error.to_string(),
///         None => "another event".into(),
///     }
/// }
///
/// assert_eq!(show(&ShopEvent::OrderPlaced { order: 7 }.into()), "order 7");
/// assert_eq!(show(&CustomEvent::new("shop.opened", 7).into()), "another event");
/// assert_eq!(
///     show(&CustomEvent::new("shop.order_placed", serde_json::json!({ "order": -1 })).into()),
///     "the custom event `shop.order_placed` is malformed at `/value/order`: \
///      invalid value: integer `-1`, expected u64",
/// );
/// # }
/// ```
pub trait ReadCustom {
    /// The payload as a type of the application's; `None` if this is another event.
    ///
    /// # Errors
    ///
    /// When it is this event, and its value does not fit: the error names event and place.
    fn custom<T: FromCustom>(&self) -> Option<Result<T, PayloadError>>;
}

impl ReadCustom for CustomEvent {
    fn custom<T: FromCustom>(&self) -> Option<Result<T, PayloadError>> {
        T::from_custom(self)
    }
}

impl ReadCustom for Event {
    fn custom<T: FromCustom>(&self) -> Option<Result<T, PayloadError>> {
        match self {
            Self::Custom(event) => event.custom(),
            _ => None,
        }
    }
}

pub(super) fn malformed(
    event: &CustomEvent,
    skip: usize,
    error: serde_path_to_error::Error<serde_json::Error>,
) -> PayloadError {
    PayloadError::new("custom event", &event.name, "value", skip, error)
}
