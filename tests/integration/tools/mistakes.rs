//! Mistakes that the compiler cannot see are errors when the agent is built, not when a tool is first called.

use agui::{
    FunctionCall, Tool, ToolEntry, ToolFunction, ToolOutput, ToolSpec, Tools, agui_tool, agui_tools, tools,
};
use std::collections::BTreeMap;

fn told(result: agui::Result<Tools>) -> String {
    result.unwrap_err().to_string()
}

/// Adds.
#[agui_tool]
fn add(a: i64) -> i64 {
    a
}

struct Calculator;

#[agui_tools]
impl Calculator {
    /// Adds, too.
    #[agui_tool(name = "add", arguments = AddAsWell)]
    fn add(&self, a: i64) -> i64 {
        a
    }
}

#[test]
fn names_are_distinct_however_tools_came_together() {
    let methods = || Tools::methods(Calculator).unwrap();
    for result in [
        tools![Add].unwrap().with(Add::tool()),
        tools![Add].unwrap().and(methods()),
        methods().and(methods()),
        Tools::of([Add::tool(), Add::tool()]),
    ] {
        assert_eq!(told(result), "there are two tools called `add`");
    }
}

#[test]
fn names_are_legal_where_only_the_program_knows_them() {
    let dynamic = |name: &str| {
        let run = |_, _| async { Ok(ToolOutput::text("")) };
        Tools::new().with(ToolEntry::dynamic(Tool::new(name, "Does."), run))
    };
    for name in ["", "two words", "dot.ted", "ünï", &"a".repeat(65)] {
        assert!(told(dynamic(name)).contains("is no name for a tool"), "{name}");
    }
    dynamic("get-weather_2").unwrap();
}

/// Looks up.
#[agui_tool(strict)]
fn look_up(words: BTreeMap<String, u8>) -> usize {
    words.len()
}

#[test]
fn what_cannot_be_strict_is_found_out_at_once() {
    assert!(told(tools![LookUp]).starts_with("the tool `look_up` cannot be strict"));
}

/// By hand, a tool's arguments can be what they must not be.
#[derive(serde::Deserialize)]
struct Number(#[allow(dead_code)] i32);

impl schemars::JsonSchema for Number {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        i32::json_schema(generator)
    }
}

impl ToolSpec for Number {
    const NAME: &'static str = "number";
    const DESCRIPTION: &'static str = "A number.";
}

#[test]
fn arguments_are_an_object() {
    let entry = ToolEntry::backend(|_: Number, _| async { Ok(ToolOutput::text("")) });
    let told = told(Tools::new().with(entry));
    assert!(told.starts_with("the tool `number` has no parameters"), "{told}");
}

#[test]
fn a_call_by_hand_is_typed() {
    let call = Add { a: 7 }.call("call-1").unwrap();
    assert_eq!(call.function, FunctionCall::new("add", r#"{"a":7}"#));
}
