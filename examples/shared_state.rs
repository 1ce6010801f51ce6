//! A recipe that the page and the agent both write to. `cargo run --example shared_state`
//!
//! ```sh
//! curl -N http://127.0.0.1:9001/agui -H 'Content-Type: application/json' -d '{
//!     "threadId": "t1", "runId": "r1", "state": {"title": "Stew", "servings": 4, "steps": []},
//!     "messages": [{"id": "m1", "role": "user", "content": "Add: Peel the onions."}]
//! }'
//! ```
//!
//! Write `"servings": "four"`, and the answer is 422 with the path `/state/servings`.

use agui::{Agent, Result, RunContext};
use serde::{Deserialize, Serialize};

/// What both sides see. The page sends it with each run, as it has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Recipe {
    title: String,
    servings: u32,
    #[serde(default)]
    steps: Vec<String>,
}

/// What a page that has sent nothing yet begins with; it is told.
fn soup() -> Recipe {
    Recipe { title: "Soup".into(), servings: 2, steps: vec!["Boil a litre of water.".into()] }
}

async fn cook(run: RunContext) -> Result {
    let Some(step) = run.last_user_text().and_then(|text| text.strip_prefix("Add: ").map(str::to_owned))
    else {
        let recipe: Recipe = run.state()?;
        return run.text(format!("{} for {}. Say `Add: …`.", recipe.title, recipe.servings)).await;
    };
    // The page learns what changed, by STATE_DELTA, or by a snapshot where that is shorter.
    run.modify_state(|recipe: &mut Recipe| recipe.steps.push(step)).await?;
    let recipe: Recipe = run.state()?;
    run.text(format!("That is step {}.", recipe.steps.len())).await
}

#[tokio::main]
async fn main() -> Result {
    // Each run has a state that is a `Recipe`, or does not start.
    agui::serve("127.0.0.1:9001", cook.with_state(soup())).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui::testing::{Recording, ask, record};
    use serde_json::{Value, json};

    async fn say(text: &str, state: impl Into<Option<Value>>) -> Recording {
        let mut request = ask(text);
        request.input_mut().state = state.into();
        record(cook.with_state(soup()), request).await
    }

    #[tokio::test]
    async fn the_recipe_of_the_page_is_written_to() {
        let stew = json!({ "title": "Stew", "servings": 4, "steps": ["Wash the pan."] });
        let recording = say("Add: Peel the onions.", stew).await;
        assert_eq!(recording.text(), "That is step 2.");
        let recipe: Recipe = recording.state();
        assert_eq!((&*recipe.title, &*recipe.steps[1]), ("Stew", "Peel the onions."));
    }

    #[tokio::test]
    async fn a_page_without_one_gets_the_soup() {
        let recording = say("Hello!", None).await;
        assert_eq!(recording.state::<Recipe>(), soup());
        assert!(recording.text().starts_with("Soup for 2."));
    }

    #[tokio::test]
    async fn what_is_no_recipe_is_refused() {
        let mut run = ask("Hello!");
        run.input_mut().state = Some(json!({ "title": "Stew", "servings": "four" }));
        let refused = agui::run(cook.with_state(soup()), run).admitted().await.unwrap_err();
        assert_eq!(refused.status(), 422);
        assert!(refused.to_string().ends_with("(at `/state/servings`)"), "{refused}");
    }
}
