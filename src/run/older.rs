//! What a client from before 1.0 is sent, and what the log says of it.

use crate::compat::Downgrader;
use agui_types::Event;

/// The shapes that such a client knows.
#[derive(Debug, Default)]
pub(super) struct Older {
    downgrader: Downgrader,
    /// What the log has said already, once a run and kind.
    told: Vec<&'static str>,
}

impl Older {
    /// What is sent in place of an event; `None` if that is the event.
    pub(super) fn shapes(&mut self, event: &Event) -> Option<Vec<Event>> {
        let downgraded = self.downgrader.downgrade(event)?;
        for conversion in downgraded.conversions {
            if !self.told.contains(&conversion.what) {
                self.told.push(conversion.what);
                tracing::warn!(
                    event = event.tag(),
                    %conversion,
                    "the client declares no version that knows this, and gets less: update it, or set `Downgrade::Never`"
                );
            }
        }
        Some(downgraded.events)
    }
}
