//! From what a function returns to a [`ToolOutput`], chosen by the concrete type.
//!
//! An event is serialisable, and so are text and a `Result`: traits alone cannot tell them apart, since
//! their implementations would overlap. The macro therefore lets method lookup choose. It asks a [`Tag`]
//! of the returned type behind several references, and lookup takes one reference off after the other:
//! what is implemented for more references is found first. What is found says how to convert, without
//! converting: the bounds of that second step give the errors that people read.

mod entries;
mod outputs;

pub use entries::*;
pub use outputs::*;

use super::error::ToolError;
use super::output::ToolOutput;
use crate::error::Error;
use serde::Serialize;
use std::any::Any;
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

/// As [`ToolFailure::into_tool_error`], as a function.
pub fn failed<E: ToolFailure>(error: E) -> ToolError {
    error.into_tool_error()
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
