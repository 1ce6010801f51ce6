//! A chat with a model that thinks before it answers.

use crate::AnyModel;
use agui::Result;
use agui::model::LlmAgent;

pub(crate) fn agent(model: AnyModel) -> Result<LlmAgent<AnyModel>> {
    Ok(LlmAgent::new(model).instructions("You are a helpful assistant. Think first, then answer briefly."))
}
