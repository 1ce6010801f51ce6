//! Bytes that no honest peer sends, and promises of the interface that no schema states.

use crate::support::definitions::Definition;
use crate::support::property::{Subject, Verdict};
use crate::support::schema;
use agui_types::runtime::{Context, DecodeError, decode, decode_lenient, decode_strict};
use agui_types::{Event, EventType, PROTOCOL_VERSION};
use std::fs;
use std::path::Path;

#[test]
fn the_protocol_version_is_that_of_the_schema() {
    assert!(agui_types::SCHEMA_ID.contains(&format!("/{PROTOCOL_VERSION}/")), "{PROTOCOL_VERSION}");
}

/// Events are moved about a lot, and stored in large numbers.
#[test]
fn an_event_is_small() {
    // serde_json's values are larger if somebody in the build turns its feature `preserve_order` on.
    let spare = 4 * (size_of::<serde_json::Value>() - 32);
    assert!(size_of::<Event>() <= 256 + spare, "{} bytes", size_of::<Event>());
}

/// In tests the `jsonschema` crate makes serde_json parse floats exactly. Without the feature one random
/// float in ten comes out of a round trip as its neighbour, so it has to be this crate that asks for it.
#[test]
fn the_manifest_asks_for_exact_floats() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let asks = |path| fs::read_to_string(folder.join(path)).unwrap().contains("float_roundtrip");
    assert!(asks("Cargo.toml") || asks("../Cargo.toml"), "float_roundtrip is missing");
    let json = r#"{"type":"STATE_SNAPSHOT","snapshot":0.9701150905751921}"#;
    let event = decode_strict::<Event>(json.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&event).unwrap(), json);
}

#[test]
fn a_repeated_member_is_an_error() {
    for (definition, json, container) in [
        ("Event", r#"{"type":"RUN_ERROR","message":"a","message":"a"}"#, ""),
        ("Event", r#"{"message":"a","message":"b","type":"RUN_ERROR"}"#, ""),
        ("Event", r#"{"message":"a","type":"RUN_ERROR","message":"b"}"#, ""),
        ("Event", r#"{"type":"RUN_ERROR","type":"RUN_ERROR","message":"a"}"#, ""),
        ("Event", r#"{"type":"RUN_ERROR","message":"a","type":"CUSTOM"}"#, ""),
        ("Event", r#"{"type":"STEP_STARTED","stepName":"s","timestamp":1,"timestamp":1}"#, ""),
        ("RunErrorEvent", r#"{"type":"RUN_ERROR","type":"RUN_ERROR","message":"a"}"#, ""),
        ("Message", r#"{"role":"user","id":"1","content":"a","role":"tool"}"#, ""),
        (
            "ToolCall",
            r#"{"id":"1","type":"function","type":"function","function":{"name":"","arguments":""}}"#,
            "",
        ),
        (
            "RunFinishedEvent",
            r#"{"type":"RUN_FINISHED","threadId":"t","runId":"r","outcome":{"type":"success","type":"success"}}"#,
            "/outcome",
        ),
        ("Event", r#"{"type":"STATE_DELTA","delta":[{"op":"remove","path":"/a","path":"/b"}]}"#, "/delta/0"),
        ("Interrupt", r#"{"id":"i","reason":"r","subagentRunId":"s","subagentRunId":"s"}"#, ""),
    ] {
        for error in refused(definition, json.as_bytes()) {
            assert_eq!(error.pointer(), container, "{json}: {error}");
            assert!(error.message().contains("duplicate"), "{json}: {error}");
            assert!(!error.is_syntax(), "{json}: {error}");
        }
    }
}

/// Where the discriminator stands must not decide what is refused.
#[test]
fn a_repeated_member_before_the_discriminator_is_an_error() {
    refused("Event", br#"{"outcome":{"type":"success","type":"cancelled"},"type":"RUN_FINISHED","threadId":"t","runId":"r"}"#);
    refused("Event", br#"{"delta":[{"op":"remove","path":"/a","path":"/b"}],"type":"STATE_DELTA"}"#);
    refused("Message", br#"{"id":"1","content":[{"type":"text","text":"a","text":"b"}],"role":"user"}"#);
}

/// Two readers that keep different ones of two members would see two patches.
#[test]
fn a_repeated_member_that_an_open_object_does_not_define_is_an_error() {
    for json in [
        r#"{"op":"remove","path":"/a","note":1,"note":2}"#,
        r#"{"note":1,"op":"remove","path":"/a","note":2}"#,
        r#"{"note":1,"note":2,"op":"remove","path":"/a"}"#,
    ] {
        refused("JsonPatchOperation", json.as_bytes());
    }
}

/// What schema and decoders can be compared about, and what not.
#[test]
fn only_what_has_one_meaning_is_held_against_the_schema() {
    let subject = Subject { schema: schema::own(), definition: Definition::named("Event") };
    for (json, verdict) in [
        (r#"{"type":"RUN_ERROR","message":"m"}"#, Verdict::Valid),
        (r#"{"type":"RUN_ERROR","message":"m","x":0}"#, Verdict::Unrecognised),
        (r#"{"type":"FUTURE","message":0}"#, Verdict::Unrecognised),
        (r#"{"type":"RUN_ERROR","message":0}"#, Verdict::Malformed),
        (r#"{"type":"RUN_ERROR","message":"m","x":0,"x":0}"#, Verdict::Ambiguous),
        (r#"{"type":"RUN_ERROR","message":"m","x":1e999}"#, Verdict::Ambiguous),
        (r#"{"type":"RUN_ERROR","message":"\ud800"}"#, Verdict::Ambiguous),
        (r#"{"type":"RUN_ERROR","message":"m",}"#, Verdict::NoJson),
    ] {
        assert_eq!(subject.check(json.as_bytes()), Ok(verdict), "{json}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    for depth in [200, 100_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        for (json, pointer) in [
            (format!(r#"{{"type":"CUSTOM","name":"n","value":{nested}}}"#), "/value"),
            (format!(r#"{{"type":"STEP_STARTED","stepName":"s","rawEvent":{nested}}}"#), "/rawEvent"),
            (
                format!(r#"{{"type":"STEP_STARTED","stepName":"s","metadata":{{"a":{nested}}}}}"#),
                "/metadata/a",
            ),
            (
                format!(r#"{{"type":"STATE_DELTA","delta":[{{"op":"test","path":"","value":{nested}}}]}}"#),
                "/delta/0/value",
            ),
            (
                format!(r#"{{"type":"STATE_DELTA","delta":[{{"op":"remove","path":"","note":{nested}}}]}}"#),
                "/delta/0/note",
            ),
            (format!(r#"{{"type":"MESSAGES_SNAPSHOT","messages":{nested}}}"#), "/messages/0"),
            (format!(r#"{{"value":{nested},"type":"CUSTOM","name":"n"}}"#), "/value"),
            (nested.clone(), ""),
        ] {
            for error in refused("Event", json.as_bytes()) {
                // The pointer goes on to where the limit was hit.
                let inside = error.pointer().trim_end_matches("/0");
                assert_eq!(inside, pointer.trim_end_matches("/0"), "{depth} levels, {error}: {json:.80}");
            }
        }
        for error in refused("State", nested.as_bytes()) {
            assert_eq!(error.pointer().trim_end_matches("/0"), "", "{depth} levels: {error}");
        }
        // Nothing has to be kept of an unknown member.
        let json = format!(r#"{{"type":"STEP_STARTED","stepName":"s","unknown":{nested}}}"#);
        assert_eq!(decode_strict::<Event>(json.as_bytes()).unwrap_err().pointer(), "/unknown");
        let lenient = decode_lenient::<Event>(json.as_bytes()).unwrap();
        assert_eq!(lenient.unrecognised[0].pointer, "/unknown");
    }
}

#[test]
fn moderate_nesting_is_no_error() {
    let nested = format!("{}{}", "[".repeat(100), "]".repeat(100));
    for json in [
        format!(r#"{{"type":"CUSTOM","name":"n","value":{nested}}}"#),
        format!(r#"{{"value":{nested},"type":"CUSTOM","name":"n"}}"#),
    ] {
        decode_strict::<Event>(json.as_bytes()).unwrap();
    }
}

#[test]
fn bytes_that_are_no_json_are_a_syntax_error() {
    for bytes in [
        &b""[..],
        b" ",
        b"{",
        b"{\"type\":\"RUN_ERROR\",\"message\":\"m\"",
        b"{\"type\":\"RUN_ERROR\",\"message\":\"m\"}}",
        b"{\"type\":\"RUN_ERROR\",\"message\":\"m\"} {}",
        b"{\"type\":\"RUN_ERROR\",\"message\":\"m\",}",
        b"{'type':'RUN_ERROR','message':'m'}",
        b"{\"type\":\"RUN_ERROR\",\"message\":\"line\nbreak\"}",
        b"{\"type\":\"RUN_ERROR\",\"message\":\"\\x\"}",
        b"{\"type\":\"STEP_STARTED\",\"stepName\":\"s\",\"timestamp\":01}",
        b"{\"type\":\"STEP_STARTED\",\"stepName\":\"s\",\"timestamp\":NaN}",
        b"\xef\xbb\xbf{\"type\":\"RUN_ERROR\",\"message\":\"m\"}",
        b"event: message",
    ] {
        for error in refused("Event", bytes) {
            assert!(error.is_syntax(), "{}: {error}", bytes.escape_ascii());
            assert!(error.pointer().is_empty(), "{}: {error}", bytes.escape_ascii());
        }
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_a_syntax_error() {
    for bytes in [
        &b"\xff"[..],
        b"{\"type\":\"RUN_ERROR\",\"message\":\"\xff\"}",
        b"{\"type\":\"RUN_ERROR\",\"message\":\"\xc3\"}",
        b"{\"type\":\"RUN_ERROR\",\"message\":\"\xed\xa0\x80\"}",
        b"{\"type\":\"RUN_\xc0\x80ERROR\",\"message\":\"m\"}",
        b"{\"type\":\"RUN_ERROR\",\"message\":\"m\",\"\xfe\":1}",
        b"{\"message\":\"\xff\",\"type\":\"RUN_ERROR\"}",
        b"{\"type\":\"CUSTOM\",\"name\":\"n\",\"value\":{\"a\":[\"\x80\"]}}",
        b"{\"type\":\"CUSTOM\",\"name\":\"n\",\"value\":1}\xff",
    ] {
        for error in refused("Event", bytes) {
            assert!(error.is_syntax(), "{}: {error}", bytes.escape_ascii());
        }
    }
}

/// It must not depend on whether somebody looks at a value that the value is looked at.
#[test]
fn bytes_that_are_not_utf_8_are_a_syntax_error_in_skipped_values_too() {
    for bytes in [
        &b"{\"type\":\"RUN_ERROR\",\"message\":\"m\",\"unknown\":\"\xff\"}"[..],
        b"{\"type\":\"RUN_ERROR\",\"message\":\"m\",\"unknown\":[{\"\xff\":1}]}",
        b"{\"type\":\"FUTURE\",\"unknown\":\"\xff\"}",
    ] {
        let error = decode_lenient::<Event>(bytes).expect_err("accepted by decode_lenient");
        assert!(error.is_syntax(), "{}: {error}", bytes.escape_ascii());
        let error = decode::<Event>(bytes).expect_err("accepted by decode");
        assert!(error.is_syntax(), "{}: {error}", bytes.escape_ascii());
        let error = decode_strict::<Event>(bytes).expect_err("accepted by decode_strict");
        assert!(error.is_syntax(), "{}: {error}", bytes.escape_ascii());
    }
}

/// The grammar of JSON allows half of a surrogate pair; there is no such text, though.
#[test]
fn a_lone_surrogate_is_an_error_where_it_stands() {
    for (json, pointer) in [
        (r#"{"type":"RUN_ERROR","message":"\ud800"}"#, "/message"),
        (r#"{"type":"RUN_ERROR","message":"\udc00\ud800"}"#, "/message"),
        (r#"{"type":"CUSTOM","name":"n","value":["\ud83d"]}"#, "/value/0"),
        (r#"{"type":"STATE_DELTA","delta":[{"op":"remove","path":"/\ude00"}]}"#, "/delta/0/path"),
        (r#"{"type":"STATE_DELTA","delta":[{"op":"remove","path":"","note":"\ud83d"}]}"#, "/delta/0/note"),
        (r#"{"value":"\ud83d","type":"CUSTOM","name":"n"}"#, "/value"),
    ] {
        for error in refused("Event", json.as_bytes()) {
            assert_eq!(error.pointer(), pointer, "{json}: {error}");
        }
    }
}

#[test]
fn errors_say_where_in_the_text() {
    let error = decode_strict::<Event>(b"{\"type\":\"RUN_ERROR\",\n  \"message\": 7}").unwrap_err();
    assert_eq!((error.line(), error.column()), (2, 14));
    assert_eq!(
        error.to_string(),
        "/message: invalid type: integer `7`, expected a string at line 2 column 14"
    );
}

/// A name in the document cannot garble the error about it.
#[test]
fn errors_about_strange_names_are_exact() {
    for name in
        ["a: b", ": ", "a at line 1 column 2", " at line 7 column 7", "/", "~", "~2", "", "\u{1f}\u{0}", "😀"]
    {
        let json = serde_json::json!({ "type": "RUN_ERROR", "message": "m", name: 1 }).to_string();
        let error = decode_strict::<Event>(json.as_bytes()).unwrap_err();
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        assert_eq!(
            (error.pointer(), error.message()),
            (pointer.as_str(), "unknown member"),
            "{json}: {error}"
        );
        assert_eq!(error.line(), 1, "{json}: {error}");
    }
}

#[test]
fn the_list_of_findings_is_bounded() {
    let extra = 44;
    let unknown = |index| format!(r#","x{index}":0"#);
    let unknown: String = (0..Context::MAX_FOUND + extra).map(unknown).collect();
    let json = format!(r#"{{"type":"RUN_ERROR","message":"m"{unknown}}}"#);
    let lenient = decode_lenient::<Event>(json.as_bytes()).unwrap();
    assert_eq!((lenient.unrecognised.len(), lenient.omitted), (Context::MAX_FOUND, extra));
    assert_eq!(lenient.value, Some(agui_types::RunErrorEvent::new("m").into()));
}

/// The errors of all three decoders.
#[track_caller]
fn refused(definition: &str, json: &[u8]) -> [DecodeError; 3] {
    let definition = Definition::named(definition);
    let results = [
        ("decode_strict", definition.strict(json).err()),
        ("decode", definition.tolerant(json).err()),
        ("decode_lenient", definition.lenient(json).err()),
    ];
    results.map(|(decoder, error)| {
        error.unwrap_or_else(|| panic!("{decoder} accepts {:.200}", json.escape_ascii().to_string()))
    })
}

/// What a router or a filter wants to know of an event that it passes on.
#[test]
fn the_type_of_an_event_can_be_seen_without_decoding_it() {
    let peek = |json: &str| Event::peek_type(json.as_bytes());
    for json in [
        r#"{"type":"RAW","event":"#,
        r#"{ "type" : "RAW", ???"#,
        r#"{"event":{"type":"CUSTOM"},"type":"RAW"}"#,
        r#"{"\u0074ype":"R\u0041W"}"#,
    ] {
        assert_eq!(peek(json).unwrap(), Some(EventType::Raw), "{json}");
    }
    for json in [r#"{"type":"FUTURE"}"#, r#"{"x":1,"type":"FUTURE"}"#, r#"{"type":""}"#] {
        assert_eq!(peek(json).unwrap(), None, "{json}");
    }
    for (json, syntax, message) in [
        (r#"{"type":"RA"#, true, "EOF"),
        (r#"{"type":9}"#, false, "invalid type: integer `9`, expected a string"),
        (r#"{"x":1}"#, false, "missing field `type`"),
        ("[]", false, "expected an object"),
        ("", true, "EOF"),
    ] {
        let error = peek(json).unwrap_err();
        assert!(error.is_syntax() == syntax && error.to_string().contains(message), "{json}: {error}");
    }
    assert!(Event::peek_type(b"{\"x\":\"\xff\",\"type\":\"RAW\"}").unwrap_err().is_syntax());
}
