//! How a tool fails.

use crate::error::Error;
use std::fmt;

/// Why a tool gave no result, and who is to know.
///
/// Every error converts into it, so `?` works in a tool. The model then learns only that the tool failed,
/// and the run goes on; the error itself goes to the log. The constructors choose otherwise. What the model
/// is told stands in the conversation, so the client sees it too.
///
/// ```
/// use agui::{ToolError, agui_tool};
///
/// /// The balance of an account.
/// #[agui_tool]
/// fn balance(account: String) -> Result<i64, ToolError> {
///     let number: u32 = account.parse().map_err(|_| ToolError::retry("an account is a number"))?;
///     if number == 0 {
///         return Err(ToolError::fatal(agui::Error::public("The bank is closed.")));
///     }
///     Ok(i64::from(number) * 100)
/// }
/// ```
pub struct ToolError(Kind);

#[derive(Debug)]
enum Kind {
    /// The arguments do not fit, told to the model.
    Arguments(String),
    /// Told to the model.
    Told(String),
    /// Logged.
    Internal(Error),
    /// Ends the run.
    Fatal(Error),
}

impl ToolError {
    /// A failure that the model is told of and may answer with another call.
    #[must_use]
    pub fn retry(message: impl Into<String>) -> Self {
        Self(Kind::Told(message.into()))
    }

    /// A failure that ends the run with `RUN_ERROR`, as if the agent had failed with that error.
    #[must_use]
    pub fn fatal(error: impl Into<Error>) -> Self {
        Self(Kind::Fatal(error.into()))
    }

    pub(crate) fn arguments(message: String) -> Self {
        Self(Kind::Arguments(message))
    }

    /// Whether the call's arguments did not fit the tool's parameters.
    #[must_use]
    pub fn is_arguments(&self) -> bool {
        matches!(self.0, Kind::Arguments(_))
    }

    /// Whether the run ends with this.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(self.0, Kind::Fatal(_))
    }

    /// What kind of failure it is, in a word for programs.
    pub(super) fn kind(&self) -> &str {
        match &self.0 {
            Kind::Arguments(_) => "invalid_arguments",
            Kind::Told(_) => "tool_error",
            Kind::Internal(error) | Kind::Fatal(error) => {
                error.as_public().and_then(|(_, code)| code).unwrap_or("internal_error")
            }
        }
    }

    /// What the model is told: the reason where it may know it.
    #[must_use]
    pub fn for_model(&self) -> &str {
        match &self.0 {
            Kind::Arguments(message) | Kind::Told(message) => message,
            Kind::Internal(error) => error.as_public().map_or("The tool failed.", |(message, _)| message),
            Kind::Fatal(_) => "The tool failed.",
        }
    }

    /// The error that ends the run, if this one does.
    pub(crate) fn into_fatal(self) -> Result<Error, Self> {
        match self.0 {
            Kind::Fatal(error) => Ok(error),
            _ => Err(self),
        }
    }
}

impl From<Error> for ToolError {
    fn from(error: Error) -> Self {
        Self(Kind::Internal(error))
    }
}

// As with `Error`, this works because `ToolError` is no `std::error::Error` itself.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for ToolError {
    fn from(error: E) -> Self {
        Self(Kind::Internal(Error::from(error)))
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Arguments(message) | Kind::Told(message) => f.write_str(message),
            Kind::Internal(error) | Kind::Fatal(error) => error.fmt(f),
        }
    }
}

/// As [`Display`](fmt::Display), since this is what a test prints.
impl fmt::Debug for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
