//! Bugs of the two systems that agents come from, each shown to be absent here. The names say whose they are and
//! which, by their number in the list of confirmed bugs.

mod agno;
mod both;
mod model;
mod pydantic;

use crate::support::http::{Answer, KeptAlive, Serving};
use crate::verify::shared;
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

#[test]
fn each_confirmed_bug_has_a_test_with_its_number() {
    let Some(file) = shared::find("peers.md", "the list of bugs of other servers") else { return };
    let list = std::fs::read_to_string(file).unwrap();
    let list = list.split_once("### 3a.").unwrap().1.split_once("### 3b.").unwrap().0;
    let words: Vec<_> = list.split_whitespace().collect();
    let bugs: Vec<_> = words
        .windows(2)
        .filter_map(|pair| {
            let number: u32 = pair[0].strip_suffix('.')?.parse().ok()?;
            Some((pair[1].strip_suffix(':')?.to_lowercase(), number))
        })
        .collect();
    assert!(bugs.len() >= 25, "{bugs:?}");

    let tests = [
        include_str!("agno.rs"),
        include_str!("both.rs"),
        include_str!("model.rs"),
        include_str!("pydantic.rs"),
    ];
    let names: Vec<_> =
        tests.iter().flat_map(|text| text.split("fn ").skip(1)).map(|rest| rest.split('(').next()).collect();
    let without: Vec<_> = bugs
        .iter()
        .filter(|(whose, number)| {
            let name = format!("{whose}_{number}_");
            !names
                .iter()
                .flatten()
                .any(|test| test.starts_with(&name) || test.contains(&format!("_and_{name}")))
        })
        .collect();
    assert!(without.is_empty(), "no test for {without:?}");
}
