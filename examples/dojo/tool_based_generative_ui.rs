//! A tool of the page that draws what the model thinks up. The page brings `generate_haiku`.

use crate::AnyModel;
use agui::model::LlmAgent;

pub(crate) fn agent(model: AnyModel) -> LlmAgent<AnyModel> {
    LlmAgent::new(model).instructions(
        "You write haiku. Show each by calling `generate_haiku`, with its three lines in Japanese and in English. \
         Afterwards say one short sentence, without the haiku itself.",
    )
}
