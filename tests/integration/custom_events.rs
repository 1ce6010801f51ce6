//! `#[derive(CustomEvent)]`, `#[derive(Activity)]` and `#[derive(AgentState)]`: there and back.

use crate::support::agents::input;
use crate::support::frames::{all, timeless, types};
use agui::{
    Activity, ActivityMessage, AgentState, CustomEvent, CustomPayload, CustomSpec, Event, Message,
    ReadActivity, ReadCustom, Result, RunContext, RunStartedEvent, ToolSpec, agui_tool,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// An order was placed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, CustomEvent)]
#[custom_event(prefix = "shop.", rename_all = "snake_case")]
#[serde(rename_all = "camelCase")]
struct OrderPlaced {
    order_id: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Item {
    name: String,
    price: u32,
}

/// Everything that happens in the shop. It has no serde form as a whole.
#[derive(Debug, Clone, PartialEq, CustomEvent)]
#[custom_event(prefix = "shop.", rename_all = "snake_case")]
enum ShopEvent {
    OrderPlaced(OrderPlaced),
    /// An order will not be delivered.
    #[serde(rename_all = "camelCase")]
    OrderCancelled {
        order_id: u64,
        /// Why not.
        #[serde(rename = "because", skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(default)]
        refunded: bool,
    },
    #[custom_event(name = "closing-time")]
    Closed,
    Moved(f64, f64),
    Notes {},
    Instead(Option<Box<Self>>),
}

// What serde makes of the enum where it is part of something else is another matter.
impl Serialize for ShopEvent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for ShopEvent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(deserializer).map(|_| Self::Closed)
    }
}

fn placed() -> OrderPlaced {
    OrderPlaced { order_id: 7, items: vec![Item { name: "tea".into(), price: 4 }] }
}

#[track_caller]
fn custom(event: Event) -> (String, Value) {
    let Event::Custom(event) = event else { panic!("{event:?}") };
    (event.name, event.value)
}

#[test]
fn a_struct_is_one_event() {
    assert_eq!(OrderPlaced::NAME, "shop.order_placed");
    assert_eq!(OrderPlaced::DESCRIPTION, "An order was placed.");
    assert_eq!(OrderPlaced::schema().unwrap()["properties"]["orderId"]["type"], "integer");

    let expected =
        ("shop.order_placed".to_owned(), json!({ "orderId": 7, "items": [{ "name": "tea", "price": 4 }] }));
    assert_eq!(custom(placed().to_event().unwrap()), expected);
    assert_eq!(custom(placed().into_event().unwrap()), expected);
    assert_eq!(custom(placed().into()), expected);
    assert_eq!(Event::from(placed()).custom::<OrderPlaced>().unwrap().unwrap(), placed());
}

#[test]
fn a_variant_is_an_event_of_its_own_whatever_serde_makes_of_the_enum() {
    for (event, name, value) in [
        (
            ShopEvent::OrderPlaced(placed()),
            "shop.order_placed",
            json!({ "orderId": 7, "items": [{ "name": "tea", "price": 4 }] }),
        ),
        (
            ShopEvent::OrderCancelled { order_id: 7, reason: None, refunded: true },
            "shop.order_cancelled",
            json!({ "orderId": 7, "refunded": true }),
        ),
        (
            ShopEvent::OrderCancelled { order_id: 8, reason: Some("rain".into()), refunded: false },
            "shop.order_cancelled",
            json!({ "orderId": 8, "because": "rain", "refunded": false }),
        ),
        (ShopEvent::Closed, "shop.closing-time", json!(null)),
        (ShopEvent::Moved(1.5, -2.0), "shop.moved", json!([1.5, -2.0])),
        (ShopEvent::Notes {}, "shop.notes", json!({})),
        (ShopEvent::Instead(None), "shop.instead", json!(null)),
        (ShopEvent::Instead(Some(Box::new(ShopEvent::Closed))), "shop.instead", json!("shop.closing-time")),
    ] {
        assert_eq!(event.name(), name);
        assert_eq!(custom(event.to_event().unwrap()), (name.to_owned(), value.clone()));
        let sent = Event::from(event.clone());
        let received: Event = serde_json::from_str(&serde_json::to_string(&sent).unwrap()).unwrap();
        assert_eq!(received.custom::<ShopEvent>().unwrap().unwrap(), event);
    }
    // The struct and the variant around it are one event.
    assert_eq!(
        Event::from(ShopEvent::OrderPlaced(placed())).custom::<OrderPlaced>().unwrap().unwrap(),
        placed()
    );
}

#[test]
fn the_kinds_of_events_are_there_as_data() {
    let names: Vec<_> = ShopEvent::KINDS.iter().map(|kind| kind.name).collect();
    let expected = [
        "shop.order_placed",
        "shop.order_cancelled",
        "shop.closing-time",
        "shop.moved",
        "shop.notes",
        "shop.instead",
    ];
    assert_eq!(names, expected);
    let [placed, cancelled, closed, moved, notes, instead] = ShopEvent::KINDS else { panic!() };
    assert_eq!(cancelled.description, "An order will not be delivered.");
    assert_eq!((placed.description, closed.description), ("", ""));

    assert_eq!(placed.schema(), OrderPlaced::schema());
    let cancelled = cancelled.schema().unwrap();
    assert_eq!(cancelled["type"], "object");
    assert_eq!(cancelled["properties"]["because"]["description"], "Why not.");
    // As it is sent: what may be absent when it is read is always there.
    assert_eq!(cancelled["required"], json!(["orderId", "refunded"]));
    assert_eq!(closed.schema().unwrap()["type"], "null");
    assert_eq!(moved.schema().unwrap()["minItems"], 2);
    assert_eq!(notes.schema().unwrap()["type"], "object");
    assert_eq!(instead.schema(), None, "`ShopEvent` describes itself nowhere");

    let [only] = OrderPlaced::KINDS else { panic!() };
    assert_eq!((only.name, only.schema()), (OrderPlaced::NAME, OrderPlaced::schema()));
}

#[test]
fn another_event_is_not_a_malformed_one() {
    let unknown = CustomEvent::new("shop.opened", json!({ "orderId": "x" }));
    assert!(unknown.custom::<ShopEvent>().is_none());
    assert!(unknown.custom::<OrderPlaced>().is_none());
    // Variants are known by their names as events alone.
    for name in ["", "Closed", "closed", "shop.closed", "OrderPlaced", "order_placed"] {
        assert!(CustomEvent::new(name, Value::Null).custom::<ShopEvent>().is_none(), "{name}");
    }
    assert!(Event::from(RunStartedEvent::new("t", "r")).custom::<ShopEvent>().is_none());
}

#[test]
fn a_malformed_event_is_told_with_its_place() {
    let items =
        json!({ "orderId": 7, "items": [{ "name": "tea", "price": 4 }, { "name": "a", "price": "free" }] });
    let place = "/value/items/1/price";
    let message = format!(
        "the custom event `shop.order_placed` is malformed at `{place}`: invalid type: string \"free\", expected u32"
    );
    let event = CustomEvent::new("shop.order_placed", items);
    let error = event.custom::<OrderPlaced>().unwrap().unwrap_err();
    assert_eq!(
        (error.name(), error.pointer(), error.to_string()),
        ("shop.order_placed", place, message.clone())
    );
    let error = event.custom::<ShopEvent>().unwrap().unwrap_err();
    assert_eq!((error.name(), error.pointer(), error.to_string()), ("shop.order_placed", place, message));

    for (name, value, place) in [
        ("shop.order_cancelled", json!({ "orderId": -1 }), "/value/orderId"),
        ("shop.order_cancelled", json!({}), "/value"),
        ("shop.order_cancelled", json!(null), "/value"),
        ("shop.closing-time", json!({}), "/value"),
        ("shop.moved", json!([1.0, "x"]), "/value/1"),
        ("shop.moved", json!([1.0]), "/value"),
    ] {
        let event = CustomEvent::new(name, value);
        let error = event.custom::<ShopEvent>().unwrap().unwrap_err();
        assert_eq!(error.pointer(), place, "{error}");
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, CustomEvent)]
#[custom_event(name = "test.wrapped")]
struct Wrapped<T, const N: usize>
where
    T: Clone,
{
    value: Vec<T>,
}

#[derive(Debug, PartialEq, CustomEvent)]
#[custom_event(prefix = "test.", rename_all = "camelCase")]
#[serde(rename_all_fields = "camelCase", deny_unknown_fields)]
enum Generic<T: Ord, V = u8> {
    OneValue(T),
    ManyValues {
        by_key: BTreeMap<T, V>,
        #[serde(default)]
        or_else: V,
    },
    Again(Vec<Generic<T, V>>),
}

impl<T: Ord, V> Serialize for Generic<T, V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de, T: Ord, V> Deserialize<'de> for Generic<T, V> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        <()>::deserialize(deserializer).map(|()| Self::Again(Vec::new()))
    }
}

#[test]
fn generic_types_are_events_where_serde_knows_them() {
    let wrapped = Wrapped::<_, 3> { value: vec![1_u8] };
    let event = wrapped.to_event().unwrap();
    assert_eq!(event.custom::<Wrapped<u8, 3>>().unwrap().unwrap(), wrapped);
    assert!(event.custom::<Wrapped<String, 3>>().unwrap().is_err());
    assert_eq!(Event::from(wrapped), event);

    let many = Generic::ManyValues { by_key: BTreeMap::from([("a".to_owned(), 1_u8)]), or_else: 2 };
    let event = many.to_event().unwrap();
    assert_eq!(
        custom(event.clone()),
        ("test.manyValues".into(), json!({ "byKey": { "a": 1 }, "orElse": 2 }))
    );
    assert_eq!(event.custom::<Generic<String>>().unwrap().unwrap(), many);
    let unknown = CustomEvent::new("test.manyValues", json!({ "byKey": {}, "extra": 1 }));
    assert!(
        unknown
            .custom::<Generic<String>>()
            .unwrap()
            .unwrap_err()
            .to_string()
            .contains("unknown field `extra`")
    );
    let event = Generic::<u8>::OneValue(3).to_event().unwrap();
    assert_eq!(event.custom::<Generic<u8>>().unwrap().unwrap(), Generic::OneValue(3));
    assert_eq!(Wrapped::<u8, 0>::schema(), None);
}

/// Sent, never read.
#[derive(Serialize, CustomEvent)]
struct Borrowed<'a> {
    text: &'a str,
}

#[derive(CustomEvent)]
enum Said<'a> {
    Word(&'a str),
    Text { text: Cow<'a, str> },
    Sent(SentOnly),
}

#[derive(Serialize)]
struct SentOnly;

/// Read, never sent.
#[derive(Deserialize, CustomEvent)]
#[custom_event(name = "Borrowed")]
struct Received {
    text: String,
}

#[derive(CustomEvent)]
enum Heard {
    Borrowed(Received),
    #[allow(dead_code)]
    Word(String),
}

#[test]
fn what_is_only_sent_or_only_read_needs_no_more_than_that() {
    let event = Event::from(Borrowed { text: "hi" });
    assert_eq!(event.custom::<Received>().unwrap().unwrap().text, "hi");
    assert!(matches!(event.custom::<Heard>(), Some(Ok(Heard::Borrowed(heard))) if heard.text == "hi"));

    assert_eq!(custom(Said::Word("hi").into()), ("Word".into(), json!("hi")));
    assert_eq!(custom(Said::Text { text: "hi".into() }.into()), ("Text".into(), json!({ "text": "hi" })));
    assert_eq!(custom(Said::Sent(SentOnly).into()), ("Sent".into(), json!(null)));
}

#[derive(Debug, Serialize, CustomEvent)]
struct Formless(HashMap<(u8, u8), u8>);

#[derive(Debug, CustomEvent)]
enum MaybeFormless {
    Map { map: HashMap<(u8, u8), u8> },
}

fn formless() -> HashMap<(u8, u8), u8> {
    HashMap::from([((1, 2), 3)])
}

#[test]
fn a_payload_without_json_form_is_an_error() {
    assert_eq!(Formless(formless()).to_event().unwrap_err().to_string(), "key must be a string");
    assert!(MaybeFormless::Map { map: formless() }.into_event().is_err());
}

#[test]
#[should_panic(
    expected = "the payload of the custom event `Formless` has no JSON form: key must be a string"
)]
fn from_has_nowhere_to_return_that_error() {
    let _ = Event::from(Formless(formless()));
}

mod with_attributes {
    use super::*;

    /// What other code makes of a field.
    #[derive(Debug, PartialEq, CustomEvent)]
    enum Timed {
        Waited {
            #[serde(with = "seconds")]
            time: std::time::Duration,
            #[serde(skip)]
            note: Option<Unserialisable>,
        },
        #[serde(with = "seconds")]
        Slept(std::time::Duration),
        Flat {
            #[serde(flatten)]
            rest: serde_json::Map<String, Value>,
        },
    }

    #[derive(Debug, PartialEq)]
    struct Unserialisable;

    mod seconds {
        use serde::{Deserialize, Deserializer, Serializer};
        use std::time::Duration;

        pub(super) fn serialize<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_u64(time.as_secs())
        }

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
            u64::deserialize(deserializer).map(Duration::from_secs)
        }
    }

    #[test]
    fn serdes_attributes_on_fields_are_heeded() {
        let time = std::time::Duration::from_secs(5);
        for (event, value) in [
            (Timed::Waited { time, note: None }, json!({ "time": 5 })),
            (Timed::Slept(time), json!(5)),
            (Timed::Flat { rest: [("a".to_owned(), json!(1))].into_iter().collect() }, json!({ "a": 1 })),
        ] {
            let sent = event.to_event().unwrap();
            assert_eq!(sent.custom::<Timed>().unwrap().unwrap(), event);
            assert_eq!(custom(sent).1, value);
        }
        let [waited, slept, flat] = Timed::KINDS else { panic!() };
        assert_eq!((waited.schema(), slept.schema()), (None, None));
        assert!(flat.schema().is_some());
    }
}

mod toolkit {
    pub(super) use ::agui as renamed;
}

/// Nothing is in scope here, and agui has another name.
mod bare {
    #![no_implicit_prelude]

    #[derive(
        ::std::fmt::Debug,
        ::std::cmp::PartialEq,
        ::serde::Serialize,
        ::serde::Deserialize,
        super::toolkit::renamed::CustomEvent,
    )]
    #[custom_event(crate = crate::custom_events::toolkit::renamed)]
    pub(super) struct Structure {
        pub(super) text: ::std::string::String,
    }

    #[derive(::std::fmt::Debug, ::std::cmp::PartialEq, super::toolkit::renamed::CustomEvent)]
    #[custom_event(crate = "crate::custom_events::toolkit::renamed", prefix = "bare.")]
    pub(super) enum Enumeration {
        Unit,
        Newtype(::std::option::Option<u8>),
        Fields { text: ::std::string::String },
    }

    #[derive(
        ::std::default::Default,
        ::serde::Serialize,
        ::serde::Deserialize,
        super::toolkit::renamed::Activity,
        super::toolkit::renamed::AgentState,
    )]
    #[activity(crate = crate::custom_events::toolkit::renamed)]
    #[agent_state(crate = crate::custom_events::toolkit::renamed)]
    pub(super) struct Everything {
        pub(super) text: ::std::string::String,
    }
}

#[test]
fn derives_need_nothing_in_scope() {
    let structure = bare::Structure { text: "a".into() };
    assert_eq!(structure.to_event().unwrap().custom::<bare::Structure>().unwrap().unwrap(), structure);
    for event in [
        bare::Enumeration::Unit,
        bare::Enumeration::Newtype(Some(1)),
        bare::Enumeration::Fields { text: "a".into() },
    ] {
        assert_eq!(event.to_event().unwrap().custom::<bare::Enumeration>().unwrap().unwrap(), event);
    }
    assert_eq!(<bare::Everything as Activity>::ACTIVITY_TYPE, "Everything");
    assert_eq!(<bare::Everything as AgentState>::NAME, "Everything");
}

/// Places an order.
#[agui_tool]
fn place_order() -> OrderPlaced {
    placed()
}

/// Closes the shop.
#[agui_tool]
fn close_shop() -> Vec<ShopEvent> {
    vec![ShopEvent::Closed]
}

#[test]
fn tools_return_custom_events_and_those_are_no_results() {
    assert_eq!(PlaceOrder::output_schema(), None);
    assert_eq!(CloseShop::output_schema(), None);
    assert_eq!((place_order().order_id, close_shop().len()), (7, 1));
}

#[tokio::test]
async fn custom_events_go_through_a_run() {
    let agent = async |run: RunContext| {
        run.custom(&placed()).await?;
        run.custom(&ShopEvent::Closed).await?;
        run.emit(ShopEvent::Moved(1.0, 2.0)).await
    };
    let received = all(agui::run(agent, input())).await;
    let received: Vec<Event> =
        received.iter().map(|event| serde_json::from_value(event.clone()).unwrap()).collect();
    let events: Vec<_> =
        received.iter().filter_map(ReadCustom::custom::<ShopEvent>).map(Result::unwrap).collect();
    assert_eq!(events, [ShopEvent::OrderPlaced(placed()), ShopEvent::Closed, ShopEvent::Moved(1.0, 2.0)]);
}

/// What the agent is going to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Activity)]
#[activity(name = "PLAN")]
struct Plan {
    goal: String,
    steps: Vec<Item>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Activity)]
#[serde(tag = "phase", rename_all = "lowercase")]
enum Phase {
    Thinking,
    Writing { words: u32 },
}

/// An object only as far as can be seen from here.
#[derive(Serialize, Activity)]
#[serde(transparent)]
struct Number {
    number: u8,
}

#[tokio::test]
async fn an_activity_is_shown_and_then_what_changes() {
    let agent = async |run: RunContext| {
        let mut plan = Plan { goal: "Tea".into(), steps: placed().items };
        let mut shown = run.activity("plan-1", &plan).await?;
        assert_eq!(shown.message_id(), "plan-1");
        shown.update(&plan).await?;
        plan.steps.insert(0, Item { name: "water".into(), price: 0 });
        shown.update(&plan).await?;
        plan.goal = "Two teas".into();
        shown.update(&plan).await
    };
    let events = all(agui::run(agent, input())).await;
    assert_eq!(types(&events[1..4]), ["ACTIVITY_SNAPSHOT", "ACTIVITY_DELTA", "ACTIVITY_DELTA"]);
    assert_eq!(
        timeless(&events[2]),
        json!({
            "type": "ACTIVITY_DELTA",
            "messageId": "plan-1",
            "activityType": "PLAN",
            "patch": [{ "op": "add", "path": "/steps/0", "value": { "name": "water", "price": 0 } }],
        })
    );
    assert_eq!(events[3]["patch"], json!([{ "op": "replace", "path": "/goal", "value": "Two teas" }]));

    let snapshot: Event = serde_json::from_value(events[1].clone()).unwrap();
    assert_eq!(snapshot.activity::<Plan>().unwrap().unwrap().goal, "Tea");
    assert!(snapshot.activity::<Phase>().is_none());
    let delta: Event = serde_json::from_value(events[2].clone()).unwrap();
    assert!(delta.activity::<Plan>().is_none());
}

#[test]
fn an_activity_is_read_from_its_message() {
    assert_eq!(Plan::DESCRIPTION, "What the agent is going to do.");
    assert_eq!(Plan::schema().unwrap()["required"], json!(["goal", "steps"]));

    let content = Phase::Writing { words: 3 }.to_content().unwrap();
    let message = Message::from(ActivityMessage::new("m", "Phase", content));
    assert_eq!(message.activity::<Phase>().unwrap().unwrap(), Phase::Writing { words: 3 });
    assert!(message.activity::<Plan>().is_none());

    let content = json!({ "goal": "Tea", "steps": [{ "name": 1 }] }).as_object().unwrap().clone();
    let error = ActivityMessage::new("m", "PLAN", content).activity::<Plan>().unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the activity `PLAN` is malformed at `/content/steps/0/name`: invalid type: integer `1`, expected a string"
    );
}

#[test]
fn an_activity_is_an_object() {
    let error = Number { number: 1 }.to_snapshot("m").unwrap_err();
    assert_eq!(error.to_string(), "the content of the activity `Number` has to be a JSON object, not 1");
}

/// The form that is filled in together.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, JsonSchema, AgentState)]
#[agent_state(name = "form")]
#[serde(default)]
struct Form<T>
where
    T: Default,
{
    // Sorted, since it depends on serde_json's features whether the order is kept.
    more: Vec<T>,
    name: String,
}

#[tokio::test]
async fn a_state_is_updated_by_what_changed() {
    let agent = async |run: RunContext| {
        let mut form: Form<u8> = run.state()?;
        run.update_state(&form).await?;
        form.name = "Ada".into();
        run.update_state(&form).await?;
        run.update_state(&form).await?;
        assert_eq!(run.state::<Form<u8>>()?, form);
        Ok(())
    };
    let more = vec![1; 50];
    let events = all(agui::run(agent, input().state(json!({ "name": "A", "more": more })))).await;
    assert_eq!(types(&events), ["RUN_STARTED", "STATE_DELTA", "RUN_FINISHED"]);
    assert_eq!(events[1]["delta"], json!([{ "op": "replace", "path": "/name", "value": "Ada" }]));

    // Without any state, `{}` is what both sides begin with. A snapshot is shorter where little is left.
    let events = all(agui::run(agent, input())).await;
    assert_eq!(types(&events), ["RUN_STARTED", "STATE_SNAPSHOT", "STATE_SNAPSHOT", "RUN_FINISHED"]);
    assert_eq!(events[1]["snapshot"], json!({ "more": [], "name": "" }));
    assert_eq!(events[2]["snapshot"], json!({ "more": [], "name": "Ada" }));
}

#[test]
fn a_state_tells_its_changes() {
    assert_eq!((Form::<u8>::NAME, Form::<u8>::DESCRIPTION), ("form", "The form that is filled in together."));
    let before = Form::<u8>::default();
    let after = Form { name: "Ada".into(), more: vec![1] };
    assert_eq!(after.to_snapshot().unwrap().snapshot, json!({ "name": "Ada", "more": [1] }));
    let delta = after.delta_from(&before).unwrap().unwrap();
    assert_eq!(delta.delta.len(), 2);
    assert_eq!(after.delta_from(&after).unwrap(), None);
}
