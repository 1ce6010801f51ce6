//! The body of an answer, with a limit for silence.

use super::too_slow;
use crate::client::transport::{TransportError, TransportErrorKind};
use bytes::Bytes;
use futures_core::Stream;
use http_body::Body;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// The bytes of an answer, as they come.
pub struct HttpBody {
    body: reqwest::Body,
    silence: Option<(Duration, Pin<Box<Sleep>>)>,
}

impl HttpBody {
    pub(super) fn new(response: reqwest::Response, idle: Option<Duration>) -> Self {
        let body = http::Response::<reqwest::Body>::from(response).into_body();
        Self { body, silence: idle.map(|limit| (limit, Box::pin(tokio::time::sleep(limit)))) }
    }
}

impl Stream for HttpBody {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            match Pin::new(&mut this.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    // What ends in no time that there is goes on as it is.
                    if let Some((limit, sleep)) = &mut this.silence
                        && let Some(end) = Instant::now().checked_add(*limit)
                    {
                        sleep.as_mut().reset(end);
                    }
                    // Trailers are of no interest.
                    if let Ok(bytes) = frame.into_data() {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    let message = "the connection to the agent broke";
                    let error =
                        TransportError::because(TransportErrorKind::Broken, message, error.without_url());
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => {
                    let silent = this.silence.as_mut();
                    return match silent.map(|(limit, sleep)| (*limit, sleep.as_mut().poll(cx))) {
                        Some((limit, Poll::Ready(()))) => {
                            Poll::Ready(Some(Err(too_slow("the next byte of the answer", limit))))
                        }
                        _ => Poll::Pending,
                    };
                }
            }
        }
    }
}

impl fmt::Debug for HttpBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpBody").finish_non_exhaustive()
    }
}
