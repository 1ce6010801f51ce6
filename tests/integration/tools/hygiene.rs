//! Generated code means what it says, whatever names the code around it has.

use agui::testing::{ask, call, call_tool};
use agui::{ToolFunction, ToolSpec};

/// Everything that is usually there is something else.
#[allow(dead_code, non_camel_case_types, reason = "names are all that matters")]
mod shadowed {
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod serde {}
    pub(super) mod serde_json {}
    pub(super) mod schemars {}
    pub(super) mod agui {}

    pub(super) struct Option;
    pub(super) struct Vec;
    pub(super) struct Box;
    pub(super) struct Arc;
    pub(super) struct Cow;
    pub(super) enum Result {}
    pub(super) struct Ok;
    pub(super) struct Err;
    pub(super) struct Some;
    pub(super) struct None;
    pub(super) trait Send {}
    pub(super) trait Sync {}
    pub(super) trait Debug {}
    pub(super) trait Clone {}
    pub(super) trait PartialEq {}
    pub(super) trait Serialize {}
    pub(super) trait Deserialize {}
    pub(super) trait JsonSchema {}
    pub(super) struct Tool;
    pub(super) struct ToolSpec;
    pub(super) struct ToolEntry;
    pub(super) struct Parameters;

    /// No method of the language's string, and not the language's name in a schema.
    #[derive(::serde::Serialize, ::serde::Deserialize, ::schemars::JsonSchema)]
    #[serde(crate = "::serde")]
    #[schemars(crate = "::schemars")]
    pub(super) struct String {
        pub(super) text: ::std::string::String,
    }

    /// Shouts.
    #[::agui::agui_tool]
    pub(super) async fn shout(text: String) -> ::std::result::Result<String, ::agui::ToolError> {
        ::std::result::Result::Ok(String { text: text.text.to_uppercase() })
    }

    /// Asks.
    #[::agui::agui_tool]
    pub(super) fn ask_user(text: String) -> String;

    pub(super) struct Shop;

    #[::agui::agui_tools]
    impl Shop {
        /// Sells.
        #[agui_tool(blocking)]
        pub(super) fn sell(&self, what: String) -> String {
            what
        }
    }
}

#[tokio::test]
async fn names_of_the_prelude_may_be_taken() {
    let called = call_tool(&shadowed::Shout::tool(), r#"{"text":{"text":"a"}}"#, ask("")).await;
    assert_eq!(called.text(), r#"{"text":"A"}"#);
    assert_eq!(shadowed::AskUser::NAME, "ask_user");
    let tools = agui::Tools::methods(shadowed::Shop).unwrap();
    let called = call_tool(tools.get("sell").unwrap(), r#"{"what":{"text":"a"}}"#, ask("")).await;
    assert_eq!(called.text(), r#"{"text":"a"}"#);
}

mod without_prelude {
    #![no_implicit_prelude]

    /// Repeats.
    #[::agui::agui_tool(timeout = "1s", metadata(icon = "twice"))]
    pub(super) async fn repeat(
        text: ::std::string::String,
        times: ::std::option::Option<u8>,
    ) -> ::agui::Result<usize> {
        ::std::result::Result::Ok(text.len() * times.unwrap_or(2) as usize)
    }

    /// Asks.
    #[::agui::agui_tool]
    pub(super) fn ask_user(text: ::std::string::String) -> ();

    pub(super) struct Shop;

    #[::agui::agui_tools]
    impl Shop {
        /// Sells.
        #[agui_tool]
        pub(super) fn sell(&self, what: u8) -> u8 {
            what
        }
    }
}

#[tokio::test]
async fn a_module_may_do_without_the_prelude() {
    assert_eq!(call(&without_prelude::Repeat { text: "abc".into(), times: None }).await.text(), "6");
    assert_eq!(without_prelude::AskUser::NAME, "ask_user");
    assert_eq!(without_prelude::Sell { what: 7 }, without_prelude::Sell { what: 7 });
    agui::Tools::methods(without_prelude::Shop).unwrap();
}

/// Adds everything.
#[agui::agui_tool]
#[allow(clippy::too_many_arguments)]
async fn add_up(
    context: u8,
    arguments: u8,
    value: u8,
    error: u8,
    returned: u8,
    object: u8,
    self_: u8,
    other: u8,
    f: u8,
    generator: u8,
    r#type: u8,
    run: u8,
) -> u32 {
    [context, arguments, value, error, returned, object, self_, other, f, generator, r#type, run]
        .into_iter()
        .map(u32::from)
        .sum()
}

#[tokio::test]
async fn arguments_may_have_the_names_of_generated_variables() {
    let sum = AddUp {
        context: 1,
        arguments: 1,
        value: 1,
        error: 1,
        returned: 1,
        object: 1,
        self_: 1,
        other: 1,
        f: 1,
        generator: 1,
        r#type: 1,
        run: 1,
    };
    assert_eq!(call(&sum).await.text(), "12");
    assert_eq!(sum, sum);
    assert!(format!("{sum:?}").starts_with("AddUp { context: 1,"));
    let parameters = AddUp::definition().parameters.unwrap();
    assert!(parameters["properties"]["type"].is_object() && parameters["properties"].get("r#type").is_none());
}

struct Shelf;

#[agui::agui_tools]
impl Shelf {
    /// Puts something there.
    #[agui_tool]
    fn put(&self, object: String, shared: String, arguments: String) -> String {
        format!("{object}{shared}{arguments}")
    }
}

#[tokio::test]
async fn so_may_those_of_methods() {
    let tools = agui::Tools::methods(Shelf).unwrap();
    let arguments = r#"{"object":"a","shared":"b","arguments":"c"}"#;
    assert_eq!(call_tool(tools.get("put").unwrap(), arguments, ask("")).await.text(), "abc");
}

/// Says what it is told.
#[agui::agui_tool]
fn echo(echo: String) -> String {
    echo
}

/// A word that is reserved.
#[agui::agui_tool]
fn r#move(r#in: String) -> String {
    r#in
}

/// Named like a type of the prelude.
#[agui::agui_tool(arguments = StringArguments)]
fn string(option: Option<String>) -> Option<String> {
    option
}

#[tokio::test]
async fn functions_may_be_called_anything() {
    assert_eq!(call(&Echo { echo: "a".into() }).await.text(), "a");
    assert_eq!((Move::NAME, &*call(&Move { r#in: "b".into() }).await.text()), ("move", "b"));
    assert_eq!(call(&StringArguments { option: None }).await.text(), "");
}

macro_rules! lookups {
    ($($name:ident($key:ident: $ty:ty) -> $returns:ty = $says:literal;)*) => {$(
        #[doc = $says]
        #[agui::agui_tool]
        async fn $name($key: $ty) -> $returns {
            let given: $ty = $key;
            Ok(given)
        }
    )*};
}

lookups! {
    find_word(word: String) -> agui::Result<String> = "Finds a word.";
    find_words(words: Vec<Option<String>>) -> Result<Vec<Option<String>>, agui::Error> = "Finds words.";
}

macro_rules! questions {
    ($($name:ident($key:ident: $ty:ty);)*) => {$(
        /// Asks.
        #[agui::agui_tool]
        fn $name($key: $ty) -> $ty;
    )*};
}

questions! {
    ask_number(number: Option<u8>);
}

macro_rules! shop {
    ($shop:ident { $($name:ident($key:ident: $ty:ty))* }) => {
        struct $shop;

        #[agui::agui_tools]
        impl $shop {$(
            /// Sells.
            #[agui_tool]
            fn $name(&self, $key: $ty) -> $ty {
                $key
            }
        )*}
    };
}

shop! { Corner { sell_apples(apples: Option<u8>) sell_pears(pears: u8) } }

#[tokio::test]
async fn functions_may_come_out_of_a_macro() {
    assert_eq!(call(&FindWord { word: "w".into() }).await.text(), "w");
    assert_eq!(call(&FindWords { words: vec![None] }).await.text(), "[null]");
    assert_eq!(FindWord::DESCRIPTION, "Finds a word.");
    assert_eq!(AskNumber::NAME, "ask_number");
    let parameters = FindWords::definition().parameters.unwrap();
    assert_eq!(parameters["required"], serde_json::json!(["words"]));
    // An optional argument is one, in whatever group of tokens it came.
    let parameters = AskNumber::definition().parameters.unwrap();
    assert_eq!(parameters.get("required"), None, "{parameters}");
    assert_eq!(agui::Tools::methods(Corner).unwrap().iter().count(), 2);
}
