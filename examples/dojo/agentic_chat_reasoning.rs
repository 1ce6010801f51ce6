//! A chat with a model that thinks before it answers. One that does not reason by itself has a tool to think with; the
//! page sees no difference.

use crate::AnyModel;
use agui::model::{LlmAgent, Think};
use agui::{Result, tools};

pub(crate) fn agent(model: AnyModel) -> Result<LlmAgent<AnyModel>> {
    let instructions = "You are a helpful assistant. Think first, with `think` unless you reason by yourself, then answer \
        briefly.";
    Ok(LlmAgent::new(model).instructions(instructions).tools(tools![Think]?))
}
