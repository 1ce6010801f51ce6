//! The procedural macros of agui. Use them through the facade, `agui`, where they are documented.

mod attributes;
mod custom_event;
mod docs;
mod errors;
#[cfg(test)]
mod expansions;
mod tool;
mod tools;

/// Turns a function into a tool, or declares one that the application runs.
///
/// See `agui::agui_tool`.
#[proc_macro_attribute]
pub fn agui_tool(
    attribute: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    tool::expand(attribute.into(), item.into()).into()
}

/// Turns methods of an `impl` into tools that share its object.
///
/// See `agui::agui_tools`.
#[proc_macro_attribute]
pub fn agui_tools(
    attribute: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    tools::expand(attribute.into(), item.into()).into()
}

/// Makes a struct the payload of a `CUSTOM` event: implements `agui::CustomPayload`.
///
/// The event's name is the type's, unless `#[custom_event(name = "…")]` says otherwise. The type has to
/// be `Serialize`; its serde form is the event's value.
#[proc_macro_derive(CustomEvent, attributes(custom_event))]
pub fn custom_event(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    custom_event::expand(item.into()).into()
}
