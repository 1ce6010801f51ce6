//! Agents behind HTTP.

mod body;
mod builder;
mod refused;

pub use body::HttpBody;
pub use builder::HttpAgentBuilder;

use super::transport::{Request, Transport, TransportError, TransportErrorKind};
use crate::sse;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};
use reqwest::Url;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// An agent behind a URL. Cheap to clone; clones share their connections.
///
/// ```no_run
/// use agui::client::{HttpAgent, Thread};
/// use std::time::Duration;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let agent = HttpAgent::builder("http://localhost:9001/agui")
///     .bearer_token("a long secret")
///     .idle_timeout(Duration::from_secs(60))
///     .build()?;
/// let report = Thread::new(agent).send("Hello!").await?;
/// println!("{}", report.text());
/// # Ok(()) }
/// ```
///
/// HTTPS takes the feature `rustls`. Redirects are followed where they keep the request as it is (307 and 308) and
/// stay with the same scheme, host and port, so that nobody else gets what is asked. The run is asked for again only if there was no connection, so it cannot have begun.
#[derive(Clone)]
pub struct HttpAgent {
    client: reqwest::Client,
    url: Url,
    headers: HeaderMap,
    first_byte: Option<Duration>,
    idle: Option<Duration>,
    retries: u32,
}

impl HttpAgent {
    /// An agent, with the settings that there are.
    ///
    /// # Errors
    ///
    /// As [`HttpAgentBuilder::build`].
    pub fn new(url: impl AsRef<str>) -> Result<Self, TransportError> {
        Self::builder(url).build()
    }

    /// An agent with settings.
    pub fn builder(url: impl AsRef<str>) -> HttpAgentBuilder {
        HttpAgentBuilder::new(url.as_ref())
    }

    /// Where the agent is.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The headers of a request, those of this agent and more.
    pub(crate) fn headers(&self, more: HeaderMap) -> HeaderMap {
        let mut headers = self.headers.clone();
        headers.extend(more);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // Without a wildcard: some agents would answer in a form that is not read here (PB-2).
        headers.insert(ACCEPT, HeaderValue::from_static(sse::MEDIA_TYPE));
        headers
    }

    pub(crate) fn post(&self, headers: HeaderMap, body: Bytes) -> reqwest::RequestBuilder {
        self.client.post(self.url.clone()).headers(headers).body(body)
    }

    async fn answer(self, headers: HeaderMap, json: Bytes) -> Result<HttpBody, TransportError> {
        let answer = self.reach(&headers, &json);
        let response = within(self.first_byte, "the first byte of the answer", answer).await??;
        if response.status() != StatusCode::OK || !is_event_stream(response.headers()) {
            return Err(refused::read(response, self.first_byte).await);
        }
        Ok(HttpBody::new(response, self.idle))
    }

    /// Tries until somebody is there, as often as allowed.
    async fn reach(&self, headers: &HeaderMap, json: &Bytes) -> Result<reqwest::Response, TransportError> {
        let mut tried = 0;
        loop {
            let error = match self.post(headers.clone(), json.clone()).send().await {
                Ok(response) => return Ok(response),
                Err(error) if error.is_connect() && tried < self.retries => error.without_url(),
                Err(error) => return Err(unreachable(error)),
            };
            let url = without_secrets(&self.url);
            tracing::debug!(url = url.as_ref().map(Url::as_str), %error, "nobody there, trying again");
            tokio::time::sleep(RETRY_AFTER * 2_u32.saturating_pow(tried)).await;
            tried += 1;
        }
    }
}

impl fmt::Debug for HttpAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpAgent")
            .field("url", &without_secrets(&self.url).as_ref().map(Url::as_str))
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// A URL for logs: without who asks and the query, where tokens may be. Of one that is not for HTTP nothing is sure to be
/// no secret.
fn without_secrets(url: &Url) -> Option<Url> {
    let mut url = Some(url).filter(|url| matches!(url.scheme(), "http" | "https"))?.clone();
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

/// How long to wait before the first retry.
const RETRY_AFTER: Duration = Duration::from_millis(100);

impl Transport for HttpAgent {
    type Body = HttpBody;
    type Opening = Pin<Box<dyn Future<Output = Result<HttpBody, TransportError>> + Send>>;

    fn open(&self, request: Request, json: Bytes) -> Self::Opening {
        let headers = self.headers(request.headers);
        Box::pin(self.clone().answer(headers, json))
    }
}

/// What the future gives, if it does so in time.
async fn within<F: Future>(
    limit: Option<Duration>,
    what: &str,
    future: F,
) -> Result<F::Output, TransportError> {
    let Some(limit) = limit else { return Ok(future.await) };
    tokio::time::timeout(limit, future).await.map_err(|_| too_slow(what, limit))
}

fn too_slow(what: &str, limit: Duration) -> TransportError {
    let text = format!("{what} did not come within {} seconds", limit.as_secs_f64());
    TransportError::new(TransportErrorKind::Timeout, text)
}

pub(crate) fn unreachable(error: reqwest::Error) -> TransportError {
    let (kind, message) = if error.is_timeout() {
        (TransportErrorKind::Timeout, "it took too long to connect to the agent")
    } else if error.is_connect() {
        (TransportErrorKind::Connect, "the agent cannot be reached")
    } else if error.is_builder() {
        (TransportErrorKind::Request, "the request cannot be made")
    } else {
        (TransportErrorKind::Broken, "the agent did not answer")
    };
    // It may hold secrets.
    TransportError::because(kind, message, error.without_url())
}

/// Whether an answer says to be what was asked for. One that says nothing may be.
pub(crate) fn is_event_stream(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(CONTENT_TYPE) else { return true };
    let essence = content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(sse::MEDIA_TYPE)
}
