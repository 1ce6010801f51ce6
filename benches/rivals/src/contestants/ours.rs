//! This repository's types: plain serde, and the three functions of the runtime.

use super::{Contestant, Who, decoded, decoding, encoding, frame, reading};
use crate::Outcome;
use crate::inputs::Inputs;
use agui_types::runtime::{Violation, decode, decode_lenient, decode_strict, encode};
use agui_types::{Event, RunAgentInput};

pub(super) fn contestants(inputs: &Inputs) -> Outcome<Vec<Contestant<'_>>> {
    let Inputs { events, extended, input } = inputs;
    check(inputs)?;
    let values = decoded(events, serde_json::from_str::<Event>)?;
    Ok(vec![
        Contestant::new(Who::OursPlain)
            .decodes(decoding(events, serde_json::from_str::<Event>))
            .encodes(encoding(values, frame))
            .reads_input(reading(input, serde_json::from_slice::<RunAgentInput>)),
        Contestant::new(Who::OursDecode)
            .decodes(decoding(events, |event| decode::<Event>(event.as_bytes())))
            .encodes(encoding(decoded(events, serde_json::from_str::<Event>)?, frame_by_runtime))
            .reads_input(reading(input, decode::<RunAgentInput>)),
        Contestant::new(Who::OursLenient)
            .decodes(decoding(events, |event| decode_lenient::<Event>(event.as_bytes())))
            .reads_input(reading(input, decode_lenient::<RunAgentInput>)),
        Contestant::new(Who::OursLenientUnknown)
            .decodes(decoding(extended, |event| decode_lenient::<Event>(event.as_bytes()))),
        Contestant::new(Who::OursStrict)
            .decodes(decoding(events, |event| decode_strict::<Event>(event.as_bytes())))
            .reads_input(reading(input, decode_strict::<RunAgentInput>)),
    ])
}

/// Lenient decoding has to report the one unknown member, and nothing else, or the row is void.
fn check(inputs: &Inputs) -> Outcome<()> {
    for (texts, reports) in [(&inputs.events, 0), (&inputs.extended, 1)] {
        for text in texts {
            let decoded = decode_lenient::<Event>(text.as_bytes())?;
            if decoded.value.is_none() || decoded.unrecognised.len() != reports {
                return Err(
                    format!("{} reports instead of {reports}: {text}", decoded.unrecognised.len()).into()
                );
            }
        }
    }
    Ok(())
}

/// An SSE frame by the runtime's own encoder.
fn frame_by_runtime(event: &Event, out: &mut Vec<u8>) -> Result<(), Violation> {
    out.extend_from_slice(b"data: ");
    encode(event, out)?;
    out.extend_from_slice(b"\n\n");
    Ok(())
}
