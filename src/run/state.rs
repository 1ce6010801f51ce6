//! The state that the agent and the user interface share.

use super::context::RunContext;
use super::tap::Sent;
use crate::error::{Error, Result};
use crate::typed::{Inapplicable, apply_patch, difference};
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
        let told = self.in_turn(|| {
            let changed = self.changed_state();
            let before = changed.as_ref().or(self.input().state.as_ref());
            let after = replace(before)?;
            let delta = difference(before.unwrap_or(&Value::Object(Map::new())), &after)?;
            drop(changed);
            if delta.is_empty() {
                return Ok(None);
            }
            let event: Event = if shorter(&after, &delta) {
                StateSnapshotEvent::new(serde_json::to_value(after)?).into()
            } else {
                StateDeltaEvent::new(delta).into()
            };
            Ok(Some(self.tell(self.attributed(event))))
        });
        match told.await? {
            Some(sent) => sent.passed().await,
            None => Ok(()),
        }
    }

    /// Sets a member of the shared state, or removes it; what it was before, and the telling of it.
    ///
    /// # Errors
    ///
    /// When the state is no object, and as [`RunContext::emit`].
    #[cfg(feature = "tools")]
    pub(crate) async fn put_state(&self, key: &str, value: Option<Value>) -> Result<(Option<Value>, Sent)> {
        self.in_turn(|| {
            let before = self.member_of_state(key)?;
            let sent = match member_changed(key, &before, &value)? {
                Some(delta) => self.tell(self.attributed(delta)),
                None => Sent::arrived(Ok(())),
            };
            Ok((before, sent))
        })
        .await
    }

    /// Gives a member of the shared state another value, if it is still what it was made. Nothing waits here, so that this
    /// can be done while something is dropped.
    ///
    /// # Errors
    ///
    /// As [`RunContext::put_state`], as far as they are known at once.
    #[cfg(feature = "tools")]
    pub(crate) fn restore_state(&self, key: &str, now: Value, before: Option<Value>) -> Result {
        let key = key.to_owned();
        self.push_made(move |run| {
            let member = run.member_of_state(&key)?;
            if member.as_ref() != Some(&now) {
                return Ok(None);
            }
            Ok(member_changed(&key, &member, &before)?.map(|delta| run.attributed(delta)))
        })
        .go()
    }

    #[cfg(feature = "tools")]
    fn member_of_state(&self, key: &str) -> Result<Option<Value>> {
        match self.changed_state().as_ref().or(self.input().state.as_ref()) {
            Some(Value::Object(members)) => Ok(members.get(key).cloned()),
            None => Ok(None),
            Some(_) => Err(Error::new(format!("the state is no object that could have a `{key}`"))),
        }
    }

    /// The state that the client has. Without any, `{}` is what both sides begin with (STATE-2).
    fn sent_state(&self) -> Value {
        self.input().state.clone().unwrap_or_else(|| Value::Object(Map::new()))
    }

    /// Emits an event that makes another state.
    pub(super) async fn emit_state(&self, event: Event) -> Result {
        let told = self.in_turn(|| {
            if let Event::StateDelta(delta) = &event
                && self.sink().refuses()
            {
                let mut after = self.changed_state().clone().unwrap_or_else(|| self.sent_state());
                apply_patch(&mut after, &delta.delta).map_err(inapplicable)?;
            }
            Ok(self.tell(event))
        });
        told.await?.passed().await
    }

    /// Does something with the state while nobody else changes it, once there is room and the client was told of all
    /// that was changed before.
    async fn in_turn<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        loop {
            self.room().await;
            self.state_settled().await;
            let _turn = self.changing_state();
            if self.is_state_settled() {
                return work();
            }
        }
    }

    /// Emits an event that makes another state, in the turn of whoever does.
    pub(super) fn tell(&self, event: Event) -> Sent {
        let follow = Follow::of(&event);
        self.push_followed(event, follow)
    }

    /// Does to the state what the client does that was told.
    pub(super) fn follow(&self, follow: Follow) {
        let mut changed = self.changed_state();
        match follow {
            Follow::Whole(state) => *changed = Some(state),
            Follow::Patch(patch) => {
                let state = changed.get_or_insert_with(|| self.sent_state());
                // A client leaves its state alone as well if the delta does not apply (STATE-9).
                if let Err(error) = apply_patch(state, &patch).map_err(inapplicable) {
                    tracing::warn!(%error, "the delta was sent all the same");
                }
            }
        }
    }
}

/// What an event makes of the state.
pub(super) enum Follow {
    Whole(Value),
    Patch(JsonPatch),
}

impl Follow {
    pub(super) fn of(event: &Event) -> Option<Self> {
        match event {
            Event::StateSnapshot(event) => Some(Self::Whole(event.snapshot.clone())),
            Event::StateDelta(event) => Some(Self::Patch(event.delta.clone())),
            _ => None,
        }
    }
}

/// What tells of a member that is another now.
#[cfg(feature = "tools")]
fn member_changed(key: &str, before: &Option<Value>, after: &Option<Value>) -> Result<Option<Event>> {
    let side = |value: &Option<Value>| value.iter().map(|value| (key.to_owned(), value.clone())).collect();
    let delta = difference(&Value::Object(side(before)), &Value::Object(side(after)))?;
    Ok((!delta.is_empty()).then(|| StateDeltaEvent::new(delta).into()))
}

fn inapplicable(error: Inapplicable) -> Error {
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
