//! The state that the agent and the user interface share.

use super::context::RunContext;
use crate::error::{Error, Result};
use crate::typed::{apply_patch, difference};
use agui_types::{Event, JsonPatch, StateDeltaEvent, StateSnapshotEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::io;

impl RunContext {
    /// The shared state as a type of yours: what the client sent, or what this run has made of it since
    /// (STATE-1).
    ///
    /// # Errors
    ///
    /// When the state does not fit the type. Without any state, what the type makes of `{}` counts, then
    /// of `null`.
    pub fn state<S: DeserializeOwned>(&self) -> Result<S> {
        let changed = self.changed_state();
        read(changed.as_ref().or(self.input().state.as_ref()))
    }

    /// Replaces the shared state and tells the client by `STATE_SNAPSHOT`.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`], and when the value has no JSON form.
    pub async fn set_state<S: Serialize + Sync>(&self, state: &S) -> Result {
        self.emit(StateSnapshotEvent::new(serde_json::to_value(state)?)).await
    }

    /// Replaces the shared state and tells the client what changed, by `STATE_DELTA` (STATE-3), or by a snapshot where
    /// that is shorter. Emits nothing if nothing changed.
    ///
    /// Calls of one turn run side by side: what each of them only changes is safe with
    /// [`RunContext::modify_state`].
    ///
    /// # Errors
    ///
    /// As [`RunContext::set_state`].
    pub async fn update_state<S: Serialize + Sync>(&self, state: &S) -> Result {
        self.replace_state(|_| Ok(state)).await
    }

    /// Changes the shared state and tells the client what changed, as [`RunContext::update_state`] does. Nobody else
    /// changes it between the reading and the writing; `change` itself must not ask for the state of the run.
    ///
    /// ```
    /// # #[derive(Default, serde::Serialize, serde::Deserialize)] struct Notes { #[serde(default)] lines: Vec<String> }
    /// # async fn tool(context: &agui::ToolContext) -> agui::Result {
    /// context.modify_state(|notes: &mut Notes| notes.lines.push("Milk".into())).await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RunContext::state`] and [`RunContext::set_state`].
    pub async fn modify_state<S: Serialize + DeserializeOwned>(
        &self,
        change: impl FnOnce(&mut S) + Send,
    ) -> Result {
        self.replace_state(|before| {
            let mut state: S = read(before)?;
            change(&mut state);
            Ok(state)
        })
        .await
    }

    async fn replace_state<S: Serialize>(
        &self,
        replace: impl FnOnce(Option<&Value>) -> Result<S> + Send,
    ) -> Result {
        self.room().await;
        let _turn = self.changing_state();
        let (after, delta) = {
            let changed = self.changed_state();
            let before = changed.as_ref().or(self.input().state.as_ref());
            let after = replace(before)?;
            let delta = difference(before.unwrap_or(&Value::Object(Map::new())), &after)?;
            (after, delta)
        };
        if delta.is_empty() {
            return Ok(());
        }
        if shorter(&after, &delta) {
            let after = serde_json::to_value(after)?;
            self.push(self.attributed(StateSnapshotEvent::new(after.clone()).into()))?;
            *self.changed_state() = Some(after);
        } else {
            self.push(self.attributed(StateDeltaEvent::new(delta.clone()).into()))?;
            let mut changed = self.changed_state();
            // Of a large state that is little, where making it anew would be all of it.
            let state = changed.get_or_insert_with(|| self.sent_state());
            if apply_patch(state, &delta).is_err() {
                *state = serde_json::to_value(after)?;
            }
        }
        Ok(())
    }

    /// Sets a member of the shared state, or removes it, and tells the client; what it was before. Nothing waits
    /// here, so that this can be done while something is dropped.
    ///
    /// # Errors
    ///
    /// When the state is no object, and as [`RunContext::emit`].
    #[cfg(feature = "tools")]
    pub(crate) fn put_state(&self, key: &str, value: Option<Value>) -> Result<Option<Value>> {
        let _turn = self.changing_state();
        let before = match self.changed_state().as_ref().or(self.input().state.as_ref()) {
            Some(Value::Object(members)) => members.get(key).cloned(),
            None => None,
            Some(_) => {
                return Err(Error::new(format!("the state is no object that could have a `{key}`")));
            }
        };
        let side =
            |value: &Option<Value>| value.iter().map(|value| (key.to_owned(), value.clone())).collect();
        let delta = difference(&Value::Object(side(&before)), &Value::Object(side(&value)))?;
        if !delta.is_empty() {
            self.push(self.attributed(StateDeltaEvent::new(delta).into()))?;
            let mut changed = self.changed_state();
            if let Value::Object(members) = changed.get_or_insert_with(|| self.sent_state()) {
                match value {
                    Some(value) => members.insert(key.to_owned(), value),
                    None => members.remove(key),
                };
            }
        }
        Ok(before)
    }

    /// As [`RunContext::put_state`], if the member is still what it was made.
    #[cfg(feature = "tools")]
    pub(crate) fn restore_state(&self, key: &str, now: &Value, before: Option<Value>) -> Result {
        let stands = self.changed_state().as_ref().and_then(|state| state.get(key)) == Some(now);
        if stands { self.put_state(key, before).map(drop) } else { Ok(()) }
    }

    /// The state that the client has. Without any, `{}` is what both sides begin with (STATE-2).
    fn sent_state(&self) -> Value {
        self.input().state.clone().unwrap_or_else(|| Value::Object(Map::new()))
    }

    /// Emits an event, and follows what it makes of the state.
    pub(super) fn push_followed(&self, event: Event) -> Result {
        match &event {
            Event::StateSnapshot(snapshot) => {
                let _turn = self.changing_state();
                let state = snapshot.snapshot.clone();
                self.push(event)?;
                *self.changed_state() = Some(state);
            }
            Event::StateDelta(delta) => {
                let _turn = self.changing_state();
                let patch = delta.delta.clone();
                if self.sink().refuses() {
                    let mut after = self.changed_state().clone().unwrap_or_else(|| self.sent_state());
                    apply_patch(&mut after, &patch).map_err(inapplicable)?;
                    self.push(event)?;
                    *self.changed_state() = Some(after);
                } else {
                    self.push(event)?;
                    let mut changed = self.changed_state();
                    let state = changed.get_or_insert_with(|| self.sent_state());
                    // A client leaves its state alone as well if the delta does not apply (STATE-9).
                    if let Err(error) = apply_patch(state, &patch).map_err(inapplicable) {
                        tracing::warn!(%error, "the delta was sent all the same");
                    }
                }
            }
            _ => self.push(event)?,
        }
        Ok(())
    }
}

fn inapplicable(error: String) -> Error {
    Error::new(format!("the delta does not apply to the state: {error}"))
}

/// Whether a snapshot takes fewer bytes than a delta. No more of it is looked at than that takes.
fn shorter(state: &impl Serialize, delta: &JsonPatch) -> bool {
    let most = length(delta, usize::MAX).unwrap_or(usize::MAX);
    length(state, most).is_some_and(|length| length < most)
}

/// How long the JSON of a value is, if it is no longer than that.
fn length(value: &impl Serialize, most: usize) -> Option<usize> {
    let mut room = Room(most);
    serde_json::to_writer(&mut room, value).ok().map(|()| most - room.0)
}

/// Counts down what is written.
struct Room(usize);

impl io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The state as a type; without any, what the type makes of `{}`, then of `null`.
pub(crate) fn read<S: DeserializeOwned>(state: Option<&Value>) -> Result<S> {
    let parsed = match state {
        Some(state) => S::deserialize(state),
        None => S::deserialize(Value::Object(Map::new())).or_else(|_| S::deserialize(Value::Null)),
    };
    parsed.map_err(|error| Error::new(format!("the state is no `{}`: {error}", std::any::type_name::<S>())))
}
