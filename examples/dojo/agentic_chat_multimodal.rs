//! A chat about images, sound and documents, which come with the user's messages.

use crate::AnyModel;
use agui::model::LlmAgent;

pub(crate) fn agent(model: AnyModel) -> LlmAgent<AnyModel> {
    LlmAgent::new(model).instructions(
        "You are a helpful assistant. Look closely at what the user attaches, and say what you see.",
    )
}
