//! What a model may call in a run: the agent's tools, and those that the client brings.

use crate::error::{Error, Result};
use crate::tool::{Tools, set};
use agui_types::{RunAgentInput, Tool};
use std::collections::HashSet;

/// What becomes of the tools that a client advertises in `RunAgentInput.tools`.
///
/// None of them ever takes the place of a tool that the agent runs: a client could have its own code answer
/// what the model takes for the agent's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientTools {
    /// The model is offered them. A run whose client claims the name of one of the agent's tools is refused.
    #[default]
    Offer,
    /// The model is offered them. Where one claims the name of one of the agent's tools, the model is offered neither:
    /// the agent must not answer what its client takes for its own (TOOL-20).
    OfferDistinct,
    /// The model is offered none of them. A claim to the name of one of the agent's tools is refused all the same.
    Ignore,
}

/// What a model may call in a run.
#[derive(Debug, Default)]
pub(super) struct Offered {
    pub(super) definitions: Vec<Tool>,
    /// The names of those whose arguments are held to their schema.
    pub(super) strict: Vec<String>,
    /// The names that the client alone has.
    pub(super) clients: HashSet<String>,
    /// The names that the client has and the model is not told.
    pub(super) withheld: HashSet<String>,
}

impl Offered {
    /// What the model may call in this run.
    ///
    /// # Errors
    ///
    /// When the client's tools make no sense beside the agent's.
    pub(super) fn new(tools: &Tools, policy: ClientTools, input: &RunAgentInput) -> Result<Self> {
        let strict = tools.iter().filter(|tool| tool.options().strict);
        let strict = strict.map(|tool| tool.name().to_owned()).collect();
        let mut offered = Self { definitions: tools.definitions(), strict, ..Self::default() };
        for tool in input.tools.iter().flatten() {
            if !set::is_legal(&tool.name) {
                let message = format!("`{}` is no name for a tool.", tool.name);
                return Err(Error::public(message).code("illegal_tool_name"));
            }
            match tools.get(&tool.name) {
                // The application says that it is there to run it.
                Some(ours) if ours.is_frontend() => {}
                Some(_) if policy == ClientTools::OfferDistinct => {
                    tracing::warn!(tool = %tool.name, "the client claims the name of a tool, which is not offered");
                    if offered.withheld.insert(tool.name.clone()) {
                        offered.definitions.retain(|ours| ours.name != tool.name);
                    }
                }
                Some(_) => {
                    let message = format!("The agent has a tool `{}` of its own.", tool.name);
                    return Err(Error::public(message).code("tool_name_taken"));
                }
                None if policy == ClientTools::Ignore => {
                    offered.withheld.insert(tool.name.clone());
                }
                None if offered.clients.insert(tool.name.clone()) => offered.definitions.push(tool.clone()),
                None => {
                    let message = format!("There are two tools `{}`.", tool.name);
                    return Err(Error::public(message).code("duplicate_tool"));
                }
            }
        }
        Ok(offered)
    }
}
