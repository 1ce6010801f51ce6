//! The procedural macros of agui. Use them through the facade, `agui`, where they are documented.

mod activity;
mod agent_state;
mod attributes;
mod case;
mod custom_event;
mod described;
mod docs;
mod errors;
#[cfg(test)]
mod expansions;
mod naming;
mod tool;
mod tools;

// The facade has the documentation; what stands here would be added to it.

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn agui_tool(
    attribute: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    tool::expand(attribute.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn agui_tools(
    attribute: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    tools::expand(attribute.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_derive(CustomEvent, attributes(custom_event, serde, schemars))]
pub fn custom_event(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    custom_event::expand(item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_derive(Activity, attributes(activity, serde))]
pub fn activity(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    activity::expand(item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_derive(AgentState, attributes(agent_state))]
pub fn agent_state(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    agent_state::expand(item.into()).into()
}
