//! The derives and attributes, documented where people look for them.

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

/// Makes a function a tool, which models call.
///
/// With a body it is a **backend tool**: the agent runs it. A signature without a body is a **frontend tool**: the
/// model is told of it, and the application runs it between one run and the next.
///
/// ```
/// use agui::{Result, ToolContext, agui_tool, tools};
///
/// /// Finds flights.
/// #[agui_tool(timeout = "20s")]
/// async fn find_flights(
///     /// Where from, as an airport's code.
///     from: String,
///     /// Where to.
///     to: String,
///     /// How many may be found; five unless said otherwise.
///     #[serde(default = "five")]
///     #[schemars(range(max = 50))]
///     limit: u8,
///     context: &ToolContext,
/// ) -> Result<Vec<String>> {
///     Ok(vec![format!("{from}-{to}, up to {limit}, for {}", context.thread_id())])
/// }
///
/// fn five() -> u8 {
///     5
/// }
///
/// /// Shows a seat map and asks for a seat.
/// #[agui_tool]
/// fn choose_seat(flight: String) -> Option<String>;
///
/// let tools = tools![FindFlights, ChooseSeat]?;
/// assert_eq!(tools.definitions()[0].description, "Finds flights.");
/// # Ok::<(), agui::Error>(())
/// ```
///
/// # What it makes
///
/// The function stays as it is. Beside it stands a type, named after it in another case: `FindFlights` of
/// `find_flights`. Its fields are the arguments, so that a test can make a call and compare one; it is
/// [`ToolSpec`](crate::ToolSpec), which has the name, the description and the definition, and goes into
/// [`tools!`](crate::tools).
///
/// - The **name** is the function's, the **description** its doc comment, which it cannot do without.
/// - Each **argument** becomes a property of the parameters' JSON Schema. Its doc comment is the description;
///   `#[serde(…)]` and `#[schemars(…)]` on it mean what they mean on a field. An `Option` may be left out. Types have
///   to be `Deserialize` and `JsonSchema`, and to own what they are.
/// - A parameter of type [`ToolContext`](crate::ToolContext) or [`RunContext`](crate::RunContext), by value or by `&`,
///   is no argument: it is what the tool knows of its call.
/// - What may be **returned** is told at [`ToolOutput`](crate::ToolOutput), how a tool **fails** at
///   [`ToolError`](crate::ToolError). A function may be `async`, or give an `impl Future`.
///
/// # Attributes
///
/// | | |
/// |---|---|
/// | `name = "…"` | another name: 1 to 64 ASCII letters, digits, `_` and `-` |
/// | `description = "…"` | in place of the doc comment |
/// | `arguments = Type` | another name for the type that is made |
/// | `requires_approval` | a person has to agree before a call runs: the run ends with an interrupt, which a later run answers; see [`Approvals`](crate::model::Approvals) |
/// | `strict` | the model is held to the closed form of the schema; what has none is refused by `tools!` |
/// | `timeout = "30s"` | a call that takes longer fails (`ms`, `s`, `m`, `h`): of an `async` or `blocking` function, on time under tokio (feature `server`) |
/// | `blocking` | a function that is not `async` runs on a thread of its own (feature `server`) |
/// | `silent` | of a signature: an agent that announces calls left to the application says nothing of this one |
/// | `output_schema` | the schema of what is returned stands in the tool's metadata, as [`OUTPUT_SCHEMA`](crate::tool::OUTPUT_SCHEMA) |
/// | `metadata(key = value, …)` | side data of the tool for those who show or route its calls |
/// | `crate = path` | where agui is, if not at `::agui` |
pub use agui_macros::agui_tool;

/// Makes methods tools that share their object: a connection pool, a client.
///
/// Those marked `#[agui_tool]`, with all of its attributes, become tools; the others stay what they are. They take
/// `&self`, or nothing. The `impl` may be generic, the arguments may not.
///
/// ```
/// use agui::{Result, Tools, agui_tools};
///
/// struct Weather {
///     unit: &'static str,
/// }
///
/// #[agui_tools]
/// impl Weather {
///     /// The current weather at a place.
///     #[agui_tool]
///     async fn get_weather(&self, city: String) -> Result<String> {
///         Ok(self.sunny(&city))
///     }
///
///     fn sunny(&self, city: &str) -> String {
///         format!("21 {}, sunny in {city}", self.unit)
///     }
/// }
///
/// let tools = Tools::methods(Weather { unit: "°C" })?;
/// assert!(tools.get("get_weather").is_some());
/// # Ok::<(), agui::Error>(())
/// ```
pub use agui_macros::agui_tools;
