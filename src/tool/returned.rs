//! From what a function returns to a [`ToolOutput`], chosen by the concrete type.
//!
//! An event is serialisable, and so are text and a `Result`: traits alone cannot tell them apart, since
//! their implementations would overlap. The macro therefore lets method lookup choose. It asks a [`Tag`]
//! of the returned type behind several references, and lookup takes one reference off after the other:
//! what is implemented for more references is found first. What is found says how to convert, without
//! converting: the bounds of that second step give the errors that people read.

use super::context::ToolContext;
use super::entry::ToolEntry;
use super::error::ToolError;
use super::output::ToolOutput;
use super::spec::{FrontendTool, ToolSpec};
use crate::error::Error;
use agui_types::{Content, ContentPart, Event};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::any::Any;
use std::borrow::Cow;
use std::convert::Infallible;
use std::marker::PhantomData;

/// What a tool may fail with.
#[diagnostic::on_unimplemented(
    message = "a tool cannot fail with `{Self}`",
    label = "expected an error or a text",
    note = "a tool fails with `agui::ToolError`, `agui::Error`, a text, any `std::error::Error + Send + Sync + 'static`, or a `Box<dyn std::error::Error + Send + Sync>`"
)]
pub trait ToolFailure {
    #[doc(hidden)]
    fn into_tool_error(self) -> ToolError;
}

/// What a tool may return, if it is nothing more special: what has a JSON form.
#[diagnostic::on_unimplemented(
    message = "a tool cannot return `{Self}`",
    label = "this has no JSON form that a model could read",
    note = "derive `serde::Serialize` for it and what it contains, or return text, content parts, events or an `agui::ToolOutput`"
)]
pub trait ToolValue {
    #[doc(hidden)]
    fn into_output(self) -> Result<ToolOutput, ToolError>;
}

#[diagnostic::do_not_recommend]
impl<E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static> ToolFailure for E {
    fn into_tool_error(self) -> ToolError {
        // A text was written for whoever reads the result; the text of any other error was not.
        let mut error = Some(self);
        let slot: &mut dyn Any = &mut error;
        if let Some(text) = slot.downcast_mut::<Option<String>>().and_then(Option::take) {
            return ToolError::retry(text);
        }
        if let Some(text) = slot.downcast_mut::<Option<&'static str>>().and_then(Option::take) {
            return ToolError::retry(text);
        }
        match error {
            Some(error) => ToolError::from(Error::from_boxed(error.into())),
            None => ToolError::retry(""),
        }
    }
}

impl ToolFailure for ToolError {
    fn into_tool_error(self) -> ToolError {
        self
    }
}

impl ToolFailure for Error {
    fn into_tool_error(self) -> ToolError {
        self.into()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> ToolValue for T {
    fn into_output(self) -> Result<ToolOutput, ToolError> {
        Ok(ToolOutput::json(&self)?)
    }
}

/// A type, to be asked about.
#[derive(Debug)]
pub struct Tag<T>(PhantomData<fn() -> T>);

#[allow(clippy::new_without_default, reason = "the macro's affair")]
impl<T> Tag<T> {
    pub fn new() -> Self {
        Self(PhantomData)
    }

    /// The type of a value.
    pub fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

/// Whether a type is a `Result`.
pub trait AskFallible {
    fn agui_split(&self) -> SplitResult {
        SplitResult
    }
}

/// Everything else.
pub trait AskInfallible {
    fn agui_split(&self) -> SplitValue {
        SplitValue
    }
}

impl<T, E> AskFallible for &Tag<Result<T, E>> {}
impl<T> AskInfallible for Tag<T> {}

#[derive(Debug)]
pub struct SplitResult;
#[derive(Debug)]
pub struct SplitValue;

impl SplitResult {
    pub fn split<T, E>(self, result: Result<T, E>) -> Result<(T,), (E,)> {
        result.map(|value| (value,)).map_err(|error| (error,))
    }
}

impl SplitValue {
    pub fn split<T>(self, value: T) -> Result<(T,), (Infallible,)> {
        Ok((value,))
    }
}

/// Whether a type is content as it is.
pub trait AskContent {
    fn agui_output(&self) -> AsContent {
        AsContent
    }
}

/// Whether a type is an event.
pub trait AskEvent {
    fn agui_output(&self) -> AsEvent {
        AsEvent
    }
}

/// Whether a type is a collection of events.
pub trait AskEvents {
    fn agui_output(&self) -> AsEvents {
        AsEvents
    }
}

/// Whether a type is an event in a box.
pub trait AskBoxed {
    fn agui_output(&self) -> AsBoxed {
        AsBoxed
    }
}

/// Whether a type is a collection of collections of events.
pub trait AskNested {
    fn agui_output(&self) -> AsNested {
        AsNested
    }
}

/// Whether a type is a value with an event beside it.
pub trait AskBeside {
    fn agui_output(&self) -> AsBeside {
        AsBeside
    }
}

/// Whether a type is a value with events beside it.
pub trait AskAllBeside {
    fn agui_output(&self) -> AsAllBeside {
        AsAllBeside
    }
}

/// Everything else.
pub trait AskValue {
    fn agui_output(&self) -> AsValue {
        AsValue
    }
}

impl<T: IsContent> AskContent for &&Tag<T> {}
impl<T: Into<Event>> AskEvent for &Tag<T> {}
impl<T: Into<Event>> AskEvents for &Tag<Vec<T>> {}
impl<T: Into<Event>> AskEvents for &Tag<Option<T>> {}
impl<T: Into<Event>, const N: usize> AskEvents for &Tag<[T; N]> {}
impl<T: Into<Event>> AskBoxed for &Tag<Box<T>> {}
impl<T: Into<Event>> AskNested for &Tag<Vec<Option<T>>> {}
impl<T: Into<Event>> AskNested for &Tag<Option<Vec<T>>> {}
impl<V, T: Into<Event>> AskBeside for &Tag<(V, T)> {}
impl<V, T: Into<Event>> AskAllBeside for &Tag<(V, Vec<T>)> {}
impl<T> AskValue for Tag<T> {}

#[derive(Debug)]
pub struct AsContent;
#[derive(Debug)]
pub struct AsEvent;
#[derive(Debug)]
pub struct AsEvents;
#[derive(Debug)]
pub struct AsBoxed;
#[derive(Debug)]
pub struct AsNested;
#[derive(Debug)]
pub struct AsBeside;
#[derive(Debug)]
pub struct AsAllBeside;
#[derive(Debug)]
pub struct AsValue;

impl AsContent {
    pub fn convert<T: IsContent>(self, value: T) -> Result<ToolOutput, ToolError> {
        Ok(value.output())
    }
}

impl AsEvent {
    pub fn convert<T: Into<Event>>(self, event: T) -> Result<ToolOutput, ToolError> {
        Ok(ToolOutput::nothing().event(event))
    }
}

impl AsEvents {
    pub fn convert<I: IntoIterator<Item: Into<Event>>>(self, events: I) -> Result<ToolOutput, ToolError> {
        Ok(events.into_iter().fold(ToolOutput::nothing(), ToolOutput::event))
    }
}

impl AsBoxed {
    #[allow(clippy::boxed_local, reason = "that is how it comes")]
    pub fn convert<T: Into<Event>>(self, event: Box<T>) -> Result<ToolOutput, ToolError> {
        AsEvent.convert(*event)
    }
}

impl AsNested {
    pub fn convert<I>(self, events: I) -> Result<ToolOutput, ToolError>
    where
        I: IntoIterator<Item: IntoIterator<Item: Into<Event>>>,
    {
        AsEvents.convert(events.into_iter().flatten())
    }
}

impl AsBeside {
    pub fn convert<V: ToolValue + 'static, T: Into<Event>>(
        self,
        (value, event): (V, T),
    ) -> Result<ToolOutput, ToolError> {
        AsAllBeside.convert((value, vec![event]))
    }
}

impl AsAllBeside {
    pub fn convert<V: ToolValue + 'static, T: Into<Event>>(
        self,
        (value, events): (V, Vec<T>),
    ) -> Result<ToolOutput, ToolError> {
        let output = described(value)?;
        Ok(events.into_iter().fold(output, ToolOutput::event))
    }
}

/// The output of a value that method lookup cannot be asked about any more, since it stands in a tuple.
fn described<V: ToolValue + 'static>(value: V) -> Result<ToolOutput, ToolError> {
    fn taken<T: IsContent + 'static>(value: &mut dyn Any) -> Option<ToolOutput> {
        value.downcast_mut::<Option<T>>().and_then(Option::take).map(T::output)
    }
    let mut slot = Some(value);
    let any: &mut dyn Any = &mut slot;
    let special = taken::<String>(any)
        .or_else(|| taken::<&'static str>(any))
        .or_else(|| taken::<()>(any))
        .or_else(|| taken::<Content>(any))
        .or_else(|| taken::<ContentPart>(any))
        .or_else(|| taken::<Vec<ContentPart>>(any));
    match (special, slot) {
        (Some(output), _) => Ok(output),
        (None, Some(value)) => value.into_output(),
        (None, None) => Ok(ToolOutput::nothing()),
    }
}

impl AsValue {
    pub fn convert<T: ToolValue>(self, value: T) -> Result<ToolOutput, ToolError> {
        value.into_output()
    }
}

/// What is content as it is.
pub trait IsContent {
    fn output(self) -> ToolOutput;
}

impl IsContent for ToolOutput {
    fn output(self) -> ToolOutput {
        self
    }
}

impl IsContent for () {
    fn output(self) -> ToolOutput {
        ToolOutput::nothing()
    }
}

/// Nothing for nothing.
impl<T: IsContent> IsContent for Option<T> {
    fn output(self) -> ToolOutput {
        self.map_or_else(ToolOutput::nothing, T::output)
    }
}

impl IsContent for Content {
    fn output(self) -> ToolOutput {
        ToolOutput::new(self)
    }
}

impl IsContent for ContentPart {
    fn output(self) -> ToolOutput {
        vec![self].into()
    }
}

impl IsContent for Vec<ContentPart> {
    fn output(self) -> ToolOutput {
        self.into()
    }
}

macro_rules! texts {
    ($($type:ty),*) => {$(
        impl IsContent for $type {
            fn output(self) -> ToolOutput {
                ToolOutput::text(self)
            }
        }
    )*};
}

texts!(String, &str, Box<str>, Cow<'_, str>, char);

/// As [`ToolFailure::into_tool_error`], as a function.
pub fn failed<E: ToolFailure>(error: E) -> ToolError {
    error.into_tool_error()
}

/// Events have a schema, which is not that of a result.
pub trait AskEventSchema {
    fn agui_schema(&self) -> Option<Value> {
        None
    }
}

/// Whether a type describes itself.
pub trait AskDescribed {
    fn agui_schema(&self) -> Option<Value>;
}

/// Everything else.
pub trait AskUndescribed {
    fn agui_schema(&self) -> Option<Value> {
        None
    }
}

impl<T: Into<Event>> AskEventSchema for &&Tag<T> {}

impl<T: JsonSchema> AskDescribed for &Tag<T> {
    fn agui_schema(&self) -> Option<Value> {
        Some(super::schema::output::<T>())
    }
}

impl<T> AskUndescribed for Tag<T> {}

/// The entry of a tool whose arguments are what they have to be.
pub trait AskBackend<T: ToolSpec> {
    fn agui_backend<F, Fut>(&self, run: F) -> ToolEntry
    where
        F: Fn(T, ToolContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ToolOutput, ToolError>> + Send + 'static,
    {
        ToolEntry::backend(run)
    }
}

/// As [`AskBackend`], with an answer that is one.
pub trait AskFrontend<T: FrontendTool> {
    fn agui_frontend(&self) -> ToolEntry {
        ToolEntry::frontend::<T>()
    }
}

/// Everything else. There is an error about it at a type in the signature, and one is enough.
pub trait AskMistaken<T> {
    fn agui_backend<F, Fut>(&self, _: F) -> ToolEntry
    where
        F: Fn(T, ToolContext) -> Fut,
        Fut: Future<Output = Result<ToolOutput, ToolError>>,
    {
        unreachable!("this does not compile")
    }

    fn agui_frontend(&self) -> ToolEntry {
        unreachable!("this does not compile")
    }
}

impl<T: ToolSpec> AskBackend<T> for &Tag<T> {}
impl<T: FrontendTool> AskFrontend<T> for &Tag<T> {}
impl<T> AskMistaken<T> for Tag<T> {}
