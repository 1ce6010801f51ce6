//! A clinic extends AG-UI with an event and a content part of its own.
//!
//! `build.rs` adds them to the protocol's schema and generates from the result. Standard definitions
//! stay agui's types, so everything that agui offers works with them; generated anew is what the
//! additions change: the unions [`clinic::Event`] and [`clinic::ContentPart`], and what contains them.

#[allow(missing_docs, reason = "the clinic has described its own additions only")]
pub mod clinic {
    include!(concat!(env!("OUT_DIR"), "/clinic.rs"));
}

use agui::{Result, RunContext};

/// An agent that speaks the extended protocol: standard events as always, its own beside them.
///
/// # Errors
///
/// When the run is over.
pub async fn nurse(run: RunContext) -> Result {
    run.emit_extension(&clinic::VitalSignsEvent::new("patient-7", 72_u64)).await?;
    run.text("The pulse is normal.").await
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui::codec::{decode_strict, encode};
    use futures_util::StreamExt;

    #[test]
    fn standard_events_are_aguis_types() {
        let standard: agui::TextMessageEndEvent = clinic::TextMessageEndEvent::new("m1");
        let extended: clinic::Event = standard.clone().into();
        assert_eq!(extended.event_type(), clinic::EventType::TextMessageEnd);
        assert_eq!(extended, clinic::Event::TextMessageEnd(standard));
    }

    #[test]
    fn what_contains_an_addition_is_generated_anew() {
        let part: clinic::ContentPart = clinic::ScanPart::new(
            agui::UrlSource::new("https://clinic.example/7"),
            clinic::ScanPartModality::Mri,
        )
        .into();
        let message: clinic::Message = clinic::UserMessage::new("m1", vec![part]).into();
        let mut json = Vec::new();
        encode(&message, &mut json).unwrap();
        assert_eq!(decode_strict::<clinic::Message>(&json).unwrap(), message);
        // To agui alone the part is unknown.
        let standard = agui::codec::decode_lenient::<agui::Message>(&json).unwrap();
        assert_eq!(standard.unrecognised[0].to_string(), "/content/0: unknown variant `scan`");
    }

    #[test]
    fn own_rules_are_checked() {
        let error =
            decode_strict::<clinic::Event>(br#"{"type":"CLINIC_VITAL_SIGNS","patientId":"7","pulse":900}"#)
                .unwrap_err();
        assert_eq!(error.pointer(), "/pulse");
    }

    #[tokio::test]
    async fn an_agent_emits_both_on_one_stream() {
        let input = agui::RunAgentInput::new("t", "r", vec![]);
        let chunks: Vec<_> = agui::run(nurse, input).collect().await;
        let text = String::from_utf8(chunks.concat()).unwrap();
        let events: Vec<clinic::Event> = text
            .split_terminator("\n\n")
            .map(|frame| decode_strict(frame.strip_prefix("data: ").unwrap().as_bytes()).unwrap())
            .collect();
        let types: Vec<_> = events.iter().map(|event| event.event_type().as_str()).collect();
        assert_eq!(
            types,
            [
                "RUN_STARTED",
                "CLINIC_VITAL_SIGNS",
                "TEXT_MESSAGE_START",
                "TEXT_MESSAGE_CONTENT",
                "TEXT_MESSAGE_END",
                "RUN_FINISHED"
            ]
        );
    }
}
