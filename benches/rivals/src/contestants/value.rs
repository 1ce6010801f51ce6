//! Untyped JSON: what somebody without types pays.

use super::{Contestant, Who, decoded, decoding, encoding, frame, reading};
use crate::Outcome;
use crate::inputs::Inputs;
use serde_json::Value;

pub(super) fn contestant(inputs: &Inputs) -> Outcome<Contestant<'_>> {
    let Inputs { events, input, .. } = inputs;
    let values = decoded(events, serde_json::from_str::<Value>)?;
    Ok(Contestant::new(Who::Value)
        .decodes(decoding(events, serde_json::from_str::<Value>))
        .encodes(encoding(values, frame))
        .reads_input(reading(input, serde_json::from_slice::<Value>)))
}
