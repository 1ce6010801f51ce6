//! Types that the schema describes where it needs them.

/// What `inline_types.json` gives; formatted by the generator.
#[path = "../goldens/inline_types.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{partly_known, refused, round_trip};
use generated::{
    Article, ArticleStatus, Colour, Order, OrderCustomer, OrderCustomerContact, OrderLinesItem,
    OrderRatesValue, OrderStatus, visit_definitions,
};

fn order() -> Order {
    let customer = OrderCustomer::new("Ann").contact(OrderCustomerContact::new("a@example.com"));
    Order::new(customer, vec![OrderLinesItem::new("nut").colour(Colour::Red)])
}

#[test]
fn inline_types_are_named_after_their_place() {
    let rates = [("a".to_owned(), OrderRatesValue::Full)].into();
    round_trip(
        &order().status(OrderStatus::Sent).rates(rates),
        r#"{"customer":{"name":"Ann","contact":{"mail":"a@example.com"}},"lines":[{"article":"nut","colour":"red"}],"rates":{"a":"full"},"status":"sent"}"#,
    );
    refused::<Order>(
        r#"{"customer":{"name":"a","contact":{}}}"#,
        "/customer/contact",
        "missing field `mail`",
    );
    partly_known(
        r#"{"customer":{"name":"Ann"},"lines":[{"article":"nut","colour":"pink"}]}"#,
        Some(&Order::new(OrderCustomer::new("Ann"), vec![OrderLinesItem::new("nut")])),
        &["/lines/0/colour: unknown value `pink`"],
    );
}

#[test]
fn what_is_alike_under_one_name_is_one_type() {
    let colour: Option<Colour> = order().lines[0].colour;
    round_trip(
        &Article::new().colour(colour.unwrap()).status(ArticleStatus::Used),
        r#"{"colour":"red","status":"used"}"#,
    );
}

#[test]
fn inline_types_are_no_definitions() {
    let mut names = crate::Names::default();
    visit_definitions(&mut names);
    assert_eq!(names.0, ["Article", "Order"]);
}
