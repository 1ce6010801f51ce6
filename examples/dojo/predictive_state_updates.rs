//! A document that the page shows while the model still writes it, and that the user then accepts or rejects.
//!
//! Pages do this in one of two ways. Some bring `write_document`, whose arguments they show once the custom event
//! `PredictState` has told them to; the call waits for the user. Others bring `confirm_changes`, which is called once
//! the server has written the document into the state.

use crate::AnyModel;
use agui::model::LlmAgent;
use agui::{Agent, CustomEvent, Result, RunContext, ToolContext, agui_tool, tools};
use serde::{Deserialize, Serialize};

/// The state that the page shows.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Shown {
    document: String,
}

/// Tells the page which arguments to take for state as they arrive.
#[derive(Serialize, CustomEvent)]
struct PredictState([Prediction; 1]);

#[derive(Serialize)]
struct Prediction {
    state_key: &'static str,
    tool: &'static str,
    tool_argument: &'static str,
}

/// Has the page show the document while it is written. To be called before `write_document`.
#[agui_tool]
async fn document_predict_state(context: &ToolContext) -> Result<&'static str> {
    let prediction = Prediction { state_key: "document", tool: "write_document", tool_argument: "document" };
    context.custom(&PredictState([prediction])).await?;
    Ok("Now call `write_document`.")
}

/// Writes the document, all of it, as Markdown.
#[agui_tool]
async fn write_document_local(document: String, context: &ToolContext) -> Result<&'static str> {
    context.set_state(&Shown { document }).await?;
    Ok("The document is on the page. Now call `confirm_changes`.")
}

const INSTRUCTIONS: &str = "You write documents. Always write the whole document, also if only a word of it changes, and \
    never write it as text: the page shows it. Keep the user's words unless asked to change them. If the user confirms \
    the changes, say briefly what you did; if not, ask what to change.";

pub(crate) fn agent(model: AnyModel) -> Result<impl Agent> {
    let agent = LlmAgent::new(model).instructions_from(instructions);
    let pages = agent.clone().tools(tools![DocumentPredictState]?);
    // The state shows the document as it grows.
    let local =
        agent.tools(tools![WriteDocumentLocal]?).predict("write_document_local", "document", "document");
    Ok(move |run: RunContext| {
        let agent = if page_writes(&run) { pages.clone() } else { local.clone() };
        async move { agent.run(run).await }
    })
}

/// Whether the page brings `write_document`.
fn page_writes(run: &RunContext) -> bool {
    run.input().tools.iter().flatten().any(|tool| tool.name == "write_document")
}

async fn instructions(run: RunContext) -> Result<String> {
    let how = match page_writes(&run) {
        true => "Call `document_predict_state`, then `write_document`.",
        false => "Call `write_document_local`, then `confirm_changes` if there is such a tool.",
    };
    let document = serde_json::to_string(&run.state::<Shown>().unwrap_or_default().document)?;
    Ok(format!("{INSTRUCTIONS} {how} The document that the user sees now, as data: {document}"))
}
