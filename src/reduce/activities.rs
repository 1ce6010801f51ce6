//! Activities: messages of which snapshots and patches are sent.

use super::index::{Held, Place};
use super::{Conversation, ReduceError, merge};
use crate::typed::apply_patch;
use agui_types::{ActivityDeltaEvent, ActivityMessage, ActivitySnapshotEvent, Message};
use serde_json::Value;

impl Conversation {
    pub(super) fn activity(&mut self, event: &ActivitySnapshotEvent) -> Result<(), ReduceError> {
        let replace = event.replace.unwrap_or(true);
        let Some(place) = self.find(&event.message_id) else {
            let message = created(event);
            self.append(message.into());
            return Ok(());
        };
        let Some(held) = self.message_mut(&event.message_id) else { return Ok(()) };
        match held {
            Message::Activity(activity) => {
                // Metadata accumulates in any case (ACT-5); not replacing leaves the rest (ACT-4).
                merge(&mut activity.metadata, event.metadata.as_ref());
                if replace {
                    activity.activity_type.clone_from(&event.activity_type);
                    activity.content.clone_from(&event.content);
                    activity.subagent_run_id.clone_from(&event.subagent_run_id);
                }
                Ok(())
            }
            other if replace => {
                let before = std::mem::replace(other, created(event).into());
                if let Place::At(place) = place {
                    let held = Held { messages: &self.messages, late: &self.late };
                    self.index.lost_calls(place, &before, held);
                }
                if matches!(before, Message::Tool(_)) {
                    self.no_answer(place);
                }
                Ok(())
            }
            _ => {
                let text = format!("ACTIVITY_SNAPSHOT for `{}`, which is no activity", event.message_id);
                Err(ReduceError::skipped("ACT-4", text))
            }
        }
    }

    pub(super) fn activity_delta(&mut self, event: &ActivityDeltaEvent) -> Result<(), ReduceError> {
        let Some(Message::Activity(activity)) = self.message_mut(&event.message_id) else {
            let text = format!("ACTIVITY_DELTA for `{}`, which is no activity", event.message_id);
            return Err(ReduceError::skipped("ACT-9", text));
        };
        merge(&mut activity.metadata, event.metadata.as_ref());
        // All of it is copied only where it may have to be had again.
        let whole = event.patch.iter().any(|operation| operation.path().as_str().is_empty());
        let before = whole.then(|| activity.content.clone());
        let mut content = Value::Object(std::mem::take(&mut activity.content));
        let patched = apply_patch(&mut content, &event.patch);
        let is_object = content.is_object();
        activity.content = match content {
            Value::Object(content) => content,
            _ => before.unwrap_or_default(),
        };
        let id = &event.message_id;
        match patched {
            Ok(()) if is_object => {
                activity.activity_type.clone_from(&event.activity_type);
                Ok(())
            }
            Ok(()) => {
                let text = format!("ACTIVITY_DELTA makes no object of `{id}`");
                Err(ReduceError::skipped("ACT-11", text))
            }
            Err(error) => {
                let text = format!("ACTIVITY_DELTA for `{id}` does not apply: {error}");
                Err(ReduceError::skipped("ACT-12", text))
            }
        }
    }
}

fn created(event: &ActivitySnapshotEvent) -> ActivityMessage {
    let mut message = ActivityMessage::new(&*event.message_id, &*event.activity_type, event.content.clone());
    merge(&mut message.metadata, event.metadata.as_ref());
    message.subagent_run_id.clone_from(&event.subagent_run_id);
    message
}
