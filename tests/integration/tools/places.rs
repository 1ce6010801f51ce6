//! Where functions may stand, and by what path agui may be known there.

use agui::testing::call;
use agui::{ToolSpec, agui_tool, tools};

mod framework {
    pub(crate) mod parts {
        pub(crate) use agui::*;
        pub(crate) use agui::{__private, tools};
    }
}

mod reexported {
    use super::framework::parts::{agui_tool, agui_tools};

    /// Adds.
    #[agui_tool(crate = super::framework::parts)]
    pub(super) async fn add(a: i64, b: i64) -> i64 {
        a + b
    }

    /// Asks.
    #[agui_tool(crate = crate::tools::places::framework::parts)]
    pub(super) fn ask_user(question: String) -> String;

    pub(super) struct Shop;

    #[agui_tools(crate = super::framework::parts)]
    impl Shop {
        /// Sells.
        #[agui_tool]
        pub(super) fn sell(&self, what: String) -> String {
            what
        }
    }
}

mod renamed {
    extern crate agui as other;

    /// Subtracts.
    #[other::agui_tool(crate = other)]
    pub(super) fn subtract(a: i64, b: i64) -> i64 {
        a - b
    }
}

#[tokio::test]
async fn agui_may_be_known_by_another_path() {
    assert_eq!(call(&reexported::Add { a: 1, b: 2 }).await.text(), "3");
    assert_eq!(call(&renamed::Subtract { a: 1, b: 2 }).await.text(), "-1");
    let tools = framework::parts::tools![reexported::Add, reexported::AskUser, renamed::Subtract].unwrap();
    let tools = tools.and(agui::Tools::methods(reexported::Shop).unwrap()).unwrap();
    assert_eq!(tools.iter().count(), 4);
}

mod outer {
    #[allow(unreachable_pub, reason = "the visibility is what is tested")]
    pub(super) mod inner {
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub(in crate::tools::places) struct Place {
            pub(in crate::tools::places) city: String,
        }

        /// Private.
        #[agui::agui_tool]
        fn private(word: String) -> String {
            word
        }

        /// For the module above.
        #[agui::agui_tool]
        pub(in super::super) fn above(place: Place) -> String {
            place.city
        }

        /// For the crate.
        #[agui::agui_tool]
        pub(crate) fn everywhere(word: String) -> String {
            private(word)
        }

        /// For all.
        #[agui::agui_tool]
        pub fn public(word: String) -> String {
            word
        }

        pub(in super::super) fn all() -> agui::Tools {
            agui::tools![Private, Above, Everywhere, Public].unwrap()
        }
    }
}

#[tokio::test]
async fn a_tool_is_as_visible_as_its_function() {
    use outer::inner::{Above, Everywhere, Place, Public, all};
    assert_eq!(call(&Above { place: Place { city: "a".into() } }).await.text(), "a");
    assert_eq!(call(&Everywhere { word: "b".into() }).await.text(), "b");
    assert_eq!(call(&Public { word: "c".into() }).await.text(), "c");
    assert_eq!(all().iter().count(), 4);
}

#[tokio::test]
async fn a_function_may_stand_in_a_function() {
    #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    struct Local {
        n: u8,
    }

    /// Doubles.
    #[agui_tool]
    fn double(local: Local) -> u8 {
        local.n * 2
    }

    assert_eq!(call(&Double { local: Local { n: 2 } }).await.text(), "4");
    assert_eq!(tools![Double].unwrap().iter().count(), 1);
    assert_eq!(double(Local { n: 3 }), 6);
    assert_eq!(Double::NAME, "double");
}
