//! Tools in a crate that insists on everything: not a word from the compiler, nor from clippy.
//!
//! Without the test harness, since lints that look at what is public are silent with it.

#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::absolute_paths
)]
#![forbid(unsafe_code)]
#![allow(clippy::unused_async, clippy::needless_pass_by_value, reason = "of the functions themselves")]

/// Tools for all.
pub mod public {
    use agui::{ToolContext, agui_tool, agui_tools};

    /// Adds two numbers.
    #[agui_tool]
    #[must_use]
    pub async fn add(
        /// The first.
        a: u8,
        b: Option<u8>,
    ) -> u8 {
        a.saturating_add(b.unwrap_or_default())
    }

    /// Asks.
    #[agui_tool(silent, metadata(icon = "question", weight = 3))]
    pub fn ask_user(question: String) -> Option<String>;

    /// Waits.
    ///
    /// # Errors
    ///
    /// When the run is over.
    #[agui_tool(blocking, timeout = "1s")]
    pub fn wait(context: &ToolContext, words: Vec<String>) -> agui::Result<usize> {
        Ok(context.run_id().len().saturating_add(words.len()))
    }

    /// A shop.
    #[derive(Debug)]
    pub struct Shop;

    #[agui_tools]
    impl Shop {
        /// Sells.
        #[agui_tool]
        #[must_use]
        pub fn sell(&self, what: String) -> String {
            what
        }

        /// Opens.
        #[agui_tool]
        pub async fn open(&self) {}
    }
}

/// Tools for this crate.
mod private {
    use agui::agui_tool;

    /// Subtracts.
    #[agui_tool]
    pub(super) const fn subtract(a: u8, b: u8) -> u8 {
        a.saturating_sub(b)
    }

    /// Is used by its name only.
    #[agui_tool]
    fn nothing() {}

    pub(super) fn all() -> agui::Result<agui::Tools> {
        agui::tools![Subtract, Nothing]
    }
}

fn main() -> agui::Result {
    let tools = agui::tools![public::Add, public::AskUser, public::Wait]?;
    let tools = tools.and(private::all()?)?.and(agui::Tools::methods(public::Shop)?)?;
    assert_eq!(tools.iter().count(), 7);
    assert_eq!(private::subtract(2, 1), 1);
    Ok(())
}
