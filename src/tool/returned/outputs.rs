//! What a returned type is as an output.

use super::{Tag, ToolValue};
use crate::tool::error::ToolError;
use crate::tool::output::ToolOutput;
use agui_types::{Content, ContentPart, Event};
use std::any::Any;
use std::borrow::Cow;

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
