//! The shapes of `types` with values that serde and the schemas have to agree on.

#![allow(clippy::needless_update, reason = "most shapes have no values that only one side accepts")]

use super::check::{Values, shape};
use super::types::*;
use serde_json::{Value, json};

/// A test of one shape: its type, and its values.
macro_rules! shapes {
    ($($name:ident: $shape:ty {
        accepted: [$($accepted:tt),* $(,)?], rejected: [$($rejected:tt),* $(,)?]
        $(, only_schema: [$($only_schema:tt => $schema_why:literal),* $(,)?])?
        $(, only_serde: [$($only_serde:tt => $serde_why:literal),* $(,)?])? $(,)?
    })*) => {$(
        #[test]
        fn $name() {
            shape::<$shape>(stringify!($name), &Values {
                accepted: vec![$(json!($accepted)),*],
                rejected: vec![$(json!($rejected)),*],
                $(only_schema: vec![$((json!($only_schema), $schema_why)),*],)?
                $(only_serde: vec![$((json!($only_serde), $serde_why)),*],)?
                ..Values::default()
            });
        }
    )*};
}

shapes! {
    empty: Empty { accepted: [{}, {"extra": 1}], rejected: [1, null] }
    documented: Documented { accepted: [{"first": "a", "second": true}], rejected: [{"first": "a"}, {"first": 1, "second": true}] }
    nested: Nested {
        accepted: [{"at": {"x": 1.5}, "path": [{"x": 1, "y": 2}]}, {"at": {"x": 1, "y": null}, "path": [], "maybe": null},
            {"at": {"x": 1}, "path": [], "maybe": {"x": 2}}],
        rejected: [{"at": {}, "path": []}, {"at": {"x": 1}, "path": [1]}, {"at": null, "path": []}]
    }
    unit_enums: UnitEnums {
        accepted: [{"plain": "One", "colour": "deep_red", "documented": "other"},
            {"plain": "Two", "colour": "blue", "maybe": "blue", "optional": null, "documented": "blue"}],
        rejected: [{"plain": "one", "colour": "blue", "documented": "blue"}, {"plain": null, "colour": "blue", "documented": "blue"}]
    }
    externally_tagged: ExternallyTagged {
        accepted: [{"figure": "Dot", "others": [{"Circle": 1}, {"Line": [1, 2]}, {"Rect": {"width": 1}}]}],
        rejected: [{"figure": "Circle", "others": []}, {"figure": {"Rect": {}}, "others": []}, {"figure": {"Line": [1]}, "others": []}]
    }
    internally_tagged: InternallyTagged {
        accepted: [{"figure": {"kind": "Circle", "radius": 1}}, {"figure": {"kind": "Rect", "width": 1}, "maybe": {"kind": "Dot"}}],
        rejected: [{"figure": {"kind": "Circle"}}, {"figure": {"radius": 1}}, {"figure": {"kind": "Square"}}]
    }
    adjacently_tagged: AdjacentlyTagged {
        accepted: [{"figure": {"t": "Dot"}}, {"figure": {"t": "Circle", "c": 1}}, {"figure": {"t": "Rect", "c": {"width": 1}}}],
        rejected: [{"figure": {"t": "Circle"}}, {"figure": {"c": 1}}, {"figure": {"t": "Rect", "c": 1}}]
    }
    untagged: Untagged {
        accepted: [{"value": 1}, {"value": "a"}, {"value": {"x": 1}}], rejected: [{"value": true}, {"value": {}}, {}]
    }
    maps: Maps {
        accepted: [{"numbers": {"a": 1}, "keyed": {"1": true}}],
        rejected: [{"numbers": {"a": 300}, "keyed": {}}, {"numbers": {}, "keyed": {"a": true}}],
        only_schema: [{"numbers": {}, "keyed": {"70000": true}} => "the pattern of keys has no range"]
    }
    tuples: Tuples {
        accepted: [{"pair": [1, 2], "mixed": [1, "a"], "nothing": null}],
        rejected: [{"pair": [1], "mixed": [1, "a"], "nothing": null}, {"pair": [1, 2], "mixed": ["a", 1], "nothing": null}]
    }
    tuple_structs: TupleStructs {
        accepted: [{"length": 1.5, "both": [1, true]}], rejected: [{"length": "1", "both": [1, true]}, {"length": 1, "both": [1]}]
    }
    arrays: Arrays {
        accepted: [{"rgb": [1, 2, 3], "list": ["a"], "rows": [[1], []]}],
        rejected: [{"rgb": [1, 2], "list": [], "rows": []}, {"rgb": [1, 2, 3], "list": [1], "rows": []},
            {"rgb": [1, 2, 256], "list": [], "rows": []}]
    }
    sets: Sets {
        accepted: [{"tags": ["a", "b"]}], rejected: [{"tags": [1]}],
        only_serde: [{"tags": ["a", "a"]} => "serde drops duplicates, the schema asks for none"]
    }
    options: Options {
        accepted: [{}, {"plain": null, "twice": null, "list": null}, {"plain": 1, "twice": "a", "list": [true, null]}],
        rejected: [{"plain": "a"}, {"list": [1]}]
    }
    defaults: Defaults {
        accepted: [{"query": "a"}, {"query": "a", "count": 1, "limit": -1, "tags": ["b"], "inner": {}}],
        rejected: [{}, {"query": "a", "count": null}, {"query": "a", "count": -1}]
    }
    renamed: Renamed { accepted: [{"firstName": "a", "family": "b"}], rejected: [{"first_name": "a", "last_name": "b"}] }
    flattened: Flattened {
        accepted: [{"query": "a", "offset": 1}, {"query": "a", "offset": 1, "limit": 2}],
        rejected: [{"query": "a"}, {"query": "a", "offset": -1}]
    }
    flattened_enum: FlattenedEnum {
        accepted: [{"id": 1, "kind": "Circle", "radius": 2}, {"id": 1, "kind": "Rect", "width": 2}, {"id": 1, "kind": "Dot"}],
        rejected: [{"id": 1}, {"id": 1, "kind": "Circle"}, {"kind": "Dot"}]
    }
    flattened_enum_inside: Holder {
        accepted: [{"inner": {"id": 1, "kind": "Circle", "radius": 2}}, {"inner": {"id": 1, "kind": "Rect", "width": 2}}],
        rejected: [{"inner": {"id": 1, "kind": "Circle"}}, {"inner": {"kind": "Dot"}}]
    }
    flattened_map: FlattenedMap { accepted: [{"id": 1}, {"id": 1, "more": [2]}], rejected: [{"more": 1}] }
    skipped: Skipped { accepted: [{"kept": 1, "input": 2}], rejected: [{"kept": 1}] }
    aliased: Aliased {
        accepted: [{"city": "a"}], rejected: [{}],
        only_serde: [{"town": "a"} => "an alias is for old callers, models learn the name"]
    }
    closed: Closed {
        accepted: [{"only": "a"}, {"only": "a", "inner": {"x": -1}}],
        rejected: [{"only": "a", "more": 1}, {"only": "a", "inner": {"x": 1, "y": 2}}]
    }
    recursive: Recursive {
        accepted: [{"tree": {"name": "a", "children": [{"name": "b", "children": []}]}},
            {"tree": {"name": "a", "children": []}, "other": {"name": "c", "children": []}}],
        rejected: [{"tree": {"name": "a", "children": [{"name": 1, "children": []}]}}, {}]
    }
    recursive_root: Itself {
        accepted: [{"value": 1}, {"value": 1, "next": {"value": 2}}], rejected: [{"value": 1, "next": {}}, {}]
    }
    pointers: Pointers { accepted: [{"boxed": 1, "shared": "a", "cow": "b"}], rejected: [{"boxed": "a", "shared": "a", "cow": "b"}] }
    constrained: Constrained {
        accepted: [{"amount": 1, "ratio": 1, "code": "ab", "names": ["a"], "mail": "a@example.com", "fives": 10}],
        rejected: [{}, {"amount": -1, "ratio": 1, "code": "ab", "names": ["a"], "fives": 10}],
        only_schema: [],
        only_serde: [
            {"amount": 11, "ratio": 1, "code": "ab", "names": ["a"], "fives": 10} => "serde does not check ranges",
            {"amount": 1, "ratio": 0.5, "code": "ab", "names": ["a"], "fives": 10} => "nor exclusive ones",
            {"amount": 1, "ratio": 1, "code": "ABCDE", "names": ["a"], "fives": 10} => "nor patterns",
            {"amount": 1, "ratio": 1, "code": "ab", "names": [""], "fives": 10} => "nor lengths",
            {"amount": 1, "ratio": 1, "code": "ab", "names": ["a"], "fives": 3} => "nor extensions",
        ]
    }
    times: Times {
        accepted: [{"at": "2026-01-31T12:00:00Z", "day": "2026-01-31", "local": "2026-01-31T12:00:00"}],
        rejected: [{"at": "now", "day": "2026-01-31", "local": "2026-01-31T12:00:00"},
            {"at": "2026-01-31T12:00:00Z", "day": "2026-02-31", "local": "2026-01-31T12:00:00"}],
        only_schema: [{"at": "2026-01-31T12:00:00Z", "day": "2026-01-31", "local": "noon"} => "no standard format exists"]
    }
    ids: Ids {
        accepted: [{"id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "link": "https://example.com/", "ip": "::1"}],
        rejected: [{"id": "a", "link": "https://example.com/", "ip": "::1"}, {"id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "link": "a b", "ip": "::1"}],
        only_schema: [{"id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "link": "https://example.com/", "ip": "a"} => "no standard format is for both"]
    }
    signed: Signed {
        accepted: [{"a": -128, "b": -1, "c": -2147483648, "d": -1, "e": -1}],
        rejected: [{"a": -129, "b": 0, "c": 0, "d": 0, "e": 0}, {"a": 0, "b": 0, "c": 2147483648u32, "d": 0, "e": 0}, {"a": 0.5, "b": 0, "c": 0, "d": 0, "e": 0}],
        only_schema: [
            {"a": 1.0, "b": 0, "c": 0, "d": 0, "e": 0} => "1.0 is an integer in JSON Schema",
            {"a": 0, "b": 0, "c": 0, "d": 18446744073709551615u64, "e": 0} => "bounds of 64 bits are left out",
        ]
    }
    unsigned: Unsigned {
        accepted: [{"a": 255, "b": 1, "c": 4294967295u32, "d": 1, "e": 1, "f": 1}],
        rejected: [{"a": 256, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}, {"a": 1, "b": 1, "c": 4294967296u64, "d": 1, "e": 1, "f": 1}, {"a": 1, "b": 1, "c": 1, "d": -1, "e": 1, "f": 1}]
    }
    floats: Floats { accepted: [{"a": 1, "b": -0.5}], rejected: [{"a": "1", "b": 1}, {"a": 1}] }
    small: Small {
        accepted: [{"letter": "é", "positive": 1, "other": -1}],
        rejected: [{"letter": "ab", "positive": 1, "other": 1}, {"letter": "a", "positive": 0, "other": 1}, {"letter": "a", "positive": 1, "other": 0}]
    }
    duration: Waiting { accepted: [{"time": {"secs": 1, "nanos": 2}}], rejected: [{"time": 1}, {"time": {"secs": -1, "nanos": 0}}] }
    anything: Anything { accepted: [{"value": null}, {"value": [1]}], rejected: [{}] }
}

#[test]
fn only_objects_are_arguments() {
    let problem = |result: Result<Value, agui::tool::schema::SchemaError>| result.unwrap_err().to_string();
    assert!(problem(agui::tool::schema::parameters::<i32>()).ends_with("`int32` is an integer"));
    assert!(problem(agui::tool::schema::parameters::<Vec<u8>>()).ends_with("is an array"));
    assert!(problem(agui::tool::schema::parameters::<Plain>()).ends_with("`Plain` is a string"));
    assert!(
        problem(agui::tool::schema::parameters::<Internal>())
            .ends_with("`Internal` is a choice of several forms")
    );
    assert!(
        problem(agui::tool::schema::parameters::<Option<Empty>>())
            .ends_with("is optional or of several types")
    );
}
