//! Functions under `#[agui_tool]`: definition, arguments, results.

use agui::testing::{ask, call, call_tool};
use agui::{
    Content, ContentPart, Error, Event, Result, RunContext, RunRequest, StateDeltaEvent, StateSnapshotEvent,
    TextPart, ToolContext, ToolError, ToolFunction, ToolOutput, ToolSpec, agui_tool,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Celsius,
    Fahrenheit,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Weather {
    temperature: f64,
    city: String,
}

/// The current weather
/// at a place.
#[agui_tool]
async fn get_weather(
    /// The city's name.
    city: String,
    /// The unit of the temperature.
    unit: Option<Unit>,
    #[serde(default = "three")] days: u8,
) -> Result<Weather> {
    let temperature = if unit == Some(Unit::Fahrenheit) { 68.0 } else { 20.0 };
    Ok(Weather { temperature: temperature + f64::from(days), city })
}

fn three() -> u8 {
    3
}

#[test]
fn a_definition_says_what_the_function_says() {
    let tool = GetWeather::definition();
    assert_eq!(tool.name, "get_weather");
    assert_eq!(tool.description, "The current weather\nat a place.");
    let parameters = tool.parameters.unwrap();
    assert_eq!(parameters["required"], json!(["city"]));
    assert_eq!(parameters["properties"]["city"]["description"], "The city's name.");
    assert_eq!(parameters["properties"]["days"]["default"], 3);
    assert_eq!(parameters.get("$schema"), None);
    assert_eq!(parameters.get("title"), None);
    assert_eq!(GetWeather::output_schema().unwrap()["properties"]["temperature"]["type"], "number");
}

#[tokio::test]
async fn the_function_stays_one() {
    let weather = get_weather("Kyiv".into(), None, 1).await.unwrap();
    assert_eq!(weather, Weather { temperature: 21.0, city: "Kyiv".into() });
}

#[tokio::test]
async fn arguments_are_typed_and_optional_ones_may_be_absent() {
    let tool = GetWeather::tool();
    let called = call_tool(&tool, r#"{"city":"Kyiv"}"#, ask("")).await;
    assert_eq!(called.text(), r#"{"temperature":23.0,"city":"Kyiv"}"#);
    let called = call_tool(&tool, r#"{"city":"Kyiv","unit":"fahrenheit","days":0}"#, ask("")).await;
    assert_eq!(called.text(), r#"{"temperature":68.0,"city":"Kyiv"}"#);
}

#[tokio::test]
async fn arguments_that_do_not_fit_are_told_with_path_and_reason() {
    let tool = GetWeather::tool();
    for (arguments, told) in [
        (
            r#"{"city":7}"#,
            "The arguments do not fit, at `city`: invalid type: integer `7`, expected a string",
        ),
        (r#"{"city":"a","unit":"kelvin"}"#, "at `unit`: unknown variant `kelvin`"),
        (r#"{"city":"a","days":300}"#, "at `days`: invalid value: integer `300`, expected u8"),
        ("{}", "missing field `city`"),
        ("", "missing field `city`"),
        ("{\"city\":", "EOF while parsing"),
        (r#"{"city":"a"} {}"#, "not one JSON object"),
        ("[]", "The arguments are not a JSON object."),
        (r#"["Kyiv"]"#, "The arguments are not a JSON object."),
    ] {
        let error = call_tool(&tool, arguments, ask("")).await.output.unwrap_err();
        assert!(error.is_arguments() && error.for_model().contains(told), "{arguments}: {error}");
    }
}

/// Returns what it is told to.
#[agui_tool]
fn text() -> String {
    "some \"text\"".into()
}

/// A word.
#[agui_tool]
fn word() -> &'static str {
    "word"
}

/// Nothing.
#[agui_tool]
fn nothing() {}

/// A picture.
#[agui_tool]
fn picture() -> Vec<ContentPart> {
    vec![TextPart::new("a picture").into()]
}

/// One part.
#[agui_tool]
fn part() -> Result<ContentPart, ToolError> {
    Ok(TextPart::new("a part").into())
}

/// A list.
#[agui_tool]
fn list() -> Vec<u8> {
    vec![1, 2]
}

/// Perhaps a number.
#[agui_tool]
fn perhaps() -> Option<u8> {
    None
}

/// TOOL-10: text, or parts; whatever else it is becomes text.
#[tokio::test]
async fn results_become_what_a_model_can_read() {
    assert_eq!(call(&Text {}).await.text(), "some \"text\"");
    assert_eq!(call(&Word {}).await.text(), "word");
    assert_eq!(call(&Nothing {}).await.text(), "");
    assert_eq!(call(&List {}).await.text(), "[1,2]");
    assert_eq!(call(&Perhaps {}).await.text(), "null");
    let content = call(&Picture {}).await.output.unwrap().content;
    assert_eq!(content, Content::Parts(vec![TextPart::new("a picture").into()]));
    let content = call(&Part {}).await.output.unwrap().content;
    assert_eq!(content, Content::Parts(vec![TextPart::new("a part").into()]));
}

/// Shows the state.
#[agui_tool]
fn snapshot() -> StateSnapshotEvent {
    StateSnapshotEvent::new(json!({ "document": "" }))
}

/// Changes the state.
#[agui_tool]
async fn deltas() -> Result<Vec<StateDeltaEvent>> {
    Ok(vec![StateDeltaEvent::new(vec![]), StateDeltaEvent::new(vec![])])
}

/// Any events.
#[agui_tool]
fn any_events() -> Vec<Event> {
    vec![StateSnapshotEvent::new(1).into(), agui::CustomEvent::new("count", 1).into()]
}

/// Perhaps an event.
#[agui_tool]
fn maybe() -> Option<StateSnapshotEvent> {
    Some(StateSnapshotEvent::new(json!(7)))
}

/// A value and an event.
#[agui_tool]
fn both() -> ToolOutput {
    ToolOutput::text("Profile retrieved.").event(StateSnapshotEvent::new(2)).metadata("icon", "person")
}

/// A text and an event.
#[agui_tool]
fn text_beside() -> (String, StateSnapshotEvent) {
    ("text".into(), StateSnapshotEvent::new(3))
}

/// A value and events.
#[agui_tool]
async fn value_beside() -> Result<(Weather, Vec<StateSnapshotEvent>)> {
    Ok((Weather { temperature: 1.0, city: "x".into() }, vec![StateSnapshotEvent::new(4)]))
}

/// A text, perhaps.
#[agui_tool]
fn perhaps_text(some: bool) -> Option<String> {
    some.then(|| "text".into())
}

/// Events in an array.
#[agui_tool]
fn array() -> [StateSnapshotEvent; 1] {
    [StateSnapshotEvent::new(5)]
}

/// An event in a box.
#[agui_tool]
fn in_a_box() -> Box<StateSnapshotEvent> {
    Box::new(StateSnapshotEvent::new(6))
}

/// Events, each perhaps.
#[agui_tool]
fn each_perhaps() -> Vec<Option<Event>> {
    vec![None, Some(StateSnapshotEvent::new(7).into())]
}

/// Perhaps events.
#[agui_tool]
fn perhaps_all() -> Option<Vec<StateSnapshotEvent>> {
    Some(vec![StateSnapshotEvent::new(8)])
}

#[tokio::test]
async fn events_are_told_from_values_wherever_they_stand() {
    for (called, text, state) in [
        (call(&TextBeside {}).await, "text", 3),
        (call(&ValueBeside {}).await, r#"{"temperature":1.0,"city":"x"}"#, 4),
        (call(&Array {}).await, "", 5),
        (call(&InABox {}).await, "", 6),
        (call(&EachPerhaps {}).await, "", 7),
        (call(&PerhapsAll {}).await, "", 8),
    ] {
        assert_eq!((&*called.text(), called.recording.state::<u8>()), (text, state));
    }
    assert_eq!(call(&PerhapsText { some: true }).await.text(), "text");
    assert_eq!(call(&PerhapsText { some: false }).await.text(), "");
}

fn types(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.event_type().as_str()).collect()
}

#[tokio::test]
async fn events_are_emitted_and_never_shown_to_the_model() {
    for (called, emitted) in [
        (call(&Snapshot {}).await, &["STATE_SNAPSHOT"][..]),
        (call(&Deltas {}).await, &["STATE_DELTA", "STATE_DELTA"]),
        (call(&AnyEvents {}).await, &["STATE_SNAPSHOT", "CUSTOM"]),
        (call(&Maybe {}).await, &["STATE_SNAPSHOT"]),
    ] {
        assert_eq!(called.text(), "");
        let mut expected = vec!["RUN_STARTED", "TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END"];
        expected.extend(emitted);
        expected.extend(["TOOL_CALL_RESULT", "RUN_FINISHED"]);
        assert_eq!(types(called.recording.events()), expected);
    }
    let called = call(&Both {}).await;
    assert_eq!(called.text(), "Profile retrieved.");
    assert_eq!(called.recording.state::<u8>(), 2);
    let Some(Event::ToolCallResult(result)) = called.recording.events().iter().rev().nth(1) else {
        panic!("{:?}", called.recording)
    };
    assert_eq!(result.metadata.as_ref().unwrap()["icon"], "person");
}

/// Fails in many ways.
#[agui_tool]
async fn fails(how: String) -> Result<String, ToolError> {
    match how.as_str() {
        "io" => Err(std::io::Error::other("password is hunter2"))?,
        "public" => Err(Error::public("The shop is closed."))?,
        "retry" => Err(ToolError::retry("Try Tuesday.")),
        "fatal" => Err(ToolError::fatal(Error::public("Out of order."))),
        "panic" => panic!("password is hunter2"),
        _ => Ok("fine".into()),
    }
}

/// Fails with text.
#[agui_tool]
fn says() -> Result<(), String> {
    Err("no such city".into())
}

/// Fails with any error.
#[agui_tool]
fn boxed() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Err("password is hunter2".into())
}

/// Fails with our own error.
#[agui_tool]
fn ours() -> Result {
    Err(Error::new("password is hunter2"))
}

#[tokio::test]
async fn failures_tell_what_they_are_meant_to_tell() {
    let fail = async |how: &str| call(&Fails { how: how.into() }).await.output.unwrap_err();
    assert_eq!(fail("io").await.for_model(), "The tool failed.");
    assert_eq!(fail("public").await.for_model(), "The shop is closed.");
    assert_eq!(fail("retry").await.for_model(), "Try Tuesday.");
    assert_eq!(fail("panic").await.for_model(), "The tool failed.");
    assert!(fail("panic").await.to_string().contains("hunter2"), "the log has it");
    assert!(fail("fatal").await.is_fatal());
    assert_eq!(call(&Says {}).await.output.unwrap_err().for_model(), "no such city");
    assert_eq!(call(&Boxed {}).await.output.unwrap_err().for_model(), "The tool failed.");
    assert_eq!(call(&Ours {}).await.output.unwrap_err().for_model(), "The tool failed.");
}

#[derive(Clone)]
struct Pool(&'static str);

/// Uses everything that a call knows.
#[agui_tool]
async fn knows(context: ToolContext, run: &RunContext, word: String, again: &ToolContext) -> Result<String> {
    let Pool(pool) = context.require()?;
    again.set_state(&json!({ "word": word })).await?;
    let state: serde_json::Value = context.state()?;
    assert!(!run.is_closed());
    Ok(format!("{} {} {} {pool} {state}", context.thread_id(), run.run_id(), again.tool_call_id()))
}

#[tokio::test]
async fn a_tool_knows_its_call_its_run_its_state_and_its_dependencies() {
    assert_eq!(Knows::definition().parameters.unwrap()["properties"].as_object().unwrap().len(), 1);
    let request: RunRequest = ask("").with(Pool("pool"));
    let called = call_tool(&Knows::tool(), r#"{"word":"x"}"#, request).await;
    assert_eq!(called.text(), r#"thread-1 run-1 call-1 pool {"word":"x"}"#);
    let error = call(&Knows { word: "x".into() }).await.output.unwrap_err();
    assert!(error.to_string().contains("Pool"), "{error}");
}

/// Blocks.
#[agui_tool(blocking)]
fn blocks(context: &ToolContext) -> String {
    std::thread::sleep(Duration::from_millis(1));
    format!("{:?} {}", std::thread::current().name(), context.tool_call_id())
}

/// Takes too long.
#[agui_tool(timeout = "5ms")]
async fn slow() {
    std::future::pending::<()>().await;
}

/// Gives a future.
#[agui_tool]
fn later(n: u8) -> impl Future<Output = u8> + Send {
    std::future::ready(n)
}

#[tokio::test]
async fn blocking_functions_get_a_thread_and_slow_ones_a_limit() {
    let here = format!("{:?}", std::thread::current().name());
    let there = call(&Blocks {}).await.text();
    assert!(!there.starts_with(&here), "{there}");
    let error = call(&Slow {}).await.output.unwrap_err();
    assert_eq!(error.for_model(), "The tool did not answer within 0.005 seconds.");
    assert_eq!(call(&Later { n: 3 }).await.text(), "3");
}

/// Everything that can be said of a tool.
#[agui_tool(
    name = "shop-buy",
    description = "Buys.",
    arguments = Purchase,
    requires_approval,
    strict = true,
    output_schema,
    blocking,
    timeout = "2m",
    metadata(icon = "cart", weight = 3, beta = true, factor = 1.5)
)]
fn buy(amount: u32) -> u32 {
    amount
}

#[test]
fn attributes_are_kept() {
    assert_eq!(buy(1), 1);
    let options = Purchase::OPTIONS;
    assert!(options.requires_approval && options.strict && options.output_schema && !options.silent);
    assert_eq!(options.timeout, Some(Duration::from_secs(120)));
    let tool = Purchase::definition();
    assert_eq!((&*tool.name, &*tool.description), ("shop-buy", "Buys."));
    let metadata = tool.metadata.unwrap();
    assert_eq!(metadata["icon"], "cart");
    assert_eq!(
        (&metadata["weight"], &metadata["beta"], &metadata["factor"]),
        (&json!(3), &json!(true), &json!(1.5))
    );
    assert_eq!(metadata[agui::tool::OUTPUT_SCHEMA]["type"], "integer");
}

/// Books a table.
#[agui_tool(strict)]
fn reserve(guests: u8, #[serde(default)] outside: bool, name: Option<String>) -> String {
    format!("{guests} {outside} {name:?}")
}

#[tokio::test]
async fn a_strict_tool_is_closed_and_takes_null_for_what_is_left_out() {
    let parameters = Reserve::definition().parameters.unwrap();
    assert_eq!(parameters["additionalProperties"], false);
    assert_eq!(parameters["required"], json!(["guests", "name", "outside"]));
    let called = call_tool(&Reserve::tool(), r#"{"guests":2,"outside":null,"name":null}"#, ask("")).await;
    assert_eq!(called.text(), "2 false None");
    let error = call_tool(&Reserve::tool(), r#"{"guests":"2"}"#, ask("")).await.output.unwrap_err();
    assert!(error.for_model().contains("at `guests`: invalid type"), "{error}");
}
