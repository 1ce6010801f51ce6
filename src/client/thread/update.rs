//! What happens in a turn, with what it makes of the conversation.

use crate::reduce::Conversation;
use agui_types::{
    ActivityMessage, CustomEvent, Event, Interrupt, Message, RunErrorEvent, RunFinishedEvent,
    RunFinishedOutcome, RunStartedEvent, State, ToolCall, ToolMessage,
};

/// One thing that happened: the event as it came, and what it changed.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Update<'t> {
    /// The event; `None` for what happened on this side.
    pub event: Option<&'t Event>,
    /// What it changed.
    pub change: Change<'t>,
}

/// What changed, as it is now.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Change<'t> {
    /// A run began.
    Started(&'t RunStartedEvent),
    /// A text message has more text.
    Text {
        /// The message, with all text so far.
        message: &'t Message,
        /// What is new.
        delta: &'t str,
    },
    /// The agent thinks aloud.
    Reasoning {
        /// The message, with all text so far.
        message: &'t Message,
        /// What is new.
        delta: &'t str,
    },
    /// A tool call is being built. Its arguments are to be acted on once it is [complete](Building::Complete)
    /// (TOOL-4), and not to be trusted then (SEC-1).
    ToolCall {
        /// The call, with all of the arguments so far.
        call: &'t ToolCall,
        /// How far it is.
        building: Building<'t>,
    },
    /// A tool call was answered, by the agent, or by a tool of the application.
    ToolResult(&'t ToolMessage),
    /// The shared state is another.
    State(&'t State),
    /// The agent restated the messages.
    Messages(&'t [Message]),
    /// An activity is new or another.
    Activity(&'t ActivityMessage),
    /// An event of the application's own; [`ReadCustom::custom`](crate::ReadCustom::custom) gives it as a type.
    Custom(&'t CustomEvent),
    /// The agent stopped to ask.
    Interrupted(&'t [Interrupt]),
    /// A run ended in another way. How the turn ends is told by its report.
    Finished(&'t RunFinishedEvent),
    /// The agent reported its own failure.
    Failed(&'t RunErrorEvent),
    /// Everything else, such as steps and subagents.
    Other,
}

/// How far a tool call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Building<'t> {
    /// It began.
    Began,
    /// There is more of the arguments.
    More(&'t str),
    /// All is there.
    Complete,
}

impl<'t> Update<'t> {
    pub(super) fn of(event: &'t Event, conversation: &'t Conversation) -> Self {
        Self { event: Some(event), change: change(event, conversation).unwrap_or(Change::Other) }
    }

    pub(super) fn answered(answer: &'t ToolMessage) -> Self {
        Self { event: None, change: Change::ToolResult(answer) }
    }
}

/// `None` if the event had no effect.
fn change<'t>(event: &'t Event, conversation: &'t Conversation) -> Option<Change<'t>> {
    let call =
        |id: &str, building| conversation.tool_call(id).map(|call| Change::ToolCall { call, building });
    match event {
        Event::RunStarted(event) => Some(Change::Started(event)),
        Event::TextMessageContent(event) => {
            let message = conversation.message(&event.message_id)?;
            Some(Change::Text { message, delta: &event.delta })
        }
        Event::ReasoningMessageContent(event) => {
            let message = conversation.message(&event.message_id)?;
            Some(Change::Reasoning { message, delta: &event.delta })
        }
        Event::ToolCallStart(event) => call(&event.tool_call_id, Building::Began),
        Event::ToolCallArgs(event) => call(&event.tool_call_id, Building::More(&event.delta)),
        Event::ToolCallEnd(event) => call(&event.tool_call_id, Building::Complete),
        Event::ToolCallResult(event) => match conversation.message(&event.message_id)? {
            Message::Tool(message) => Some(Change::ToolResult(message)),
            _ => None,
        },
        Event::StateSnapshot(_) | Event::StateDelta(_) => Some(Change::State(conversation.state())),
        Event::MessagesSnapshot(_) => Some(Change::Messages(conversation.messages())),
        Event::ActivitySnapshot(_) | Event::ActivityDelta(_) => {
            match conversation.message(event.message_id()?)? {
                Message::Activity(activity) => Some(Change::Activity(activity)),
                _ => None,
            }
        }
        Event::Custom(event) => Some(Change::Custom(event)),
        Event::RunFinished(event) => Some(match &event.outcome {
            Some(RunFinishedOutcome::Interrupt(outcome)) => Change::Interrupted(&outcome.interrupts),
            _ => Change::Finished(event),
        }),
        Event::RunError(event) => Some(Change::Failed(event)),
        _ => None,
    }
}
