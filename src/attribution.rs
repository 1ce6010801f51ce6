//! The tag that says which subagent an event belongs to.

use agui_types::{Event, SubagentRunId};

/// Where an event has its tag; `None` for the bounds of runs and of subagents and for snapshots of messages, which
/// have none (EVT-13, SUB-3).
pub(crate) fn tag_mut(event: &mut Event) -> Option<&mut Option<SubagentRunId>> {
    macro_rules! tagged {
        ($($kind:ident)*) => {
            match event {
                $(Event::$kind(event) => Some(&mut event.subagent_run_id),)*
                _ => None,
            }
        };
    }
    tagged! {
        TextMessageStart TextMessageContent TextMessageEnd TextMessageChunk
        ToolCallStart ToolCallArgs ToolCallEnd ToolCallChunk ToolCallResult
        StateSnapshot StateDelta ActivitySnapshot ActivityDelta Raw Custom StepStarted StepFinished
        ReasoningStart ReasoningMessageStart ReasoningMessageContent ReasoningMessageEnd
        ReasoningMessageChunk ReasoningEnd ReasoningEncryptedValue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui_types::EventType;
    use serde_json::json;

    /// Each event type that the schema gives a tag has it here, and no other: a value with every member that
    /// any event requires tells.
    #[test]
    fn every_tag_is_found() {
        let mut tagged = 0;
        for event_type in EventType::ALL {
            let event = json!({
                "type": event_type, "subagentRunId": "s",
                "messageId": "m", "toolCallId": "c", "toolCallName": "n", "delta": "", "content": "",
                "messages": [], "patch": [], "activityType": "t", "event": 1, "name": "n", "value": 1,
                "snapshot": 1, "threadId": "t", "runId": "r", "message": "m", "stepName": "n", "role": "reasoning",
                "subtype": "message", "entityId": "e", "encryptedValue": "v",
            });
            let variants = [
                ("delta", json!([])),
                ("content", json!({})),
                ("role", json!("assistant")),
                ("role", json!("tool")),
            ];
            let mut attempts = vec![event.clone()];
            for (member, value) in variants {
                let mut other = event.clone();
                other[member] = value;
                attempts.push(other);
            }
            let mut event: Event =
                attempts.into_iter().find_map(|one| serde_json::from_value(one).ok()).unwrap();
            assert_eq!(json!(event)["type"], json!(event_type));
            let bounds = event_type.to_string().starts_with("SUBAGENT_");
            let expected = event.subagent_run_id().is_some() && !bounds;
            assert_eq!(tag_mut(&mut event).is_some(), expected, "{event_type}");
            tagged += usize::from(expected);
        }
        assert!(tagged > 20, "{tagged}");
    }
}
