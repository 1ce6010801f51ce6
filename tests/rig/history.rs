//! Conversations there and back.

use agui::Message;
use agui::rig::core::message::{
    AssistantContent, DocumentMediaType, DocumentSourceKind, Message as RigMessage, ToolResult,
    ToolResultContent, UserContent,
};
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

/// INPUT-5: by URL, inline or by the handle of a file, each with its media type.
#[test]
fn every_kind_of_part_comes_back_from_wherever_it_is() {
    for (kind, mime) in [
        ("image", "image/webp"),
        ("audio", "audio/flac"),
        ("video", "video/webm"),
        ("document", "application/pdf"),
        ("document", "text/csv"),
    ] {
        let sources = json!([
            { "type": "data", "value": "YSxi", "mimeType": mime },
            { "type": "url", "value": "https://example.com/a", "mimeType": mime },
            { "type": "url", "value": "https://example.com/b" },
            { "type": "file", "value": "file-1", "mimeType": mime },
            { "type": "file", "value": "file-2" },
        ]);
        let parts: Vec<_> = sources
            .as_array()
            .unwrap()
            .iter()
            .map(|source| json!({ "type": kind, "source": source }))
            .collect();
        let conversation = json!([{ "id": "m0", "role": "user", "content": parts }]);
        assert_eq!(back(&to_rig(&messages(conversation.clone()))), conversation, "{kind}");
    }
}

#[test]
fn an_image_as_a_result_comes_back() {
    let image = json!({ "type": "image", "source": { "type": "data", "value": "iVBORw0KGgo=", "mimeType": "image/png" } });
    let conversation = json!([
        { "id": "m0", "role": "assistant", "toolCalls": [
            { "id": "call-1", "type": "function", "function": { "name": "look", "arguments": "{}" } },
        ] },
        { "id": "m1", "role": "tool", "content": [{ "type": "text", "text": "Here." }, image], "toolCallId": "call-1" },
    ]);
    assert_eq!(back(&to_rig(&messages(conversation.clone()))), conversation);
}

/// What a store of rig's keeps is what it gets again.
#[test]
fn a_conversation_of_rigs_is_the_same_when_it_comes_back() {
    let text = |text: &str| vec![ToolResultContent::text(text)];
    let AssistantContent::ToolCall(look) =
        AssistantContent::tool_call("call-1", "look".try_into().unwrap(), json!({ "city": "Kyiv" }))
    else {
        panic!()
    };
    let AssistantContent::ToolCall(fail) =
        AssistantContent::tool_call("call-2", "fail".try_into().unwrap(), json!({}))
    else {
        panic!()
    };
    let results = [ToolResult { is_error: true, ..fail.result(text("broken")) }, look.result(text("sunny"))];
    let conversation = [
        RigMessage::system("Be brief."),
        RigMessage::user("Weather?"),
        RigMessage::from(vec![
            AssistantContent::reasoning("Look."),
            AssistantContent::text("Let me see."),
            AssistantContent::ToolCall(look),
            AssistantContent::ToolCall(fail),
        ]),
        RigMessage::User { content: results.into_iter().map(UserContent::ToolResult).collect() },
        RigMessage::assistant("Sunny."),
        RigMessage::User {
            content: vec![
                UserContent::text("And here?"),
                UserContent::image_base64("iVBORw0KGgo=", None, None),
                UserContent::image_url("https://example.com/a", None, None),
                UserContent::audio_base64("UklGRg==", None),
                UserContent::document_text("a,b", Some(DocumentMediaType::CSV)),
            ],
        },
    ];
    let there = from_rig(&conversation, |index| format!("m{index}"));
    let again = to_rig(&there);
    assert_eq!(again[..5], conversation[..5]);
    // Text and bytes travel as Base64, and so with a media type, as the protocol wants it.
    let RigMessage::User { content } = &again[5] else { panic!("{again:?}") };
    let data: Vec<_> = content
        .iter()
        .map(|part| match part {
            UserContent::Text(text) => text.text.clone(),
            UserContent::Image(image) => image.data.to_string(),
            UserContent::Audio(audio) => audio.data.to_string(),
            UserContent::Document(document) => document.data.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(data, ["And here?", "iVBORw0KGgo=", "https://example.com/a", "UklGRg==", "YSxi"]);
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
