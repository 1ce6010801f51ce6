//! Answers of a provider, through rig's client for chat completions.

use crate::provider::Provider;
use agui::model::LlmAgent;
use agui::rig::RigModel;
use agui::testing::{Recording, ask, record};
use agui::{Context, Event, RunRequest, agui_tool, tools};
use serde_json::{Value, json};

/// The current weather at a place.
#[agui_tool]
pub(crate) fn get_weather(city: String) -> String {
    format!("sunny in {city}")
}

/// Shows a haiku.
#[agui_tool]
fn generate_haiku(topic: String) -> String;

pub(crate) fn agent(model: RigModel) -> LlmAgent<RigModel> {
    LlmAgent::new(model).instructions("Be brief.").tools(tools![GetWeather, GenerateHaiku].unwrap())
}

pub(crate) fn count(recording: &Recording, wanted: fn(&Event) -> bool) -> usize {
    recording.events().iter().filter(|event| wanted(event)).count()
}

fn code(recording: &Recording) -> Option<&str> {
    recording.error()?.code.as_deref()
}

pub(crate) fn usage(recording: &Recording) -> Value {
    let Some(Event::RunFinished(finished)) = recording.events().last() else { panic!("{recording:?}") };
    serde_json::to_value(&finished.usage).unwrap()
}

/// USE-1 to USE-5: the provider's counts, and nothing of what it does not say.
#[tokio::test]
async fn text_arrives_in_pieces_and_is_counted() {
    let Some(provider) = Provider::start("text of a provider") else { return };
    let recording = record(agent(provider.openai()), ask("Say hello")).await;
    assert_eq!(recording.text(), "Hello from the provider.");
    assert!(count(&recording, |event| matches!(event, Event::TextMessageContent(_))) > 3);
    let counts = json!([{
        "provider": "openai", "model": "a-model", "inputTokens": 120, "outputTokens": 30, "totalTokens": 150,
    }]);
    assert_eq!(usage(&recording), counts);
}

#[tokio::test]
async fn calls_arrive_in_fragments_and_their_results_go_back() {
    let Some(mut provider) = Provider::start("calls of a provider") else { return };
    let recording = record(agent(provider.openai()), ask("The weather?")).await;
    assert_eq!(recording.calls_of::<GetWeather>(), [GetWeather { city: "Lisbon".into() }]);
    assert!(count(&recording, |event| matches!(event, Event::ToolCallArgs(_))) > 2);
    assert_eq!(recording.text(), "That is what I found.");

    let requests = provider.requests();
    let [first, second] = &requests[..] else { panic!("{requests:#?}") };
    let tool = &first["tools"][0]["function"];
    assert_eq!((&tool["name"], &tool["parameters"]["required"]), (&json!("get_weather"), &json!(["city"])));
    assert_eq!(first["messages"][0]["role"], "system");
    assert!(first["messages"][0]["content"].to_string().contains("Be brief."));
    let messages = second["messages"].as_array().unwrap();
    let call = &messages[messages.len() - 2]["tool_calls"][0];
    let result = &messages[messages.len() - 1];
    assert_eq!(call["function"], json!({ "name": "get_weather", "arguments": r#"{"city":"Lisbon"}"# }));
    // EVT-12: the id that the client knows is the one that ties both together here, too.
    assert_eq!(call["id"], recording.tool_calls()[0].id.as_str());
    assert_eq!((&result["role"], &result["tool_call_id"]), (&json!("tool"), &call["id"]));
    assert!(result["content"].to_string().contains("sunny in Lisbon"), "{result}");
}

/// INPUT-10: context is data beside the conversation.
#[tokio::test]
async fn context_is_no_instruction() {
    let Some(mut provider) = Provider::start("context for a provider") else { return };
    let mut request = ask("Say hello");
    request.input_mut().context = Some(vec![Context::new("Where the user is", "In Porto")]);
    record(agent(provider.openai()), request).await;
    let requests = provider.requests();
    let messages = requests[0]["messages"].as_array().unwrap();
    let of = |role: &str| {
        let messages = messages.iter().filter(|message| message["role"] == role);
        messages.map(Value::to_string).collect::<String>()
    };
    assert!(of("user").contains("In Porto") && of("user").contains("Where the user is"));
    assert!(!of("system").contains("Porto"), "{messages:#?}");
}

#[tokio::test]
async fn several_calls_of_a_turn_are_answered_together() {
    let Some(mut provider) = Provider::start("parallel calls of a provider") else { return };
    let recording = record(agent(provider.openai()), ask("In two cities?")).await;
    let cities = ["Kyiv", "Lviv"].map(|city| GetWeather { city: city.into() });
    assert_eq!(recording.calls_of::<GetWeather>(), cities);
    assert_eq!(recording.text(), "Let me see.\nThat is what I found.");
    let messages = provider.requests()[1]["messages"].as_array().unwrap().clone();
    let roles: Vec<_> = messages.iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "tool", "tool"]);
}

#[tokio::test]
async fn what_the_application_is_to_answer_ends_the_run_and_its_answer_goes_on() {
    let Some(provider) = Provider::start("frontend tools and a provider") else { return };
    let agent = agent(provider.openai());
    let first = record(agent.clone(), ask("A haiku!")).await;
    assert_eq!(first.pending::<GenerateHaiku>(), [GenerateHaiku { topic: "rain".into() }]);
    let second = record(agent, first.answer("A cloud lets go").unwrap()).await;
    assert_eq!(second.text(), "That is what I found.");
}

#[tokio::test]
async fn reasoning_comes_before_the_answer() {
    let Some(provider) = Provider::start("reasoning of a provider") else { return };
    let recording = record(agent(provider.openai()), ask("Please think")).await;
    let thought: String = recording
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::ReasoningMessageContent(content) => Some(&*content.delta),
            _ => None,
        })
        .collect();
    assert_eq!(thought, "Is 91 prime? Seven times thirteen.");
    assert_eq!(recording.text(), "No.");
}

#[derive(Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
pub(crate) struct Person {
    name: String,
    born: i32,
}

#[tokio::test]
async fn output_has_the_form_that_the_provider_was_told() {
    let Some(mut provider) = Provider::start("structured output of a provider") else { return };
    let agent = LlmAgent::new(provider.openai()).output::<Person>().unwrap();
    let recording = record(agent, ask("A person?")).await;
    assert_eq!(recording.result(), Some(&json!({ "name": "Ada", "born": 1815 })));
    let format = &provider.requests()[0]["response_format"];
    assert_eq!((&format["type"], &format["json_schema"]["name"]), (&json!("json_schema"), &json!("Person")));
    assert_eq!(format["json_schema"]["schema"]["properties"]["born"]["type"], "integer");
}

/// By its status, or in a stream that began well.
#[tokio::test]
async fn a_busy_provider_is_asked_again() {
    let Some(mut provider) = Provider::start("a busy provider") else { return };
    for (said, text) in
        [("Are you busy?", "Now I have time."), ("Did you stumble?", "I am on my feet again.")]
    {
        let before = provider.requests().len();
        assert_eq!(record(agent(provider.openai()), ask(said)).await.text(), text);
        assert_eq!(provider.requests().len(), before + 2, "{said}");
    }
}

/// RUN-28: clients learn nothing of what the provider says.
#[tokio::test]
async fn failures_end_the_run_with_a_code_and_what_was_said_stays() {
    let Some(provider) = Provider::start("failures of a provider") else { return };
    let agent = agent(provider.openai()).retries(0);
    // How much arrives before somebody hangs up is a matter of time.
    for (said, code_wanted, text) in [
        ("Are you down?", "model_unavailable", Some("")),
        ("This is too long", "context_too_long", Some("")),
        ("Please break off", "model_unavailable", Some("This is neve")),
        ("Please hang up", "model_unavailable", None),
        ("Please fall over", "model_unavailable", Some("So far so good")),
        ("Something garbled", "internal_error", Some("So far so good")),
        ("Something malformed", "internal_error", Some("")),
    ] {
        let recording = record(agent.clone(), ask(said)).await;
        let error = recording.error().unwrap_or_else(|| panic!("{said}: {recording:?}"));
        assert!(!error.message.contains("marvin"), "{error:?}");
        assert_eq!(code(&recording), Some(code_wanted), "{said}: {recording:?}");
        let whole = "This is never going to be said to its end.";
        match text {
            Some(text) => assert_eq!(recording.text(), text, "{said}"),
            None => assert!(whole.starts_with(&recording.text()) && recording.text() != whole, "{said}"),
        }
    }
}

/// The provider waits 60 ms between its pieces, of which there are seven.
#[tokio::test]
async fn what_is_slow_arrives_as_it_comes() {
    let Some(provider) = Provider::start("a slow provider") else { return };
    // With the time of the day.
    let request = RunRequest::new(ask("Something slow").input().clone());
    let recording = record(agent(provider.openai()), request).await;
    assert_eq!(recording.text(), "One word after the other.");
    let times = recording.events().iter().filter_map(|event| match event {
        Event::TextMessageContent(content) => content.timestamp,
        _ => None,
    });
    let times: Vec<_> = times.collect();
    assert!(times.len() > 3 && times[times.len() - 1] - times[0] >= 100, "{times:?}");
}
