//! The types whose schemas are tested; their doc comments are part of that.

#![allow(dead_code, missing_docs, reason = "fields exist for their schemas")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::{NonZeroI32, NonZeroU8};
use std::sync::Arc;
use std::time::Duration;

macro_rules! types {
    ($($item:item)*) => {$(#[derive(Deserialize, Serialize, JsonSchema)] $item)*};
}

types! {
    pub(super) struct Empty {}
    /// The whole.
    ///
    /// With **markdown** and `code`.
    pub(super) struct Documented {
        /// The first.
        ///
        /// - a list
        /// - of two
        first: String,
        /// "Quoted" \ and é
        second: bool,
    }
    pub(super) struct Inner { x: f64, y: Option<f64> }
    pub(super) struct Nested { /** Where. */ at: Inner, path: Vec<Inner>, maybe: Option<Inner> }
    pub(super) enum Plain { One, Two }
    /// A colour.
    #[serde(rename_all = "snake_case")]
    pub(super) enum Colour { /** Like roses. */ DeepRed, /** Like the sky. */ Blue, Other }
    pub(super) struct UnitEnums { plain: Plain, colour: Colour, maybe: Option<Colour>, optional: Option<Plain>,
        /** Preferred. */ documented: Colour }
    /// A figure.
    pub(super) enum External { Dot, Circle(f64), Line(f64, f64), Rect { width: f64, height: Option<f64> } }
    pub(super) struct ExternallyTagged { figure: External, others: Vec<External> }
    #[serde(tag = "kind")]
    pub(super) enum Internal { /** Round. */ Circle { radius: f64 }, Rect { width: f64, #[serde(default)] height: f64 }, Dot }
    pub(super) struct InternallyTagged { figure: Internal, maybe: Option<Internal> }
    #[serde(tag = "t", content = "c")]
    pub(super) enum Adjacent { Dot, Circle(f64), Rect { width: f64 } }
    pub(super) struct AdjacentlyTagged { figure: Adjacent }
    #[serde(untagged)]
    pub(super) enum Loose { Number(i64), Text(String), Point { x: f64 } }
    pub(super) struct Untagged { value: Loose }
    pub(super) struct Maps { numbers: HashMap<String, u8>, keyed: BTreeMap<u16, bool> }
    pub(super) struct Tuples { pair: (f64, f64), mixed: (u8, String), nothing: () }
    pub(super) struct Meters(f64);
    pub(super) struct Both(u8, bool);
    pub(super) struct TupleStructs { length: Meters, both: Both }
    pub(super) struct Arrays { rgb: [u8; 3], list: Vec<String>, rows: Vec<Vec<i32>> }
    pub(super) struct Sets { tags: BTreeSet<String> }
    pub(super) struct Options { plain: Option<u8>, twice: Option<Option<String>>, list: Option<Vec<Option<bool>>> }
    pub(super) struct Defaults { #[serde(default)] count: u32, #[serde(default = "ten")] limit: i64,
        #[serde(default)] tags: Vec<String>, #[serde(default)] inner: Choice, query: String }
    #[derive(Default)]
    pub(super) struct Choice { #[serde(default)] deep: bool }
    #[serde(rename_all = "camelCase")]
    pub(super) struct Renamed { first_name: String, #[serde(rename = "family")] last_name: String }
    pub(super) struct Page { /** From. */ offset: u32, limit: Option<u32> }
    pub(super) struct Flattened { query: String, #[serde(flatten)] page: Page }
    pub(super) struct FlattenedEnum { id: u32, #[serde(flatten)] figure: Internal }
    pub(super) struct FlattenedMap { id: u32, #[serde(flatten)] others: HashMap<String, Value> }
    pub(super) struct Holder { inner: FlattenedEnum }
    pub(super) struct Skipped { kept: u8, #[serde(skip)] gone: u8, #[serde(skip_serializing)] input: u8 }
    pub(super) struct Aliased { #[serde(alias = "town")] city: String }
    #[serde(deny_unknown_fields)]
    pub(super) struct Closed { only: String, inner: Option<ClosedInner> }
    #[serde(deny_unknown_fields)]
    pub(super) struct ClosedInner { x: i8 }
    /// A tree.
    pub(super) struct Tree { name: String, /** Below. */ children: Vec<Tree> }
    pub(super) struct Recursive { tree: Tree, /** Another. */ other: Option<Box<Tree>> }
    pub(super) struct Itself { next: Option<Box<Itself>>, value: u8 }
    pub(super) struct Pointers { boxed: Box<u8>, shared: Arc<str>, cow: Cow<'static, str> }
    pub(super) struct Constrained {
        #[schemars(range(min = 1, max = 10))] amount: u64,
        #[schemars(extend("exclusiveMinimum" = 0.5))] ratio: f32,
        #[schemars(length(min = 2, max = 4), regex(pattern = "^[a-z]+$"))] code: String,
        #[schemars(length(min = 1), inner(length(min = 1)))] names: Vec<String>,
        #[schemars(title = "T", example = &"ab", email)] mail: Option<String>,
        #[schemars(extend("x-mine" = 1, "multipleOf" = 5))] fives: i32,
    }
    pub(super) struct Times { at: chrono::DateTime<chrono::Utc>, day: chrono::NaiveDate, local: chrono::NaiveDateTime }
    pub(super) struct Ids { id: uuid::Uuid, link: url::Url, ip: std::net::IpAddr }
    pub(super) struct Signed { a: i8, b: i16, c: i32, d: i64, e: i128 }
    pub(super) struct Unsigned { a: u8, b: u16, c: u32, d: u64, e: u128, f: usize }
    pub(super) struct Floats { a: f32, b: f64 }
    pub(super) struct Small { letter: char, positive: NonZeroU8, other: NonZeroI32 }
    pub(super) struct Waiting { time: Duration }
    pub(super) struct Anything { value: Value }
}

fn ten() -> i64 {
    10
}
