//! The hand-written yardstick: what plain serde can reach with types made for the common events.

use super::{Contestant, Who, decoded, decoding, encoding, reading};
use crate::Outcome;
use crate::inputs::Inputs;
use std::convert::Infallible;

include!(concat!(env!("OUT_DIR"), "/yardstick.rs"));

pub(super) fn contestants(inputs: &Inputs) -> Outcome<Vec<Contestant<'_>>> {
    let Inputs { events, input, .. } = inputs;
    let values = decoded(events, yardstick::decode_owned)?;
    Ok(vec![
        Contestant::new(Who::ReferenceOwned)
            .decodes(decoding(events, yardstick::decode_owned))
            .encodes(encoding(values, |event, frame| {
                yardstick::encode_into(event, frame);
                Ok::<_, Infallible>(())
            }))
            .reads_input(reading(input, yardstick::decode_input)),
        Contestant::new(Who::ReferenceBorrowed).decodes(decoding(events, yardstick::decode_borrowed)),
    ])
}
