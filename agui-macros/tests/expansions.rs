//! Reviewed expansions compile, and are what the macros make of the same source.
//!
//! A test beside the macros writes the files; see `src/expansions.rs`.

#![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic, reason = "as generated")]

use agui::{ToolFunction, ToolSpec, Tools};

macro_rules! expansion {
    ($name:ident) => {
        mod $name {
            pub mod source {
                include!(concat!("expansions/", stringify!($name), ".rs"));
            }

            pub mod expanded {
                include!(concat!("expansions/", stringify!($name), ".expanded.rs"));
            }
        }
    };
}

expansion!(async_tool);
expansion!(signature);
expansion!(context);
expansion!(methods);
expansion!(blocking);
expansion!(strict);

/// Two tools are told of in the same way.
fn same<A: ToolSpec + ToolFunction, B: ToolSpec + ToolFunction>() {
    assert_eq!(A::definition(), B::definition());
    assert_eq!(A::OPTIONS, B::OPTIONS);
    assert_eq!(A::output_schema(), B::output_schema());
    assert_eq!(A::tool().definition(), B::tool().definition());
}

#[test]
fn expansions_are_what_the_macros_make() {
    same::<async_tool::source::Weather, async_tool::expanded::Weather>();
    same::<signature::source::AskUser, signature::expanded::AskUser>();
    same::<context::source::CountVisits, context::expanded::CountVisits>();
    same::<blocking::source::ReadFile, blocking::expanded::ReadFile>();
    same::<strict::source::Add, strict::expanded::Add>();
}

#[test]
fn expansions_of_methods_are_too() {
    let source = Tools::methods(methods::source::Shop("Corner")).unwrap();
    let expanded = Tools::methods(methods::expanded::Shop("Corner")).unwrap();
    assert_eq!(source.definitions(), expanded.definitions());
}
