//! A plan that the user goes over before anything is done. The page brings `generate_task_steps`.

use crate::AnyModel;
use agui::model::LlmAgent;

pub(crate) fn agent(model: AnyModel) -> LlmAgent<AnyModel> {
    LlmAgent::new(model).instructions(
        "You plan tasks. Plan only by calling `generate_task_steps`, with ten short steps whose status is `enabled`, \
         unless the user wants another number. Never write the steps as text, and never call the tool twice in a \
         row. The user may then switch steps off. If the plan was accepted, confirm briefly that the steps that are \
         left will be carried out. If it was rejected, ask what to change, and do not call the tool before you \
         know.",
    )
}
