//! What an agent with a model declares of itself.

use super::LlmAgent;
use super::offered::ClientTools;
use crate::time;
use crate::tool::ToolEntry;
use agui_types::{
    AgentCapabilities, ExecutionCapabilities, HumanInTheLoopCapabilities, MultiAgentCapabilities,
    OutputCapabilities, SubagentInfo, ToolsCapabilities,
};

/// What follows from what it was given (CAP-3).
pub(super) fn of<M>(agent: &LlmAgent<M>) -> AgentCapabilities {
    let mut capabilities = AgentCapabilities::new().tools(tools(agent)).execution(execution(agent));
    capabilities.output = agent.output.is_some().then(|| OutputCapabilities::new().structured_output(true));
    capabilities.multi_agent = multi_agent(agent);
    capabilities.human_in_the_loop =
        agent.tools.iter().any(|tool| tool.options().requires_approval).then(|| {
            HumanInTheLoopCapabilities::new()
                .supported(true)
                .approvals(true)
                .interrupts(true)
                .approve_with_edits(true)
        });
    capabilities
}

fn tools<M>(agent: &LlmAgent<M>) -> ToolsCapabilities {
    let backend = agent.tools.iter().filter(|tool| !tool.is_frontend());
    let items: Vec<_> = backend.map(|tool| tool.definition().clone()).collect();
    let client_provided = agent.client_tools != ClientTools::Ignore;
    ToolsCapabilities::new()
        .supported(client_provided || !agent.tools.definitions().is_empty())
        .client_provided(client_provided)
        .items(items)
}

fn execution<M>(agent: &LlmAgent<M>) -> ExecutionCapabilities {
    let mut execution = ExecutionCapabilities::new();
    execution.max_iterations = u64::try_from(agent.max_turns).ok().filter(|turns| *turns <= time::LARGEST);
    execution.max_execution_time = agent.max_time.and_then(time::millis);
    execution
}

/// The agents that work for it, as `SUBAGENT_STARTED` will name them (CAP-9).
fn multi_agent<M>(agent: &LlmAgent<M>) -> Option<MultiAgentCapabilities> {
    let members = agent.tools.iter().filter(|tool| tool.is_agent());
    let subagents: Vec<_> = members.map(subagent).collect();
    (!subagents.is_empty())
        .then(|| MultiAgentCapabilities::new().supported(true).delegation(true).subagents(subagents))
}

fn subagent(tool: &ToolEntry) -> SubagentInfo {
    let mut info = SubagentInfo::new(tool.name());
    let description = &tool.definition().description;
    info.description = (!description.is_empty()).then(|| description.clone());
    info
}
