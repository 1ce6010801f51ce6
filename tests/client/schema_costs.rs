//! What it takes to check answers, whatever schema an agent has for them.

use super::schemas::{interrupt, misfit, unchecked};
use agui::client::Answerable;
use serde_json::{Value, json};

/// A schema from an agent may neither take for ever nor the stack.
#[test]
fn sec_1_hostile_schemas_come_to_an_end() {
    let twice = |next: usize| json!({ "$ref": format!("#/$defs/{next}") });
    let doubled = |keyword: &str| {
        let link = |nth: usize| (nth.to_string(), json!({ keyword: [twice(nth + 1), twice(nth + 1)] }));
        let mut links: serde_json::Map<_, _> = (0..60).map(link).collect();
        links.insert("60".into(), json!({ "type": "string" }));
        json!({ "$defs": links, "$ref": "#/$defs/0" })
    };
    let deep = (0..60).fold(json!({ "type": "string" }), |schema, _| json!({ "not": { "allOf": [schema] } }));
    let schemas = [
        json!({ "$ref": "#" }),
        json!({ "allOf": [{ "$ref": "#" }] }),
        json!({ "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } }, "$ref": "#/$defs/a" }),
        json!({ "items": { "$ref": "#" }, "contains": { "$ref": "#" } }),
        json!({ "pattern": "(((a{1,900}){1,900}){1,900})$" }),
        json!({ "pattern": "^(a+)+$" }),
        json!({ "pattern": "(?:){4000000000}" }),
        json!({ "enum": vec!["x".repeat(1000); 1000] }),
        json!({ "$ref": "#anchor", "$defs": deep }),
        doubled("allOf"),
        doubled("anyOf"),
        doubled("oneOf"),
        deep,
    ];
    let deep = (0..100).fold(json!([]), |inner, _| json!([inner, inner.is_null()]));
    let answers = [json!(7), json!("a".repeat(50) + "b"), json!(vec![0; 5000]), deep];
    // Less than what threads have.
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let checked = small.spawn(move || {
        for schema in &schemas {
            for answer in &answers {
                let _ = interrupt(schema).resolve(answer);
            }
        }
    });
    checked.unwrap().join().unwrap();
}

/// What is repeated, by references in a list, costs so much and is told so far.
#[tokio::test]
async fn sec_1_what_a_schema_says_again_and_again_costs_no_more_than_the_rest() {
    let again = |keyword: &str, times: usize, mut schema: Value| {
        schema["$anchor"] = json!("x");
        json!({ "$defs": { "x": schema }, keyword: vec![json!({ "$ref": "#x" }); times] })
    };
    let (long, text) = ("x".repeat(45_000), "a".repeat(500));
    let too_much = Some("the answer to `i0` was not checked, that takes too much work");
    for (schema, answer, told) in [
        // Each would take a second by itself.
        (again("allOf", 250, json!({ "pattern": "^(.?){9000}$" })), json!(text), None),
        (again("anyOf", 250, json!({ "not": { "pattern": "a{30000}" } })), json!(text), None),
        (again("allOf", 2000, json!({ "pattern": "^(.?){100}.*$" })), json!(text), too_much),
        (
            again("allOf", 2000, json!({ "patternProperties": { "^(.?){100}$": false } })),
            json!({ text: 1 }),
            too_much,
        ),
        (again("anyOf", 3900, json!({ "const": [long] })), json!("x"), too_much),
        (again("anyOf", 3900, json!({ "enum": vec![1; 20_000] })), json!("x"), too_much),
        (again("allOf", 3900, json!({ "type": vec!["null"; 5_000] })), json!("x"), None),
        (
            again("allOf", 3900, json!({ "dependentRequired": { "a": vec!["a"; 10_000] } })),
            json!({ "a": 1 }),
            too_much,
        ),
        (again("anyOf", 3900, json!({ "required": [long] })), json!({}), too_much),
    ] {
        let before = cpu_time::ThreadTime::now();
        let said = unchecked(&schema, std::slice::from_ref(&answer)).await;
        let took = before.elapsed();
        let schema = &schema.to_string()[..100];
        if told.is_some() {
            assert_eq!(said.as_deref(), told, "{schema}");
        }
        assert!(took.as_secs() < 20, "{schema} took {took:?}");
    }
    for schema in [
        json!({ "const": long }),
        json!({ "enum": [long] }),
        json!({ "required": [long] }),
        json!({ "propertyNames": { "const": long } }),
        again("anyOf", 100, json!({ "const": long })),
    ] {
        let (_, message) = misfit(&schema, &json!({ "a": 1 })).unwrap();
        assert!(message.len() < 1000 && message.ends_with('…'), "{message}");
    }
    let unusable = unchecked(&json!({ "allOf": [[long]] }), &[json!(1)]).await.unwrap();
    assert!(unusable.len() < 1000, "{unusable}");
}

#[tokio::test]
async fn honest_answers_may_be_large() {
    let ids: Vec<_> = (0..20_000).map(|id| format!("00000000-0000-4000-8000-{id:012}")).collect();
    let twice: Vec<_> = ids.iter().chain([&ids[7]]).collect();
    let text = "It was a dark and stormy night.\n".repeat(10_000);
    let schema = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "text": { "type": "string", "minLength": 1, "pattern": "^[A-Z]" },
            "ids": { "type": "array", "items": { "type": "string" }, "uniqueItems": true },
        },
    });
    let answers = [json!({ "text": text }), json!({ "ids": ids })];
    assert_eq!(unchecked(&schema, &answers).await, None);
    assert!(answers.iter().all(|answer| misfit(&schema, answer).is_none()));
    let (place, said) = misfit(&schema, &json!({ "ids": twice })).unwrap();
    assert_eq!((&*place, &*said), ("/ids", "has an element twice"));
    // However they are spelled.
    let unique = json!({ "uniqueItems": true });
    for twice in
        [json!([1, 1.0]), json!([[0.0], [-0.0]]), json!([{ "a": 1, "b": [2.0] }, { "b": [2], "a": 1 }])]
    {
        assert!(misfit(&unique, &twice).is_some(), "{twice}");
    }
    assert_eq!(
        misfit(
            &unique,
            &json!([1, "1", true, [1], 1.5, 9_007_199_254_740_992_u64, 9_007_199_254_740_993_u64])
        ),
        None
    );
}

/// What matching takes beside time.
#[test]
fn sec_1_patterns_take_no_more_memory_than_they_may() {
    let groups = |nth: usize| json!({ "pattern": format!("{}{nth}*", "()".repeat(291)) });
    let states = |nth: usize| json!({ "pattern": format!("a{{900}}b{nth}") });
    for schema in [
        json!({ "allOf": (0..150).map(groups).collect::<Vec<_>>() }),
        json!({ "allOf": (0..1000).map(states).collect::<Vec<_>>() }),
    ] {
        let held = allocation_counter::measure(|| {
            let _ = interrupt(&schema).resolve(&"text");
        });
        assert!(held.bytes_max < 64 << 20, "{} bytes", held.bytes_max);
    }
}
