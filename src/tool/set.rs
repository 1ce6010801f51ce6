//! The tools of an agent.

use super::context::ToolContext;
use super::entry::ToolEntry;
use super::error::ToolError;
use super::output::ToolOutput;
use super::schema::{self, Dialect};
use crate::error::{Error, Result};
use agui_types::Tool;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

/// Tools with distinct, legal names. Made by [`tools!`](crate::tools).
#[derive(Debug, Clone, Default)]
pub struct Tools {
    /// In the order in which they were given.
    entries: Vec<ToolEntry>,
    /// Few enough names for comparing to be quicker than hashing.
    by_name: BTreeMap<String, usize>,
}

/// An object whose methods are tools: an `impl` under `#[agui_tools]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no methods that are tools",
    label = "expected a type with an `impl` under `#[agui_tools]`"
)]
pub trait ToolMethods: Send + Sync + 'static {
    /// The tools of an object.
    #[must_use]
    fn entries(object: &Arc<Self>) -> Vec<ToolEntry>;
}

impl Tools {
    /// No tools.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The tools of an object, which they share.
    ///
    /// # Errors
    ///
    /// As [`Tools::with`].
    pub fn methods<T: ToolMethods>(object: T) -> Result<Self> {
        Self::shared(&Arc::new(object))
    }

    /// As [`Tools::methods`], for an object that others hold as well.
    ///
    /// # Errors
    ///
    /// As [`Tools::with`].
    pub fn shared<T: ToolMethods>(object: &Arc<T>) -> Result<Self> {
        Self::of(T::entries(object))
    }

    /// Tools that are there as values.
    ///
    /// # Errors
    ///
    /// As [`Tools::with`].
    pub fn of(entries: impl IntoIterator<Item = ToolEntry>) -> Result<Self> {
        entries.into_iter().try_fold(Self::new(), Self::with)
    }

    /// Adds a tool.
    ///
    /// # Errors
    ///
    /// When there is one of that name, when the name is none that model providers accept (1 to 64 ASCII
    /// letters, digits, `_` and `-`), or when the tool is strict and its parameters have no closed form.
    pub fn with(mut self, entry: ToolEntry) -> Result<Self> {
        let name = entry.name();
        if !is_legal(name) {
            return Err(Error::new(format!(
                "`{name}` is no name for a tool: it takes 1 to 64 ASCII letters, digits, `_` and `-`"
            )));
        }
        if self.by_name.contains_key(name) {
            return Err(Error::new(format!("there are two tools called `{name}`")));
        }
        if let Some(problem) = entry.problem() {
            return Err(Error::new(format!("the tool `{name}` has no parameters: {problem}")));
        }
        if entry.options().strict
            && let Some(parameters) = &entry.definition().parameters
        {
            schema::for_provider(parameters, Dialect::OpenAiStrict)
                .map_err(|error| Error::new(format!("the tool `{name}` cannot be strict: {error}")))?;
        }
        self.by_name.insert(name.to_owned(), self.entries.len());
        self.entries.push(entry);
        Ok(self)
    }

    /// Adds other tools.
    ///
    /// # Errors
    ///
    /// As [`Tools::with`].
    pub fn and(self, others: Self) -> Result<Self> {
        others.entries.into_iter().try_fold(self, Self::with)
    }

    /// The tool of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ToolEntry> {
        self.entries.get(*self.by_name.get(name)?)
    }

    /// All of them, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = &ToolEntry> {
        self.entries.iter()
    }

    /// What models and clients are told of them.
    #[must_use]
    pub fn definitions(&self) -> Vec<Tool> {
        self.iter().map(|entry| entry.definition().clone()).collect()
    }

    /// Runs the tool of a name; see [`ToolEntry::call`].
    ///
    /// # Errors
    ///
    /// When there is no such tool, and as [`ToolEntry::call`].
    pub fn call(
        &self,
        name: &str,
        arguments: &str,
        context: ToolContext,
    ) -> impl Future<Output = Result<ToolOutput, ToolError>> + Send + 'static {
        let calling = match self.get(name) {
            Some(entry) => Ok(entry.call(arguments, context)),
            None => Err(ToolError::retry(format!("There is no tool `{name}`."))),
        };
        async move { calling?.await }
    }
}

/// The name that all providers of models accept.
pub(crate) fn is_legal(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Tools by the types that `#[agui_tool]` made of them, as a `Result<Tools>`.
///
/// Two of one name do not compile.
///
/// ```
/// use agui::{agui_tool, tools};
///
/// /// The current weather at a place.
/// #[agui_tool]
/// fn get_weather(city: String) -> String {
///     format!("{city}: sunny")
/// }
///
/// /// Shows a haiku.
/// #[agui_tool]
/// fn generate_haiku(topic: String) -> String;
///
/// let tools = tools![GetWeather, GenerateHaiku]?;
/// assert!(tools.get("generate_haiku").is_some_and(|tool| tool.is_frontend()));
/// # Ok::<(), agui::Error>(())
/// ```
#[macro_export]
macro_rules! tools {
    ($($tool:ty),* $(,)?) => {{
        const _: () = $crate::__private::assert_distinct(&[$(<$tool as $crate::ToolFunction>::TOOL_NAME),*]);
        $crate::Tools::of([$(<$tool as $crate::ToolFunction>::tool()),*])
    }};
}

/// Fails to compile where two names are the same.
#[doc(hidden)]
pub const fn assert_distinct(names: &[&str]) {
    let mut i = 0;
    while i < names.len() {
        let mut j = i + 1;
        while j < names.len() {
            #[allow(clippy::indexing_slicing, clippy::panic, reason = "runs in the compiler")]
            if same(names[i].as_bytes(), names[j].as_bytes()) {
                told_twice(names[i]);
            }
            j += 1;
        }
        i += 1;
    }
}

/// Fails with the name in the message.
#[allow(clippy::indexing_slicing, clippy::panic, reason = "runs in the compiler")]
const fn told_twice(name: &str) -> ! {
    const BEFORE: &[u8] = b"there are two tools called `";
    let mut text = [b'`'; BEFORE.len() + 65];
    let mut i = 0;
    while i < BEFORE.len() {
        text[i] = BEFORE[i];
        i += 1;
    }
    let name = name.as_bytes();
    while i < BEFORE.len() + name.len() && i < text.len() {
        text[i] = name[i - BEFORE.len()];
        i += 1;
    }
    let (text, _) = text.split_at(i + 1);
    match core::str::from_utf8(text) {
        Ok(text) => panic!("{}", text),
        Err(_) => panic!("there are two tools of one name"),
    }
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        #[allow(clippy::indexing_slicing, reason = "runs in the compiler")]
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
