//! A tool that shows the page more than it tells the model. `cargo run --example custom_events`

use agui::model::{LlmAgent, ModelRequest, Reply, ScriptedModel};
use agui::{CustomEvent, Message, Result, ToolContext, ToolError, agui_tool, tools};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize, CustomEvent)]
#[custom_event(name = "shop.customer_profile")]
struct CustomerProfile {
    customer_name: String,
    customer_email: String,
}

/// Retrieves the profile of a customer.
#[agui_tool]
async fn get_customer_profile(customer_id: u32, context: ToolContext) -> Result<String, ToolError> {
    let customer =
        fetch_customer(customer_id).ok_or_else(|| ToolError::retry("There is no such customer."))?;
    let told = format!("Profile retrieved for {}.", customer.customer_name);
    context.custom(&customer).await?;
    Ok(told)
}

fn fetch_customer(id: u32) -> Option<CustomerProfile> {
    (id == 7).then(|| CustomerProfile {
        customer_name: "Grace Hopper".into(),
        customer_email: "grace@example.com".into(),
    })
}

fn agent() -> Result<LlmAgent<ScriptedModel>> {
    Ok(LlmAgent::new(ScriptedModel::answering(script)).tools(tools![GetCustomerProfile]?))
}

/// In place of a real model: it looks the customer up, then says so.
fn script(request: &ModelRequest) -> Reply {
    match request.messages.last() {
        Some(Message::Tool(_)) => Reply::text("That is her profile."),
        _ => Reply::call(&GetCustomerProfile { customer_id: 7 }),
    }
}

#[tokio::main]
async fn main() -> Result {
    agui::serve("127.0.0.1:9001", agent()?).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui::testing::{ask, record};

    #[tokio::test]
    async fn the_page_gets_the_profile_and_the_model_does_not() {
        let recording = record(agent().unwrap(), ask("Who is number 7?")).await;
        assert_eq!(recording.custom::<CustomerProfile>(), [fetch_customer(7).unwrap()]);
        assert_eq!(recording.tool_calls()[0].result_text(), "Profile retrieved for Grace Hopper.");
    }
}
