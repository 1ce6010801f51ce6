//! The derives, documented where people look for them.

/// Makes a type a custom event: what the application sends as `CUSTOM` events beside those of the protocol.
///
/// # A struct is one event
///
/// Its name is the type's, its value the type's serde form. With `Serialize` it can be sent, with
/// `Deserialize` it can be read back; neither is needed for the other.
///
/// ```
/// use agui::{CustomEvent, CustomSpec, Event, ReadCustom, Result, RunContext};
/// use serde::{Deserialize, Serialize};
///
/// /// An order was placed.
/// #[derive(Serialize, Deserialize, CustomEvent)]
/// #[custom_event(name = "shop.order_placed")]
/// struct OrderPlaced {
///     order: u64,
/// }
///
/// async fn agent(run: RunContext) -> Result {
///     run.custom(&OrderPlaced { order: 7 }).await
/// }
///
/// // A receiver tells another event from this one, and this one from one that does not fit.
/// fn received(event: &Event) {
///     match event.custom::<OrderPlaced>() {
///         None => println!("something else"),
///         Some(Ok(placed)) => println!("order {}", placed.order),
///         Some(Err(error)) => eprintln!("{error}"),
///     }
/// }
///
/// received(&OrderPlaced { order: 7 }.into());
/// assert_eq!((OrderPlaced::NAME, OrderPlaced::DESCRIPTION), ("shop.order_placed", "An order was placed."));
/// ```
///
/// # An enum is a family of events
///
/// Each variant is an event of its own, so that a receiver matches all of an application's events at once and
/// the compiler notices what is missing. The value of an event is what its variant contains: the value of a
/// newtype, an object of named fields, an array of several unnamed ones, `null` of nothing.
///
/// ```
/// use agui::{CustomEvent, CustomPayload, Event, ReadCustom};
/// # #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)] struct Order { number: u64 }
///
/// #[derive(Debug, PartialEq, CustomEvent)]
/// #[custom_event(prefix = "shop.", rename_all = "snake_case")]
/// enum ShopEvent {
///     /// An order was placed.
///     OrderPlaced(Order),
///     /// An order will not be delivered.
///     OrderCancelled {
///         number: u64,
///         #[serde(skip_serializing_if = "Option::is_none")]
///         reason: Option<String>,
///     },
///     #[custom_event(name = "closing_time")]
///     Closed,
/// }
///
/// let event: Event = ShopEvent::OrderCancelled { number: 7, reason: None }.into();
/// assert_eq!(
///     serde_json::to_string(&event)?,
///     r#"{"type":"CUSTOM","name":"shop.order_cancelled","value":{"number":7}}"#,
/// );
/// let cancelled = event.custom::<ShopEvent>().transpose()?;
/// assert_eq!(cancelled, Some(ShopEvent::OrderCancelled { number: 7, reason: None }));
///
/// let names: Vec<_> = ShopEvent::KINDS.iter().map(|kind| kind.name).collect();
/// assert_eq!(names, ["shop.order_placed", "shop.order_cancelled", "shop.closing_time"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The enum itself needs no serde derives, only what its variants contain. If it has them, what they say about
/// its form or the names of its variants is no matter here. Attributes of serde on fields are heeded, and
/// `rename_all`, `rename_all_fields`, `deny_unknown_fields` and `with` and its like on variants.
///
/// # Attributes
///
/// | `#[custom_event(…)]` | on | effect |
/// |---|---|---|
/// | `name = "…"` | structs, variants | the name, instead of that of the type or variant |
/// | `rename_all = "…"` | structs, enums | how names are written that are not given: `"snake_case"` and what else serde knows |
/// | `prefix = "…"` | structs, enums | stands before every name, given ones as well. Names without a prefix belong to the protocol (PASS-4) |
/// | `crate = path` | structs, enums | where agui is, if not at `::agui` |
///
/// # What is implemented
///
/// - [`CustomSpec`](crate::CustomSpec) for structs: name, description (the doc comment) and, where the type
///   implements `JsonSchema`, the schema. A generic type implements it only if its own bounds say so.
/// - [`CustomPayload`](crate::CustomPayload), to make events of values; for enums with the
///   [kinds](crate::CustomPayload::KINDS) of events as data.
/// - [`FromCustom`](crate::FromCustom), which is what [`event.custom()`](crate::ReadCustom::custom) needs. Enums
///   with lifetimes do without.
/// - `From<…> for Event`, which makes a value something that tools can return. It **panics** when the payload
///   has no JSON form, such as a map whose keys are not strings;
///   [`to_event`](crate::CustomPayload::to_event) and [`RunContext::custom`](crate::RunContext::custom) return
///   that as an error.
///
/// # Mistakes
///
/// They are compile errors, all of them at once. Two events of one name:
///
/// ```compile_fail
/// #[derive(agui::CustomEvent)]
/// enum ShopEvent {
///     Opened,
///     #[custom_event(name = "Opened")]
///     Closed,
/// }
/// ```
#[doc(inline)]
pub use agui_macros::CustomEvent;

/// Makes a type the content of an activity, which is shown beside the conversation and kept up to date.
///
/// ```
/// use agui::{Activity, Result, RunContext};
///
/// /// What the agent is going to do.
/// #[derive(serde::Serialize, serde::Deserialize, Activity)]
/// #[activity(name = "PLAN")]
/// struct Plan {
///     steps: Vec<Step>,
/// }
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Step {
///     what: String,
///     done: bool,
/// }
///
/// async fn agent(run: RunContext) -> Result {
///     let mut plan = Plan { steps: vec![Step { what: "Boil water".into(), done: false }] };
///     let mut shown = run.activity("plan-1", &plan).await?;
///     for index in 0..plan.steps.len() {
///         plan.steps[index].done = true;
///         // Sends `[{"op":"replace","path":"/steps/0/done","value":true}]`.
///         shown.update(&plan).await?;
///     }
///     Ok(())
/// }
/// ```
///
/// See [the trait](trait@crate::Activity) for making the events by hand, and
/// [`ReadActivity`](crate::ReadActivity) for reading them.
///
/// The content has to be a JSON object. Structs with named fields are, and enums with `#[serde(tag = "…")]`;
/// others are rejected:
///
/// ```compile_fail
/// #[derive(serde::Serialize, agui::Activity)]
/// struct Plan(Vec<String>);
/// ```
///
/// | `#[activity(…)]` | effect |
/// |---|---|
/// | `name = "…"` | the `activityType`, instead of the type's name |
/// | `rename_all = "…"` | how the type's name is written: `"snake_case"` and what else serde knows |
/// | `prefix = "…"` | stands before the name |
/// | `crate = path` | where agui is, if not at `::agui` |
#[doc(inline)]
pub use agui_macros::Activity;

/// Makes a type the state that an agent shares with its clients: gives it a name, a description (the doc
/// comment) and, where it implements `JsonSchema`, a schema.
///
/// ```
/// use agui::{AgentState, Result, RunContext};
///
/// /// What is on the shopping list.
/// #[derive(Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema, AgentState)]
/// #[serde(default)]
/// struct ShoppingList {
///     items: Vec<String>,
/// }
///
/// async fn agent(run: RunContext) -> Result {
///     let mut list: ShoppingList = run.state()?;
///     list.items.push("tea".into());
///     // Tells the client what changed, and nothing else.
///     run.update_state(&list).await
/// }
///
/// assert!(ShoppingList::schema().is_some());
/// ```
///
/// Nothing has to be derived for [`RunContext::state`](crate::RunContext::state) and
/// [`RunContext::update_state`](crate::RunContext::update_state); the derive is for those who describe the
/// state, and for [deltas](trait@crate::AgentState) without a run.
///
/// | `#[agent_state(…)]` | effect |
/// |---|---|
/// | `name = "…"` | what the state is called, instead of the type's name |
/// | `crate = path` | where agui is, if not at `::agui` |
#[doc(inline)]
pub use agui_macros::AgentState;
