//! A model that takes its time, so that one sees how answers arrive.

use agui::model::{Model, ModelEvent, ModelRequest, ModelStream};
use futures_util::StreamExt;
use futures_util::stream;
use std::time::Duration;

/// Says what another model says word by word, with a pause between the words.
pub(crate) struct Paced<M> {
    pub(crate) model: M,
    pub(crate) pause: Duration,
}

impl<M: Model> Model for Paced<M> {
    fn respond(&self, request: ModelRequest) -> ModelStream {
        let pause = self.pause;
        let words = self.model.respond(request).flat_map(|event| {
            stream::iter(match event {
                Ok(event) => words(event).into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            })
        });
        Box::pin(words.then(move |event| async move {
            tokio::time::sleep(pause).await;
            event
        }))
    }
}

/// An event as several.
fn words(event: ModelEvent) -> Vec<ModelEvent> {
    let split = |text: String| text.split_inclusive(' ').map(str::to_owned).collect::<Vec<_>>();
    match event {
        ModelEvent::Text(text) => split(text).into_iter().map(ModelEvent::Text).collect(),
        ModelEvent::Reasoning { id, delta } => {
            let pieces = split(delta).into_iter();
            pieces.map(|delta| ModelEvent::Reasoning { id: id.clone(), delta }).collect()
        }
        ModelEvent::Arguments { id, delta } => {
            let pieces = split(delta).into_iter();
            pieces.map(|delta| ModelEvent::Arguments { id: id.clone(), delta }).collect()
        }
        other => vec![other],
    }
}
