//! What is known of a tool without running it.

use super::schema::{self, Dialect};
use crate::error::Result;
use agui_types::{FunctionCall, Metadata, Tool, ToolCall};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// A tool as a type: `#[agui_tool] fn get_weather(city: String)` makes `GetWeather { city }`, whose fields
/// are the arguments of one call.
///
/// ```
/// use agui::{ToolSpec, agui_tool};
///
/// /// The current weather at a place.
/// #[agui_tool]
/// fn get_weather(
///     /// The city's name.
///     city: String,
/// ) -> String {
///     format!("{city}: sunny")
/// }
///
/// let tool = GetWeather::definition();
/// assert_eq!((&*tool.name, &*tool.description), ("get_weather", "The current weather at a place."));
///
/// let call = GetWeather { city: "Kyiv".into() }.call("call-1")?;
/// assert_eq!(call.function.arguments, r#"{"city":"Kyiv"}"#);
/// # Ok::<(), agui::Error>(())
/// ```
pub trait ToolSpec: DeserializeOwned + JsonSchema + Send + 'static {
    /// The name by which models call the tool.
    const NAME: &'static str;

    /// What the tool is for, which is what models choose by.
    const DESCRIPTION: &'static str;

    /// How the tool is to be treated.
    const OPTIONS: ToolOptions = ToolOptions::new();

    /// Side data for those who render or route calls.
    #[must_use]
    fn metadata() -> Option<Metadata> {
        None
    }

    /// The JSON Schema of what the tool returns, where its type describes itself. The protocol has no place
    /// for it.
    #[must_use]
    fn output_schema() -> Option<Value> {
        None
    }

    /// The tool as the protocol describes it (schema `Tool`), with the arguments' JSON Schema.
    #[must_use]
    fn definition() -> Tool {
        let mut tool = Tool::new(Self::NAME, Self::DESCRIPTION);
        // Registering a tool reports the error that there could be.
        tool.parameters = schema::parameters::<Self>().ok().map(|parameters| {
            let strict =
                Self::OPTIONS.strict.then(|| schema::for_provider(&parameters, Dialect::OpenAiStrict).ok());
            strict.flatten().unwrap_or(parameters)
        });
        tool.metadata = Self::metadata();
        if Self::OPTIONS.output_schema
            && let Some(schema) = Self::output_schema()
        {
            tool.metadata.get_or_insert_default().insert(OUTPUT_SCHEMA.to_owned(), schema);
        }
        tool
    }

    /// A call with these arguments, as a model would make it.
    ///
    /// # Errors
    ///
    /// When an argument has no JSON form, such as a map whose keys are not strings.
    fn call(&self, id: impl Into<String>) -> Result<ToolCall>
    where
        Self: Serialize,
    {
        let arguments = serde_json::to_string(self)?;
        Ok(ToolCall::new(id, FunctionCall::new(Self::NAME, arguments)))
    }
}

/// The key in `Tool.metadata` under which the output schema stands where that is wanted.
pub const OUTPUT_SCHEMA: &str = "agui.outputSchema";

/// How a tool is to be treated; the attributes of `#[agui_tool]` of the same names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolOptions {
    /// A person has to agree before a call runs: the run ends with an interrupt (INT-3).
    pub requires_approval: bool,
    /// An agent that says something when a run ends with calls for the application to answer says nothing
    /// for this one.
    pub silent: bool,
    /// The model is held to the parameters' schema in the closed form that strict function calling wants.
    pub strict: bool,
    /// The output schema stands in the tool's metadata.
    pub output_schema: bool,
    /// How long a call may take before it fails.
    pub timeout: Option<Duration>,
}

impl ToolOptions {
    /// None of them.
    #[must_use]
    pub const fn new() -> Self {
        Self { requires_approval: false, silent: false, strict: false, output_schema: false, timeout: None }
    }

    /// Sets [`requires_approval`](Self::requires_approval).
    #[must_use]
    pub const fn requires_approval(mut self, value: bool) -> Self {
        self.requires_approval = value;
        self
    }

    /// Sets [`silent`](Self::silent).
    #[must_use]
    pub const fn silent(mut self, value: bool) -> Self {
        self.silent = value;
        self
    }

    /// Sets [`strict`](Self::strict).
    #[must_use]
    pub const fn strict(mut self, value: bool) -> Self {
        self.strict = value;
        self
    }

    /// Sets [`output_schema`](Self::output_schema).
    #[must_use]
    pub const fn output_schema(mut self, value: bool) -> Self {
        self.output_schema = value;
        self
    }

    /// Sets [`timeout`](Self::timeout).
    #[must_use]
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }
}

/// A tool that the application runs: a signature without a body under `#[agui_tool]`. Its calls end the run;
/// the next request brings their results.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tool that the application runs",
    label = "expected the type that `#[agui_tool]` makes of a signature without a body"
)]
pub trait FrontendTool: ToolSpec {
    /// What the application answers with.
    type Output: DeserializeOwned;
}
