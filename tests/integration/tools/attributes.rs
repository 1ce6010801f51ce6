//! What may stand at a function and at its arguments besides the tool.

use agui::testing::{ask, call, call_tool};
use agui::{ToolError, ToolFunction, ToolSpec, agui_tool};
use serde_json::{Value, json};

fn parameters<T: ToolSpec>() -> Value {
    serde_json::to_value(T::definition().parameters).unwrap()
}

#[doc = include_str!("description.md")]
#[agui_tool]
fn documented() {}

/// # Rolls dice
///
/// * `sides`: how many "sides" — `\d+`
///
/// ```text
/// 1d6
/// ```
#[agui_tool]
fn roll(
    /// How many **sides**.
    ///
    /// Six, as a rule.
    sides: u8,
) -> u8 {
    sides
}

#[test]
fn descriptions_are_text_of_any_kind() {
    assert_eq!(Documented::definition().description.trim(), "From a *file*,\nin two lines.");
    assert!(Roll::DESCRIPTION.starts_with("# Rolls dice\n\n* `sides`: how many \"sides\" — `\\d+`"));
    assert_eq!(
        parameters::<Roll>()["properties"]["sides"]["description"],
        "How many **sides**.\n\nSix, as a rule."
    );
}

/// Above.
#[allow(clippy::needless_pass_by_value)]
#[agui_tool]
#[inline]
#[must_use]
fn between(word: String) -> usize {
    word.len()
}

#[agui_tool]
#[cfg_attr(all(), allow(clippy::needless_pass_by_value))]
#[cfg(not(any()))]
/// Below.
fn below(word: String) -> usize {
    word.len()
}

/// Not there at all.
#[agui_tool]
#[cfg(any())]
fn absent(place: Missing) {}

#[tokio::test]
async fn attributes_may_stand_in_any_order() {
    assert_eq!((Between::DESCRIPTION, Below::DESCRIPTION), ("Above.", "Below."));
    assert_eq!(call(&Between { word: "ab".into() }).await.text(), "2");
    assert_eq!(call(&Below { word: "ab".into() }).await.text(), "2");
}

mod lower {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer).map(|text| text.to_lowercase())
    }
}

/// Neither read nor described by itself.
#[derive(Debug, PartialEq)]
struct Opaque(u8);

fn opaque<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Opaque, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(Opaque)
}

fn seven() -> u8 {
    7
}

/// Searches.
#[agui_tool]
#[allow(clippy::too_many_arguments)]
fn search(
    #[serde(default)] page: u32,
    #[serde(default = "seven")] size: u8,
    #[serde(rename = "sortBy")] sort: Option<String>,
    #[serde(alias = "q")] query: String,
    #[serde(with = "lower")]
    #[schemars(with = "String")]
    tag: String,
    #[schemars(range(min = 1, max = 9))] stars: u8,
    #[schemars(length(max = 3))] codes: Vec<String>,
    #[serde(deserialize_with = "opaque")]
    #[schemars(with = "u8")]
    opaque: Opaque,
) -> String {
    format!("{page} {size} {sort:?} {query} {tag} {stars} {codes:?} {opaque:?}")
}

#[tokio::test]
async fn attributes_of_serde_and_schemars_belong_to_the_argument() {
    let arguments =
        json!({ "sortBy": "date", "q": "x", "tag": "BLUE", "stars": 5, "codes": [], "opaque": 3 });
    let called = call_tool(&Search::tool(), &arguments.to_string(), ask("")).await;
    assert_eq!(called.text(), r#"0 7 Some("date") x blue 5 [] Opaque(3)"#);
    let parameters = parameters::<Search>();
    assert_eq!(parameters["required"], json!(["query", "tag", "stars", "codes", "opaque"]));
    let properties = &parameters["properties"];
    assert_eq!((&properties["stars"]["maximum"], &properties["codes"]["maxItems"]), (&json!(9), &json!(3)));
    assert!(properties["sortBy"].is_object() && properties["size"]["default"] == 7);
}

/// As bare as an argument can be.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Bare {
    n: u8,
}

/// Takes it.
#[agui_tool]
fn take(mut bare: Bare, mut more: Vec<Bare>) -> usize {
    bare.n += 1;
    more.push(bare);
    more.iter().map(|bare| usize::from(bare.n)).sum()
}

#[tokio::test]
async fn an_argument_needs_to_be_read_and_described_and_nothing_else() {
    let called = call_tool(&Take::tool(), r#"{"bare":{"n":1},"more":[{"n":5}]}"#, ask("")).await;
    assert_eq!(called.text(), "7");
    assert_eq!(take(Bare { n: 1 }, Vec::new()), 2);
}

/// An error that any error becomes, and that is none itself, as `anyhow::Error`.
struct Any(Box<dyn std::error::Error + Send + Sync>);

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Any {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl From<Any> for Box<dyn std::error::Error + Send + Sync> {
    fn from(error: Any) -> Self {
        error.0
    }
}

type Answer<T> = Result<T, Any>;
type Told = std::result::Result<String, ToolError>;

/// Reads a number.
#[agui_tool]
async fn read_number(text: String) -> Answer<u8> {
    Ok(text.parse()?)
}

/// Tells.
#[agui_tool]
fn tell() -> Told {
    Err(ToolError::retry("no"))
}

#[tokio::test]
async fn results_may_have_other_names_and_errors() {
    assert_eq!(call(&ReadNumber { text: "7".into() }).await.text(), "7");
    let error = call(&ReadNumber { text: "x".into() }).await.output.unwrap_err();
    assert!(error.to_string().contains("invalid digit"), "{error}");
    assert_eq!(call(&Tell {}).await.output.unwrap_err().for_model(), "no");
}
