// What users write against the types of the current schema, a section for each edit of `tests/next`: it
// touches what the edit changes. A section is the body of a function that imports the types and the
// runtime as `rt`; it begins with the pointer and the kind of the edit's first row.

// # /$id version
assert!(PROTOCOL_VERSION.contains('.') && SCHEMA_ID.starts_with("https://"));

// # /$defs/RunErrorEvent/properties/retryAfter property-added
let event = RunErrorEvent::new("no").code("c").timestamp(5);
let RunErrorEvent { message, code, timestamp, .. } = event.clone();
assert_eq!((message.as_str(), code.as_deref(), timestamp), ("no", Some("c"), Some(5)));
let mut out = Vec::new();
rt::encode(&event, &mut out).unwrap();
assert_eq!(rt::decode::<RunErrorEvent>(&out).unwrap(), event);

// # /$defs/BaseEvent/properties/traceId property-added
let mut event = BaseEvent::new(EventType::RunError).timestamp(1);
event.timestamp = None;
assert_eq!(event.type_, EventType::RunError);
let _: Option<Metadata> = StepFinishedEvent::new("s").raw_event("raw").metadata;

// # /$defs/HeartbeatEvent definition-added
let event: Event = RunErrorEvent::new("no").into();
let text = rt::serde_json::to_string(&event).unwrap();
assert_eq!(rt::serde_json::from_str::<Event>(&text).unwrap(), event);

// # /$defs/Event variant-added
let event = Event::from(RunErrorEvent::new("no").timestamp(7).raw_event(1));
let told = match &event {
    Event::RunError(error) => error.message.as_str(),
    Event::StepStarted(step) => step.step_name.as_str(),
    _ => "other",
};
assert_eq!((told, event.tag()), ("no", "RUN_ERROR"));
let _: (Option<i64>, Option<&str>, Option<&Metadata>) = (event.timestamp(), event.message_id(), event.metadata());
let _: Option<&SubagentRunId> = event.subagent_run_id();
assert_eq!(Event::peek_type(text_of(&event).as_bytes()).unwrap(), Some(EventType::RunError));
fn text_of(event: &Event) -> String { rt::serde_json::to_string(event).unwrap() }

// # /$defs/EventType value-added
let told = match EventType::RunError {
    EventType::RunStarted => 1,
    EventType::RunError => 2,
    _ => 3,
};
assert_eq!((told, EventType::RunError.as_str()), (2, "RUN_ERROR"));
assert!(EventType::ALL.contains(&EventType::RunError) && "RUN_ERROR".parse() == Ok(EventType::RunError));

// # /$defs/ReasoningEncryptedValueSubtype value-added
let subtype: ReasoningEncryptedValueSubtype = "message".parse().unwrap();
assert!(matches!(subtype, ReasoningEncryptedValueSubtype::Message));

// # /$defs/Context openness
let context = Context::new("d", "v");
let Context { description, value, .. } = context.clone();
assert_eq!((description.as_str(), value.as_str()), ("d", "v"));
let mut out = Vec::new();
rt::encode(&context, &mut out).unwrap();
assert_eq!(out, br#"{"description":"d","value":"v"}"#);

// # /$defs/ToolCallChunkEvent/properties/delta default
let chunk = ToolCallChunkEvent::new().delta("d");
let _: Option<String> = chunk.delta;

// # /$defs/RunErrorEvent/properties/code property-required
let event = RunErrorEvent::new("no");
let _: Option<String> = event.code;

// # /$defs/ToolCallStartEvent/properties/toolCallName property-optional
let event = ToolCallStartEvent::new("call", "name");
let _: String = event.tool_call_name;

// # /$defs/StepStartedEvent/properties/kind property-added
let _ = StepStartedEvent::new("step");

// # /$defs/RawEvent/properties/source property-removed
let _ = RawEvent::new(1).source("s");

// # /$defs/Tool/properties/summary property-renamed
let Tool { description, .. } = Tool::new("name", "what it does");
assert_eq!(description, "what it does");

// # /$defs/DataSource/properties/value type
let _ = DataSource::new("AA==", "image/png");

// # /$defs/FunctionCall/properties/arguments nullable
let _: String = FunctionCall::new("name", "{}").arguments;

// # /$defs/TokenUsage/properties/inputTokens bounds
let _: Option<u64> = TokenUsage::new().input_tokens(3).input_tokens;

// # /$defs/TokenUsage/properties/outputTokens rust-type
let _: Option<u64> = TokenUsage::new().output_tokens(3).output_tokens;

// # /$defs/RunFinishedInterruptOutcome/properties/interrupts bounds
let outcome = RunFinishedInterruptOutcome::new(vec![Interrupt::new("a", "why"), Interrupt::new("b", "why")]);
let outcome: RunFinishedOutcome = outcome.into();
assert_eq!(outcome.tag(), RunFinishedInterruptOutcome::TYPE);

// # /$defs/JsonPointer pattern
let pointer = JsonPointer::try_from("/a").unwrap();
assert!("a".parse::<JsonPointer>().is_err() && pointer == "/a" && pointer.as_str().len() == 2);
let _ = RemoveOperation::new(pointer);

// # /$defs/SubagentRunId pattern
let id: SubagentRunId = "run".into();
let _ = StepFinishedEvent::new("s").subagent_run_id(id);

// # /$defs/ActivitySnapshotEvent/properties/replace default
let event = ActivitySnapshotEvent::new("m", "plan", rt::serde_json::Map::new()).replace(true);
let _: Option<bool> = event.replace;

// # /$defs/AddOperation openness
let mut operation = AddOperation::new(JsonPointer::try_from("/a").unwrap(), 1);
operation.extra.insert("x".to_owned(), 1.into());

// # /$defs/TextMessageRole value-removed
let told = match TextMessageRole::User {
    TextMessageRole::System => 1,
    _ => 2,
};
assert_eq!(told, 2);

// # /$defs/PartSource variant-removed
let source = PartSource::from(UrlSource::new("https://example.com"));
assert!(!matches!(source, PartSource::File(_)));

// # /$defs/ContentPart variant-added
let mut part = ContentPart::from(TextPart::new("t"));
*part.id_mut() = Some("p".to_owned());
assert_eq!(part.id(), Some("p"));

// # /$defs/CriticMessage definition-added
let message = Message::from(SystemMessage::new("m", "be brief"));
assert_eq!((message.role(), message.id()), (Role::System, "m"));

// # /$defs/AgentDescription definition-renamed
let _ = AgentCapabilities::new().identity(IdentityCapabilities::new().name("n"));

// # /$defs/ToolCall/properties/type constant
let call = ToolCall::new("id", FunctionCall::new("name", "{}"));
let mut out = Vec::new();
rt::encode(&call, &mut out).unwrap();
assert!(String::from_utf8(out).unwrap().contains(ToolCall::TYPE));

// # /$defs/ToolCallResultEvent/properties/role constant
let event = ToolCallResultEvent::new("m", "call", "done").role(ToolCallResultEventRole::Tool);
let told = match event.role {
    Some(ToolCallResultEventRole::Tool) => "tool",
    Some(_) | None => "other",
};
assert_eq!(told, "tool");

// # /$defs/JsonPatch definition-kind
let patch: JsonPatch = vec![RemoveOperation::new(JsonPointer::try_from("/a").unwrap()).into()];
assert_eq!(patch.len(), 1);

// # /$defs/ToolMessage required-order
// Texts in another order are texts still: this compiles, and says something else.
let message = ToolMessage::new("message", "done", "call");
assert_eq!((message.id.as_str(), message.tool_call_id.as_str()), ("message", "call"));

// # /$defs/ResumeEntry/properties/payload nullable
let entry = ResumeEntry::new("i", ResumeEntryStatus::Resolved).payload(1);
let _: Option<rt::serde_json::Value> = entry.payload;

// # /$defs/SubagentFinishedOutcome discriminator
let outcome: SubagentFinishedOutcome = SubagentFinishedSuccessOutcome::new().into();
assert_eq!(outcome.tag(), SubagentFinishedSuccessOutcome::TYPE);

// # /$ref root
let _ = rt::decode::<Event>(br#"{"type":"RUN_ERROR","message":"no"}"#).unwrap();
