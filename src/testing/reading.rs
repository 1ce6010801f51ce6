//! Events from the bytes of a run.

use crate::client::FrameReader;
use crate::compat::Upgrader;
use agui_types::Event;
use agui_types::runtime::{DecodeError, decode_strict};

/// As an agent of today has to write them.
pub(super) fn strict(bytes: &[u8]) -> Vec<Event> {
    events(bytes, |json| decode_strict(json).map(Some))
}

/// What can be recognised, as clients do: retired shapes are read as those of today, what is unknown is left out
/// (PROC-1, PROC-2, VER-20).
pub(super) fn lenient(bytes: &[u8]) -> Vec<Event> {
    let mut upgrader = Upgrader::repeatable();
    events(bytes, |json| upgrader.decode(json).map(|upgraded| upgraded.decoded.value))
}

#[allow(clippy::panic, reason = "documented where it is called; that is how tests fail")]
fn events(bytes: &[u8], mut decode: impl FnMut(&[u8]) -> Result<Option<Event>, DecodeError>) -> Vec<Event> {
    let mut frames = FrameReader::new();
    frames.push(bytes);
    let mut events = Vec::new();
    let mut take = |json: &[u8]| match decode(json) {
        Ok(event) => events.extend(event),
        Err(error) => panic!("no event of the protocol: {error}\n{}", String::from_utf8_lossy(json)),
    };
    let read = loop {
        match frames.next_frame() {
            Ok(Some(json)) => take(json),
            Ok(None) => break frames.finish().map(|last| last.into_iter().for_each(&mut take)),
            Err(error) => break Err(error),
        }
    };
    if let Err(error) = read {
        panic!("{error}");
    }
    events
}
