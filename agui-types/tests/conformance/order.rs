//! The order of members has no meaning.

use crate::support::cases::for_every_definition;
use crate::support::json::{Order, respell};

#[test]
fn any_order_of_members_decodes_to_the_same_value() {
    for_every_definition("any_order_of_members_decodes_to_the_same_value", 60, |case| {
        let document = case.document();
        let text = document.to_string();
        let value = case.definition.strict(&text).map_err(|error| case.failure("refused", &text, error))?;
        // Our own encoding has the discriminators first.
        let first = value.encode().map_err(|error| case.failure("cannot be encoded", &text, error))?;
        let shuffled = respell(&document, Order::Shuffled, &mut case.rng);
        let last = respell(&document, Order::TagsLast, &mut case.rng);
        for text in [first, shuffled, last] {
            let strict =
                case.definition.strict(&text).map_err(|error| case.failure("refused", &text, error))?;
            let tolerant =
                case.definition.tolerant(&text).map_err(|error| case.failure("refused", &text, error))?;
            let lenient =
                case.definition.lenient(&text).map_err(|error| case.failure("refused", &text, error))?;
            for other in [Some(strict), Some(tolerant), lenient.value] {
                if !other.as_ref().is_some_and(|other| value.equals(&**other)) {
                    let ours = format!("{other:?}\n  instead of {value:?}");
                    return Err(case.failure("another value", &text, ours));
                }
            }
        }
        Ok(())
    });
}
