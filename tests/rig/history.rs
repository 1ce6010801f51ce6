//! Conversations there and back.

use agui::Message;
use agui::rig::core::message::{AssistantContent, DocumentSourceKind, Message as RigMessage, UserContent};
use agui::rig::{from_rig, to_rig};
use serde_json::{Value, json};

fn messages(messages: Value) -> Vec<Message> {
    serde_json::from_value(messages).unwrap()
}

fn back(conversation: &[RigMessage]) -> Value {
    serde_json::to_value(from_rig(conversation, |index| format!("m{index}"))).unwrap()
}

#[test]
fn a_conversation_is_the_same_when_it_comes_back() {
    let conversation = json!([
        { "id": "m0", "role": "system", "content": "Be brief." },
        { "id": "m1", "role": "user", "content": "Weather?" },
        { "id": "m2", "role": "reasoning", "content": "I should look." },
        { "id": "m3", "role": "assistant", "content": "Let me see.", "toolCalls": [
            { "id": "call-1", "type": "function", "function": { "name": "look", "arguments": "{\"city\":\"Kyiv\"}" } },
            { "id": "call-2", "type": "function", "function": { "name": "look", "arguments": "{}" } },
        ] },
        { "id": "m4", "role": "tool", "content": "sunny", "toolCallId": "call-1" },
        { "id": "m5", "role": "tool", "content": "no such city", "toolCallId": "call-2", "error": "no such city" },
        { "id": "m6", "role": "assistant", "content": "It is sunny." },
        { "id": "m7", "role": "user", "content": [
            { "type": "text", "text": "And here?" },
            { "type": "image", "source": { "type": "data", "value": "iVBORw0KGgo=", "mimeType": "image/png" } },
            { "type": "image", "source": { "type": "url", "value": "https://example.com/a.jpg", "mimeType": "image/jpeg" } },
            { "type": "audio", "source": { "type": "data", "value": "UklGRg==", "mimeType": "audio/wav" } },
            { "type": "video", "source": { "type": "url", "value": "https://example.com/a.mp4" } },
            { "type": "document", "source": { "type": "file", "value": "file-1", "mimeType": "application/pdf" } },
        ] },
    ]);
    let there = to_rig(&messages(conversation.clone()));
    // Reasoning, text and calls are one turn, and so are the results.
    let roles: Vec<_> =
        there.iter().map(|message| serde_json::to_value(message).unwrap()["role"].clone()).collect();
    assert_eq!(json!(roles), json!(["system", "user", "assistant", "user", "assistant", "user"]));
    assert_eq!(back(&there), conversation);
}

#[test]
fn arguments_that_are_no_json_stay_what_they_are() {
    let conversation = json!([
        { "id": "m0", "role": "assistant", "toolCalls": [
            { "id": "call-1", "type": "function", "function": { "name": "look", "arguments": "{\"city\":" } },
        ] },
    ]);
    assert_eq!(back(&to_rig(&messages(conversation.clone()))), conversation);
}

/// Text behind a call is a message of its own, as it is in the protocol's events.
#[test]
fn a_turn_of_rig_is_as_many_messages_as_it_takes() {
    let block = AssistantContent::text;
    let name = "look".try_into().unwrap();
    let call = AssistantContent::tool_call("call-1", name, json!({}));
    let turn =
        RigMessage::from(vec![block("One."), call, block("Two."), AssistantContent::reasoning("Three?")]);
    let roles: Vec<_> =
        back(&[turn]).as_array().unwrap().iter().map(|message| message["role"].clone()).collect();
    assert_eq!(json!(roles), json!(["assistant", "assistant", "reasoning"]));
}

fn told(source: Value, kind: &str) -> UserContent {
    let part = json!({ "type": kind, "source": source });
    let conversation = to_rig(&messages(json!([{ "id": "m", "role": "user", "content": [part] }])));
    let [RigMessage::User { content }] = &conversation[..] else { panic!("{conversation:?}") };
    content[0].clone()
}

#[test]
fn a_data_url_is_what_it_holds() {
    let source = json!({ "type": "url", "value": "data:image/gif;base64,R0lGODlh" });
    let UserContent::Image(image) = told(source, "image") else { panic!() };
    assert_eq!(image.data, DocumentSourceKind::base64("R0lGODlh"));
    assert_eq!(serde_json::to_value(image.media_type).unwrap(), "gif");
}

#[test]
fn text_of_whatever_media_type_is_told_as_text() {
    let source = json!({ "type": "data", "value": "eyJhIjoxfQ==", "mimeType": "application/json" });
    let UserContent::Document(document) = told(source, "document") else { panic!() };
    assert_eq!(document.data, DocumentSourceKind::string(r#"{"a":1}"#));
}

/// Whoever can have the provider, or this server, read any URL can read what is not meant for them.
#[test]
fn other_schemes_are_left_out_and_the_model_is_told() {
    for url in ["file:///etc/passwd", "gs://bucket/secret", "FTP://example.com/a", "nonsense", "data:,text"] {
        let content = told(json!({ "type": "url", "value": url }), "image");
        let UserContent::Text(text) = content else { panic!("{content:?}") };
        assert!(text.text.starts_with("(image left out: "), "{}", text.text);
    }
}
