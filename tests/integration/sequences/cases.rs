//! The runs.

use super::Case;
use agui::model::{LlmAgent, ModelErrorKind, Reply, ScriptedModel};
use agui::session::{MemoryStore, Sessions};
use agui::{
    Agent, CustomEvent, DynAgent, Error, Finished, Hooks, Result, RunContext, StateSnapshotEvent, TokenUsage,
    ToolContext, ToolEntry, ToolError, Tools, agui_tool, tools,
};
use serde::{Deserialize, Serialize};

/// The current weather at a place.
#[agui_tool]
fn get_weather(city: String) -> Result<String, ToolError> {
    match city.as_str() {
        "Atlantis" => Err(ToolError::retry("There is no such city.")),
        "Hell" => Err(ToolError::fatal(Error::new("hunter2"))),
        city => Ok(format!("sunny in {city}")),
    }
}

/// Shows a haiku.
#[agui_tool]
pub(super) fn generate_haiku(topic: String) -> String;

/// Deletes a file.
#[agui_tool(requires_approval)]
pub(super) fn delete_file(path: String) -> String {
    format!("{path} is gone")
}

#[derive(Serialize, CustomEvent)]
struct Progress {
    percent: u8,
}

/// Looks for something, and says how far it is.
#[agui_tool]
async fn search(context: ToolContext) -> Result<&'static str> {
    context.custom(&Progress { percent: 50 }).await?;
    context.custom(&Progress { percent: 100 }).await?;
    Ok("found")
}

/// Shows the state as it is.
#[agui_tool]
fn show_state(context: ToolContext) -> Result<StateSnapshotEvent> {
    Ok(StateSnapshotEvent::new(serde_json::to_value(context.state::<Notes>()?)?))
}

/// Writes a line down.
#[agui_tool]
async fn write_down(line: String, context: ToolContext) -> Result {
    context.modify_state(|notes: &mut Notes| notes.lines.push(line)).await
}

#[derive(Default, Serialize, Deserialize)]
struct Notes {
    #[serde(default)]
    lines: Vec<String>,
    /// Long enough for a change to be shorter than the whole.
    #[serde(default)]
    about: String,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[allow(dead_code, reason = "only its shape is asked for")]
struct Forecast {
    city: String,
    degrees: i32,
}

fn weather(city: &str) -> GetWeather {
    GetWeather { city: city.into() }
}

pub(super) fn haiku() -> GenerateHaiku {
    GenerateHaiku { topic: "rain".into() }
}

fn case(name: &'static str, agent: impl Agent, sequence: &'static str) -> Case {
    Case { name, agent: DynAgent::new(agent), sequence }
}

fn script<const N: usize>(name: &'static str, replies: [Reply; N], sequence: &'static str) -> Case {
    case(name, agent(replies), sequence)
}

/// Stops in the middle of a message.
async fn stops(run: RunContext) -> Result<Finished> {
    let mut message = run.start_text().await?;
    message.push("One ").await?;
    message.push("two").await?;
    Ok(Finished::cancelled())
}

/// An agent that asks another.
fn team() -> LlmAgent<ScriptedModel> {
    let member = agent([Reply::text("Sunny ").and_text("in Kyiv.")]);
    let tools = Tools::of([ToolEntry::agent("forecaster", "Knows the weather.", member)]).unwrap();
    let ask = Reply::text("I'll ask.").and_raw_call("forecaster", [r#"{"task":"Kyiv?"}"#]);
    LlmAgent::new(ScriptedModel::new([ask, Reply::text("Sunny.")])).tools(tools)
}

/// Says at the end that everything was saved.
struct Saved;

impl Hooks for Saved {
    async fn complete(&self, run: &RunContext, _: &mut Finished) -> Result {
        run.emit(CustomEvent::new("saved", true)).await
    }
}

pub(super) fn agent<const N: usize>(replies: [Reply; N]) -> LlmAgent<ScriptedModel> {
    let tools = tools![GetWeather, GenerateHaiku, DeleteFile, Search, ShowState, WriteDown].unwrap();
    LlmAgent::new(ScriptedModel::new(replies)).tools(tools)
}

pub(super) fn cases() -> Vec<Case> {
    let done = || Reply::text("Done.");
    let notes =
        || Notes { about: "all that was said on the way to the market".repeat(4), ..Notes::default() };
    let usage = || TokenUsage::new().provider("acme").model("m1").input_tokens(9u64).output_tokens(4u64);
    vec![
        script("plain", [Reply::text("One ").and_text("two ").and_text("three.")], "RS TS TC×3 TE RF"),
        script("usage", [Reply::text("Hi.").and_usage(usage())], "RS TS TC TE RF"),
        script(
            "backend_tool",
            [
                Reply::text("Let me see.").and_raw_call("get_weather", [r#"{"city":"#, r#""Kyiv"}"#]),
                Reply::text("It is ").and_text("sunny."),
            ],
            "RS TS TC TE CS CA×2 CE CR TS TC×2 TE RF",
        ),
        // No message without content before a call: the call makes the message that it hangs on.
        script("backend_tool_no_text", [Reply::call(&weather("Kyiv")), done()], "RS CS CA CE CR TS TC TE RF"),
        script(
            "parallel_tools",
            [Reply::call(&weather("Kyiv")).and_call(&weather("Lviv")), done()],
            "RS CS CA CS CA CE×2 CR×2 TS TC TE RF",
        ),
        // What was said before a frontend tool's call is said once.
        script(
            "frontend_tool",
            [Reply::text("A haiku!").and_call(&haiku())],
            "RS TS TC TE CS CA CE RF(1 pending)",
        ),
        script(
            "mixed_tools",
            [Reply::call(&weather("Kyiv")).and_call(&haiku())],
            "RS CS CA CS CA CE×2 CR RF(1 pending)",
        ),
        script(
            "reasoning",
            [Reply::reasoning("Rain")
                .and_reasoning("?")
                .and_encrypted_value("signed")
                .and_text("No ")
                .and_text("rain.")],
            "RS ZS ZMS ZMC×2 ZX ZME ZE TS TC×2 TE RF",
        ),
        // Typed output is content as it streams, and the result of the run.
        case(
            "structured",
            agent([Reply::text(r#"{"city":"Kyiv","#).and_text(r#""degrees":21}"#)])
                .output::<Forecast>()
                .unwrap(),
            "RS TS TC×2 TE RF",
        ),
        script("error_model", [Reply::error(ModelErrorKind::Other)], "RS RE(internal_error)"),
        script(
            "error_model_mid",
            [Reply::text("One ").and_text("two").and_fail("hunter2")],
            "RS TS TC×2 TE RE(internal_error)",
        ),
        // A tool that fails is told to the model, which goes on; one that says that the run has to end ends it.
        script("tool_retry", [Reply::call(&weather("Atlantis")), done()], "RS CS CA CE CR TS TC TE RF"),
        script("error_tool", [Reply::call(&weather("Hell"))], "RS CS CA CE CR RE(internal_error)"),
        script(
            "unknown_tool",
            [Reply::default().and_raw_call("no_such_tool", ["{}"]), done()],
            "RS CS CA CE CR TS TC TE RF",
        ),
        // While the tool runs, not afterwards.
        script("custom_event", [Reply::call(&Search {}), done()], "RS CS CA CE CUSTOM×2 CR TS TC TE RF"),
        case(
            "state_snapshot",
            agent([Reply::call(&ShowState {}), done()]).with_state(notes()),
            "RS SS CS CA CE SS CR TS TC TE RF",
        ),
        case(
            "state_delta",
            agent([Reply::call(&WriteDown { line: "Milk".into() }), done()]).with_state(notes()),
            "RS SS CS CA CE SD CR TS TC TE RF",
        ),
        // The client sends no state, and is told of what changed all the same.
        script(
            "state_none",
            [Reply::call(&WriteDown { line: "Milk".into() }), done()],
            "RS CS CA CE SS CR TS TC TE RF",
        ),
        script("approval", [Reply::call(&DeleteFile { path: "a".into() })], "RS CS CA CE RF(interrupt)"),
        case("cancelled", agent([Reply::text("One ")]).max_turns(0), "RS RF(cancelled)"),
        // What is open is closed (RUN-31).
        case("cancelled_mid", stops, "RS TS TC×2 TE RF(cancelled)"),
        // What each says is a message of its own, whose it is.
        case("team", team(), "RS TS TC TE CS CA CE US TS TC×2 TE UF CR TS TC TE RF"),
        case("on_complete", agent([done()]).with_hooks(Saved), "RS TS TC TE CUSTOM RF"),
        // That a conversation is saved needs no event.
        case("store", Sessions::new(MemoryStore::new(), agent([done()])), "RS TS TC TE RF"),
        case("no_output", |_: RunContext| async { Ok::<(), Error>(()) }, "RS RF"),
        case("panic", |_: RunContext| async { panic!("hunter2") as Result }, "RS RE(internal_error)"),
    ]
}
