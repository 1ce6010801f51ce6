//! Expansions as text: names, and what is wrong.

use super::*;

fn expanded(item: TokenStream) -> String {
    expand(item).to_string()
}

#[test]
fn the_name_is_the_types_unless_given() {
    for (item, name) in [
        (quote! { struct OrderPlaced { order: u32 } }, "OrderPlaced"),
        (quote! { #[custom_event(name = "shop.progress")] struct Progress; }, "shop.progress"),
        (quote! { #[custom_event(rename_all = "kebab-case")] struct OrderPlaced; }, "order-placed"),
        (
            quote! { #[custom_event(prefix = "shop.", rename_all = "snake_case")] struct OrderPlaced; },
            "shop.order_placed",
        ),
        (quote! { #[custom_event(prefix = "shop.", name = "placed")] struct OrderPlaced; }, "shop.placed"),
        (
            quote! { #[custom_event(prefix = "shop.")] #[custom_event(rename_all = "UPPERCASE")] struct r#Type; },
            "shop.TYPE",
        ),
    ] {
        let text = expanded(item);
        assert!(text.contains(&format!("NAME : & 'static str = \"{name}\"")), "{text}");
        assert!(!text.contains("compile_error"), "{text}");
    }
}

#[test]
fn variants_have_names_of_their_own() {
    let text = expanded(quote! {
        #[custom_event(prefix = "shop.", rename_all = "snake_case")]
        enum Shop { OrderPlaced(Order), #[custom_event(name = "closed-now")] Closed }
    });
    assert!(text.contains("Self :: OrderPlaced { .. } => \"shop.order_placed\""), "{text}");
    assert!(text.contains("Self :: Closed { .. } => \"shop.closed-now\""), "{text}");
    assert!(!text.contains("compile_error"), "{text}");
}

#[test]
fn generics_are_carried_over() {
    let text = expanded(quote! { struct Wrap<T: Send>(T) where T: Copy; });
    assert!(text.contains("impl < T : Send >") && text.contains("Wrap < T > where T : Copy"), "{text}");
}

#[test]
fn another_path_to_agui_is_used_throughout() {
    for path in [quote! { crate = crate::other }, quote! { crate = "crate::other" }] {
        for item in [quote! { struct A { a: u8 } }, quote! { enum A { B { a: u8 }, C(u8) } }] {
            let text = expanded(quote! { #[custom_event(#path)] #item });
            assert!(text.contains("crate :: other :: ") && !text.contains("agui ::"), "{text}");
        }
    }
}

#[test]
fn what_borrows_is_not_read_back() {
    let text = expanded(quote! { enum Said<'a> { Word(&'a str) } });
    assert!(text.contains("CustomPayload for Said") && !text.contains("FromCustom"), "{text}");
}

#[test]
fn mistakes_are_compile_errors() {
    for (item, message) in [
        (quote! { #[custom_event(nam = "x")] struct A; }, "did you mean `name`?"),
        (quote! { #[custom_event(size = "x")] struct A; }, "expected one of `name`"),
        (quote! { #[custom_event(name = "")] struct A; }, "a name has at least one character"),
        (quote! { #[custom_event(prefix = "")] struct A; }, "a prefix has at least one character"),
        (quote! { #[custom_event(name = 1)] struct A; }, "expected a text in quotes"),
        (quote! { #[custom_event(name = "a", name = "b")] struct A; }, "given twice"),
        (quote! { #[custom_event(name = "a")] #[custom_event(name = "b")] struct A; }, "given twice"),
        (quote! { #[custom_event(rename_all = "snakecase")] struct A; }, "did you mean `snake_case`?"),
        (quote! { #[custom_event(rename_all = "!")] struct A; }, "expected one of `lowercase`"),
        (quote! { struct A { #[custom_event(name = "x")] a: u8 } }, "does not go on fields"),
        (quote! { #[custom_event(name = "x")] enum A { B } }, "give the `name` to a variant"),
        (quote! { enum A { #[custom_event(prefix = "x")] B } }, "`prefix` belongs on the enum"),
        (quote! { enum A { #[custom_event(nme = "x")] B } }, "did you mean `name`?"),
        (quote! { enum A { B, #[custom_event(name = "B")] C } }, "the event `B` is `B` already"),
        (quote! { enum A {} }, "an enum without variants has no events"),
        (quote! { union A { a: u8 } }, "a union has no serde form"),
        (quote! { fn a() {} }, "expected"),
    ] {
        let text = expanded(item);
        assert!(text.contains("compile_error") && text.contains(message), "{message}: {text}");
    }
}

#[test]
fn one_mistake_does_not_hide_the_next() {
    let text = expanded(quote! {
        #[custom_event(nam = "a", prefix = "", rename_all = "x")]
        enum A { #[custom_event(name = "")] B { #[custom_event(b)] b: u8 } }
    });
    assert_eq!(text.matches("compile_error").count(), 5, "{text}");
}
