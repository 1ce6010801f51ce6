//! What a mock server was asked.

use crate::compat::decode_input;
use crate::error::{Error, Result};
use agui_types::RunAgentInput;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method};

/// A request that a [`MockServer`](super::MockServer) got.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MockRequest {
    /// The method.
    pub method: Method,
    /// The path, without what follows a question mark.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl MockRequest {
    /// A header as text; `None` if it is not there or no text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The run input, read as a server has to: what is not recognised is left out, and what older clients send is
    /// translated.
    ///
    /// # Errors
    ///
    /// When the body is none.
    pub fn input(&self) -> Result<RunAgentInput> {
        decode_input(&self.body)?
            .decoded
            .value
            .ok_or_else(|| Error::new("nothing recognisable is left of the run input"))
    }
}
