//! A plan in the shared state, which the page shows while the agent works on it.

use crate::AnyModel;
use agui::model::LlmAgent;
use agui::{Result, ToolContext, ToolError, agui_tool, tools};
use serde::{Deserialize, Serialize};

/// The state that the page shows.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Plan {
    steps: Vec<Step>,
}

#[derive(Serialize, Deserialize)]
struct Step {
    description: String,
    #[serde(default)]
    status: Status,
}

#[derive(Clone, Copy, Default, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    #[default]
    Pending,
    Completed,
}

/// Makes a plan of several steps, none of them done.
#[agui_tool]
async fn create_plan(
    /// What is to be done, step by step.
    steps: Vec<String>,
    context: ToolContext,
) -> Result<&'static str> {
    let steps = steps.into_iter().map(|description| Step { description, status: Status::Pending });
    context.set_state(&Plan { steps: steps.collect() }).await?;
    Ok("The plan is on the page.")
}

/// Changes one step of the plan.
#[agui_tool]
async fn update_plan_step(
    /// Which step; the first is 0.
    index: usize,
    /// What is to be done instead.
    description: Option<String>,
    status: Option<Status>,
    context: ToolContext,
) -> Result<&'static str, ToolError> {
    let steps = context.state::<Plan>()?.steps.len();
    if index >= steps {
        return Err(ToolError::retry(format!("There is no step {index}; the plan has {steps}.")));
    }
    // Tells the page what changed, and nothing else.
    let change = |plan: &mut Plan| {
        if let Some(step) = plan.steps.get_mut(index) {
            step.description = description.unwrap_or(std::mem::take(&mut step.description));
            step.status = status.unwrap_or(step.status);
        }
    };
    context.modify_state(change).await?;
    Ok("The step is changed.")
}

pub(crate) fn agent(model: AnyModel) -> Result<LlmAgent<AnyModel>> {
    let instructions = "Plan what the user asks for with `create_plan`, without saying anything before. Then act as if \
        you carried it out, and mark each step as completed with `update_plan_step`, in order. The page shows the plan: \
        never repeat it. At the end sum up in one sentence what was done.";
    Ok(LlmAgent::new(model).instructions(instructions).tools(tools![CreatePlan, UpdatePlanStep]?))
}
