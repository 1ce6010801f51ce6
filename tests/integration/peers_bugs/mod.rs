//! Bugs of the two systems that agents come from, each shown to be absent here. The names say whose they are and
//! which, by their number in the list of confirmed bugs.

mod agno;
mod model;
mod pydantic;

use crate::support::http::{Answer, KeptAlive, Serving};
use agui::{Agent, Result, RunContext, Server};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// State with a member that has to be there, and one that does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cart {
    owner: String,
    #[serde(default)]
    items: Vec<String>,
}

/// Puts something into the cart.
async fn shop(run: RunContext) -> Result {
    run.modify_state(|cart: &mut Cart| cart.items.push("tea".into())).await?;
    run.text(run.state::<Cart>()?.items.join(", ")).await
}

fn shop_of_ann() -> impl Agent {
    shop.with_state(Cart { owner: "ann".into(), items: vec!["x".repeat(100)] })
}

/// Asks an agent once, with members beside ids and one message.
async fn ask(agent: impl Agent, members: Value) -> Answer {
    let serving = Serving::start(Server::new().agent("", agent)).await;
    ask_again(&serving, members).await
}

async fn ask_again(serving: &Serving, members: Value) -> Answer {
    let message = json!({ "id": "m", "role": "user", "content": "Hello!" });
    let mut input = json!({ "threadId": "t", "runId": "r", "messages": [message] });
    input.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    KeptAlive::open(serving.address).await.run("/agui", &input.to_string()).await.unwrap()
}
