//! The agents that the AG-UI Dojo, CopilotKit's demo front end, talks to: one a feature. `cargo run --example dojo`
//!
//! They answer at `http://127.0.0.1:9001/{feature}/agui`, and at `/{feature}` for front ends that ask there. Without
//! a key a scripted model speaks, which needs no network and knows what each page is usually asked.

#![allow(clippy::print_stdout, reason = "that is how a program talks")]

mod agentic_chat;
mod agentic_chat_multimodal;
mod agentic_chat_reasoning;
mod agentic_generative_ui;
mod backend_tool_rendering;
mod human_in_the_loop;
mod interrupt;
mod model;
mod options;
mod predictive_state_updates;
mod scripted;
mod shared_state;
mod subgraphs;
#[cfg(test)]
mod tests;
mod tool_based_generative_ui;

use agui::model::Model;
use agui::session::{MemoryStore, Sessions, WhenBusy};
use agui::{DynAgent, Result, Server};
use options::Options;
use std::sync::Arc;

/// Any model: the scripted one, or that of a provider.
type AnyModel = Arc<dyn Model>;

/// All agents, below their prefixes.
fn agents(model: &AnyModel) -> Result<[(&'static str, DynAgent); 11]> {
    let model = || Arc::clone(model);
    Ok([
        ("/agentic_chat", DynAgent::new(agentic_chat::agent(model())?)),
        ("/agentic_chat_reasoning", DynAgent::new(agentic_chat_reasoning::agent(model())?)),
        ("/agentic_chat_multimodal", DynAgent::new(agentic_chat_multimodal::agent(model()))),
        ("/backend_tool_rendering", DynAgent::new(backend_tool_rendering::agent(model())?)),
        ("/human_in_the_loop", DynAgent::new(human_in_the_loop::agent(model()))),
        ("/agentic_generative_ui", DynAgent::new(agentic_generative_ui::agent(model())?)),
        ("/tool_based_generative_ui", DynAgent::new(tool_based_generative_ui::agent(model()))),
        ("/shared_state", DynAgent::new(shared_state::agent(model())?)),
        ("/predictive_state_updates", DynAgent::new(predictive_state_updates::agent(model())?)),
        ("/subgraphs", DynAgent::new(subgraphs::agent(model())?)),
        ("/interrupt", DynAgent::new(interrupt::agent(model())?)),
    ])
}

fn server(model: &AnyModel, sessions: bool) -> Result<Server> {
    // Any page may talk to it, with sessions as well: the server is for this machine alone.
    let server = Server::new().bare_prefixes().allow_origins(["*"]);
    Ok(agents(model)?.into_iter().fold(server, |server, (prefix, agent)| {
        if !sessions {
            return server.agent(prefix, agent);
        }
        // A reloaded page gets its thread back. Who stops an answer and asks at once waits until it has ended.
        let sessions =
            Sessions::new(MemoryStore::new(), agent).accept_client_state().when_busy(WhenBusy::Wait);
        server.agent(prefix, sessions)
    }))
}

#[tokio::main]
async fn main() -> Result {
    let options = Options::from_arguments(std::env::args().skip(1))?;
    let (model, name) = model::choose(options.provider.as_deref())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", options.port)).await?;
    println!("The Dojo's agents listen on http://{}, with {name}.", listener.local_addr()?);
    server(&model, options.sessions)?.serve_on(listener).await
}
