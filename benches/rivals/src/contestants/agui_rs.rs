//! The crate `agui-rs`: its types by serde, which is also what its client does, and its encoder.

use super::{Contestant, Who, decoded, decoding, encoding, frame, framing, reading};
use crate::Outcome;
use crate::inputs::Inputs;
use agui_rs::core::{Event, RunAgentInput};
use agui_rs::encoder::EventEncoder;

pub(super) fn contestants(inputs: &Inputs) -> Outcome<Vec<Contestant<'_>>> {
    let Inputs { events, input, .. } = inputs;
    let values = decoded(events, serde_json::from_str::<Event>)?;
    let encoder = EventEncoder::new();
    Ok(vec![
        Contestant::new(Who::AguiRsDerive)
            .decodes(decoding(events, serde_json::from_str::<Event>))
            .encodes(encoding(values.clone(), frame))
            .reads_input(reading(input, serde_json::from_slice::<RunAgentInput>)),
        Contestant::new(Who::AguiRsEncoder).encodes(framing(values, move |event| encoder.encode_sse(event))),
    ])
}
