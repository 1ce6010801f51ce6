//! A tool that runs only once the user agrees: the run ends with an interrupt, which the next one answers.

use crate::AnyModel;
use agui::model::LlmAgent;
use agui::{Result, agui_tool, tools};

/// Books a meeting in the user's calendar.
#[agui_tool(requires_approval)]
fn schedule_meeting(
    /// What it is about.
    topic: String,
    /// When it begins, such as `tomorrow, 10:00`.
    time: String,
) -> String {
    format!("The meeting about {topic} is booked: {time}.")
}

pub(crate) fn agent(model: AnyModel) -> Result<LlmAgent<AnyModel>> {
    let instructions = "You keep the user's calendar. Book meetings with `schedule_meeting`; the user is asked before \
        it happens, so do not ask yourself. If the user declines, ask what would suit better.";
    Ok(LlmAgent::new(model).instructions(instructions).tools(tools![ScheduleMeeting]?))
}
