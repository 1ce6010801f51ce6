//! The procedural macros of agui. Use them through the facade, `agui`, where they are documented.

mod custom_event;

/// Makes a struct the payload of a `CUSTOM` event: implements `agui::CustomPayload`.
///
/// The event's name is the type's, unless `#[custom_event(name = "…")]` says otherwise. The type has to
/// be `Serialize`; its serde form is the event's value.
#[proc_macro_derive(CustomEvent, attributes(custom_event))]
pub fn custom_event(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    custom_event::expand(item.into()).into()
}
