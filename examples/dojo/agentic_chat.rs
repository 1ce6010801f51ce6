//! A chat with a tool on the server. The page brings tools of its own, such as one that changes its background.

use crate::AnyModel;
use agui::model::LlmAgent;
use agui::{Result, ToolError, agui_tool, tools};
use jiff::Timestamp;

/// The current date and time somewhere.
#[agui_tool]
fn current_time(
    /// The time zone by its IANA name, such as `Asia/Tokyo`.
    #[serde(default = "utc")]
    timezone: String,
) -> Result<String, ToolError> {
    let now = Timestamp::now()
        .in_tz(&timezone)
        .map_err(|_| ToolError::retry(format!("There is no time zone `{timezone}`.")))?;
    Ok(now.strftime("%A, %-d %B %Y, %H:%M %Z").to_string())
}

fn utc() -> String {
    "UTC".to_owned()
}

pub(crate) fn agent(model: AnyModel) -> Result<LlmAgent<AnyModel>> {
    Ok(LlmAgent::new(model)
        .instructions("You are a helpful assistant. Be brief.")
        .tools(tools![CurrentTime]?))
}
