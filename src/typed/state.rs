//! Shared state as a type.

use super::error::PayloadError;
use super::{patch, read};
use agui_types::{StateDeltaEvent, StateSnapshotEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The state that an agent and its clients share, as a type; implemented by `#[derive(AgentState)]`.
///
/// [`RunContext::state`](crate::RunContext::state) and its companions work with any type. This adds what a
/// type's name, schema and default are good for: telling front ends what the state is, and what it is at the
/// beginning.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use agui::AgentState;
///
/// /// What is on the shopping list.
/// #[derive(Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema, AgentState)]
/// #[serde(default)]
/// struct ShoppingList {
///     items: Vec<String>,
/// }
///
/// assert_eq!((ShoppingList::NAME, ShoppingList::DESCRIPTION), ("ShoppingList", "What is on the shopping list."));
/// assert_eq!(ShoppingList::schema().unwrap()["properties"]["items"]["type"], "array");
///
/// let empty = ShoppingList::default();
/// let list = ShoppingList { items: vec!["tea".into()] };
/// let delta = list.delta_from(&empty)?.unwrap();
/// assert_eq!(
///     serde_json::to_string(&delta)?,
///     r#"{"type":"STATE_DELTA","delta":[{"op":"add","path":"/items/0","value":"tea"}]}"#,
/// );
/// assert!(list.delta_from(&list)?.is_none());
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait AgentState: Serialize + DeserializeOwned + Default {
    /// What the state is called.
    const NAME: &'static str;

    /// What the state holds; empty if nobody said.
    const DESCRIPTION: &'static str = "";

    /// The JSON Schema of the state, where the type describes itself (`schemars::JsonSchema`). The protocol has
    /// no place of its own for it; an agent may declare it under a key in the `custom` group of its
    /// capabilities.
    #[must_use]
    fn schema() -> Option<Value> {
        None
    }

    /// The event that states the whole.
    ///
    /// # Errors
    ///
    /// When the state has no JSON form, such as a map whose keys are not strings.
    fn to_snapshot(&self) -> Result<StateSnapshotEvent, serde_json::Error> {
        Ok(StateSnapshotEvent::new(serde_json::to_value(self)?))
    }

    /// The event that makes this of what was before; `None` if nothing changed.
    ///
    /// # Errors
    ///
    /// As [`to_snapshot`](Self::to_snapshot).
    fn delta_from(&self, before: &Self) -> Result<Option<StateDeltaEvent>, serde_json::Error> {
        let patch = patch::difference(&serde_json::to_value(before)?, self)?;
        Ok((!patch.is_empty()).then(|| StateDeltaEvent::new(patch)))
    }
}

/// The state as a type, or where and why it does not fit.
pub(crate) fn read_state<S: DeserializeOwned>(state: &Value) -> Result<S, PayloadError> {
    let name = std::any::type_name::<S>();
    read::read(state).map_err(|error| PayloadError::new("shared state", name, "state", 0, error))
}
