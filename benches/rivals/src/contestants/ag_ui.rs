//! The crate `ag-ui`: its types by serde, and the functions that it offers for traffic.
//!
//! `decode_events` is the only public way to its checked decoding of events, so it gets frames, a chunk
//! each, and pays for finding their ends beside what the others pay. It gets those of one run, or the
//! measurement would take minutes. `extract::decode` is its axum extractor without the request.

use super::{Contestant, Who, decoded, decoding, encoding, frame, framing, reading};
use crate::Outcome;
use crate::inputs::{self, Inputs};
use crate::measure::Task;
use ag_ui::axum::extract;
use ag_ui::client::transport::decode_events;
use ag_ui::{Event, RunAgentInput, SseFormatter};
use futures_util::FutureExt;
use futures_util::stream::{self, TryStreamExt};
use std::convert::Infallible;
use std::hint::black_box;

pub(super) fn contestants(inputs: &Inputs) -> Outcome<Vec<Contestant<'_>>> {
    let Inputs { events, input, .. } = inputs;
    let values = decoded(events, serde_json::from_str::<Event>)?;
    let formatter = SseFormatter::new();
    Ok(vec![
        Contestant::new(Who::AgUiDerive)
            .decodes(decoding(events, serde_json::from_str::<Event>))
            .encodes(encoding(values.clone(), frame))
            .reads_input(reading(input, serde_json::from_slice::<RunAgentInput>)),
        Contestant::new(Who::AgUiPublic)
            .decodes(stream_decoding(events)?)
            .encodes(framing(values, move |event| formatter.encode_to_string(event)))
            .reads_input(reading(input, extract::decode)),
    ])
}

fn stream_decoding(events: &[String]) -> Outcome<Task<'_>> {
    let frames: Vec<String> =
        inputs::one_run(events)?.iter().map(|event| format!("data: {event}\n\n")).collect();
    Ok(Task::new(frames.len(), move || {
        let chunks = stream::iter(frames.iter().map(Ok::<_, Infallible>));
        let each = |event| {
            black_box(event);
            std::future::ready(Ok(()))
        };
        // Nothing in this stream waits, so one poll runs it to its end.
        decode_events(chunks).try_for_each(each).now_or_never().ok_or("the stream is not ready")??;
        Ok(())
    }))
}
