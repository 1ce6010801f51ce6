//! What a model reasons, and what its provider wants back of it.

use super::{agent, encrypted, kyiv, types};
use agui::model::{Entity, LlmAgent, ModelEvent, Reply, ScriptedModel, Think};
use agui::testing::{ask, record};
use agui::{Event, Message, tools};

/// REAS-1, REAS-6, REAS-8, REAS-13: a block is a span with a message; its value belongs to the message.
#[tokio::test]
async fn reasoning_is_shown_as_it_arrives_and_its_signature_is_passed_on() {
    let reply = Reply::reasoning("Kyiv, ")
        .and_reasoning("so look.")
        .and_encrypted_value("sig-1")
        .and_call(&kyiv())
        .and_encrypted_value("thought-1");
    let (model, agent) = agent([reply, Reply::text("Sunny.").and_encrypted_value("text-1")]);
    let recording = record(agent, ask("Weather in Kyiv?")).await;
    assert_eq!(
        types(&recording),
        [
            "RUN_STARTED",
            "REASONING_START",
            "REASONING_MESSAGE_START",
            "REASONING_MESSAGE_CONTENT",
            "REASONING_MESSAGE_CONTENT",
            "REASONING_ENCRYPTED_VALUE",
            "REASONING_MESSAGE_END",
            "REASONING_END",
            "TOOL_CALL_START",
            "TOOL_CALL_ARGS",
            "REASONING_ENCRYPTED_VALUE",
            "TOOL_CALL_END",
            "TOOL_CALL_RESULT",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "REASONING_ENCRYPTED_VALUE",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED",
        ]
    );
    let Event::ReasoningMessageStart(start) = &recording.events()[2] else { panic!("{recording:?}") };
    let Event::TextMessageStart(text) = &recording.events()[13] else { panic!("{recording:?}") };
    let call = recording.tool_calls()[0].id.clone();
    assert_eq!(
        encrypted(&recording),
        [
            ("message", &*start.message_id, "sig-1"),
            ("tool-call", &*call, "thought-1"),
            ("message", &*text.message_id, "text-1"),
        ]
    );

    // The next turn of the run sees all of it, the reasoning before the call that came of it.
    let requests = model.requests();
    let [_, Message::Reasoning(reasoning), Message::Assistant(assistant), Message::Tool(_)] =
        &requests[1].messages[..]
    else {
        panic!("{:?}", requests[1])
    };
    assert_eq!((&*reasoning.id, &*reasoning.content), (&*start.message_id, "Kyiv, so look."));
    assert_eq!(reasoning.encrypted_value.as_deref(), Some("sig-1"));
    assert_eq!(assistant.tool_calls.as_ref().unwrap()[0].encrypted_value.as_deref(), Some("thought-1"));
}

/// REAS-8: what a client gives back reaches the model as it was, in the same messages as within the run.
#[tokio::test]
async fn signatures_come_back_from_the_clients_history() {
    let reply =
        Reply::reasoning("Look.").and_encrypted_value("sig-1").and_call(&kyiv()).and_encrypted_value("t-1");
    let (model, agent) = agent([
        reply,
        Reply::default().and_encrypted_value("redacted").and_text("Sunny.").and_encrypted_value("x-1"),
        Reply::text("Yes."),
    ]);
    let recording = record(agent.clone(), ask("Weather?")).await;
    let next = recording.answer("").unwrap();
    record(agent, next).await;

    let requests = model.requests();
    let (within, later) = (&requests[1].messages, &requests[2].messages);
    assert_eq!(later[..within.len()], within[..], "the client's history is what the run's own was");
    let [Message::Reasoning(redacted), Message::Assistant(text)] = &later[within.len()..] else {
        panic!("{later:?}")
    };
    assert_eq!((&*redacted.content, redacted.encrypted_value.as_deref()), ("", Some("redacted")));
    assert_eq!((text.content.as_deref(), text.encrypted_value.as_deref()), (Some("Sunny."), Some("x-1")));
}

/// Reasoning between text and calls begins a message of its own, so that everything stands in order.
#[tokio::test]
async fn reasoning_between_text_and_calls_keeps_its_place() {
    let reply = Reply::text("Hm. ").and_reasoning("Look?").and_call(&kyiv());
    let (model, agent) = agent([reply, Reply::text("Sunny."), Reply::text("Yes.")]);
    let recording = record(agent.clone(), ask("?")).await;
    record(agent, recording.answer("").unwrap()).await;
    let requests = model.requests();
    let shapes = |messages: &[Message]| {
        let shape = |message: &Message| match message {
            Message::Assistant(message) => match (&message.content, &message.tool_calls) {
                (Some(_), None) => "text",
                (None, Some(_)) => "calls",
                other => panic!("{other:?}"),
            },
            other => other.tag(),
        };
        messages.iter().map(shape).collect::<Vec<_>>()
    };
    assert_eq!(shapes(&requests[1].messages), ["user", "text", "reasoning", "calls", "tool"]);
    assert_eq!(shapes(&requests[2].messages), ["user", "text", "reasoning", "calls", "tool", "text"]);
}

/// REAS-1, REAS-10: blocks by their ids; values for what is not there do no harm.
#[tokio::test]
async fn blocks_of_reasoning_are_told_apart_and_stray_values_are_dropped() {
    let reasoning = |id: &str, delta: &str| ModelEvent::Reasoning { id: id.into(), delta: delta.into() };
    let value = |entity, value: &str| ModelEvent::EncryptedValue { entity, value: value.into() };
    let reply = Reply::default()
        .and_event(value(Entity::Text, "no message yet"))
        .and_event(value(Entity::ToolCall("none".into()), "no such call"))
        .and_event(reasoning("a", "one"))
        .and_event(reasoning("a", ""))
        .and_event(reasoning("b", "two"))
        .and_event(value(Entity::Reasoning("a".into()), "of one, late"))
        .and_event(value(Entity::Reasoning("c".into()), "of none"))
        .and_text("done");
    let recording = record(agent([reply]).1, ask("?")).await;
    let messages = recording.messages();
    let reasoned = messages.iter().filter_map(|message| match message {
        Message::Reasoning(message) => Some((&*message.content, message.encrypted_value.as_deref())),
        _ => None,
    });
    assert_eq!(
        reasoned.collect::<Vec<_>>(),
        [("one", Some("of one, late")), ("two", None), ("", Some("of none"))]
    );
}

#[tokio::test]
async fn reasoning_is_limited() {
    let many = (0..300).fold(Reply::default(), |reply, n| {
        reply.and_event(ModelEvent::Reasoning { id: n.to_string(), delta: "x".into() })
    });
    assert!(record(agent([many]).1, ask("?")).await.error().is_some());
    let long = Reply::default().and_reasoning("x".repeat(9 << 20));
    assert!(record(agent([long]).1, ask("?")).await.error().is_some());
}

/// A thought is reasoning for the client and a call for the model.
#[tokio::test]
async fn the_tool_to_think_with_is_shown_as_reasoning() {
    let pieces = [r#"{"thou"#, r#"ght":"Is it \"#, r#"u00e4ny\n"#, r#"good?"}"#];
    let model = std::sync::Arc::new(ScriptedModel::new([
        Reply::default().and_raw_call("think", pieces),
        Reply::text("Now. ").and_call(&Think { thought: "And?".into() }).and_call(&kyiv()),
        Reply::text("Sunny."),
    ]));
    let agent = LlmAgent::new(std::sync::Arc::clone(&model)).tools(tools![Think, super::GetWeather].unwrap());
    let recording = record(agent, ask("?")).await;
    assert!(recording.is_success(), "{recording:?}");
    let reasoned = recording.messages().into_iter().filter_map(|message| match message {
        Message::Reasoning(message) => Some(message.content),
        _ => None,
    });
    assert_eq!(reasoned.collect::<Vec<_>>(), ["Is it äny\ngood?", "And?"]);
    assert_eq!(recording.tool_calls().len(), 1);
    assert_eq!(recording.calls_of::<super::GetWeather>(), [kyiv()]);
    // As it arrives: a piece of the thought for each piece of the arguments that has one.
    let contents = types(&recording).iter().filter(|name| **name == "REASONING_MESSAGE_CONTENT").count();
    assert_eq!(contents, 4);
    // The model sees its call, and that it was answered.
    let requests = model.requests();
    assert!(matches!(requests[1].messages.last(), Some(Message::Tool(_))));
    let answered = requests[2].messages.iter().filter(|message| matches!(message, Message::Tool(_))).count();
    assert_eq!(answered, 3);
}
