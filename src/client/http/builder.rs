//! The settings of an [`HttpAgent`].

use super::{HttpAgent, without_secrets};
use crate::client::transport::{TransportError, TransportErrorKind};
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;
use reqwest::redirect::Policy;
use std::fmt;
use std::time::Duration;

/// How an [`HttpAgent`] is set up. Made by [`HttpAgent::builder`].
#[must_use]
pub struct HttpAgentBuilder {
    url: String,
    client: Option<reqwest::Client>,
    headers: HeaderMap,
    /// The first header that is none.
    wrong: Option<String>,
    connect: Option<Duration>,
    first_byte: Option<Duration>,
    idle: Option<Duration>,
    retries: u32,
}

impl HttpAgentBuilder {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            client: None,
            headers: HeaderMap::new(),
            wrong: None,
            connect: Some(Duration::from_secs(10)),
            first_byte: None,
            idle: None,
            retries: 2,
        }
    }

    /// Adds a header to all requests, in place of one of the same name. Its value is kept out of debug output.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match (name.as_ref().parse::<HeaderName>(), value.as_ref().parse::<HeaderValue>()) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            (Ok(name), Err(_)) => {
                self.wrong.get_or_insert_with(|| format!("the value of `{name}` is none for a header"));
            }
            // What is no name may be a value in the wrong place.
            (Err(_), _) => {
                self.wrong.get_or_insert_with(|| "the name of a header is none".to_owned());
            }
        }
        self
    }

    /// Sets the header `Authorization: Bearer …`, which is kept out of debug output.
    pub fn bearer_token(mut self, token: impl AsRef<str>) -> Self {
        match HeaderValue::try_from(format!("Bearer {}", token.as_ref())) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(AUTHORIZATION, value);
            }
            Err(_) => drop(self.wrong.get_or_insert_with(|| "the bearer token is none".to_owned())),
        }
        self
    }

    /// How long connecting may take: 10 seconds if nothing is said.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect = Some(limit);
        self
    }

    /// How long it may take until the answer begins, connecting as often as it takes included; without limit if nothing is said.
    pub fn first_byte_timeout(mut self, limit: Duration) -> Self {
        self.first_byte = Some(limit);
        self
    }

    /// How long nothing may come once the answer has begun; without limit if nothing is said. Keep-alive comments count
    /// as something.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle = Some(limit);
        self
    }

    /// How often it is tried again if there is no connection: 2 times if nothing is said.
    pub fn connect_retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Takes a client of yours, for proxies, certificates and the like. The time for connecting and which redirects are
    /// followed are its matter then.
    ///
    /// With the feature `rustls`, reqwest panics when a client is built before there is a
    /// provider of cryptography: `rustls::crypto::ring::default_provider().install_default()` makes one that of the process.
    pub fn client(mut self, client: reqwest::Client) -> Self {
        self.client = Some(client);
        self
    }

    /// The agent.
    ///
    /// # Errors
    ///
    /// When the URL is none that can be reached with the features that were compiled, or a header is none.
    pub fn build(self) -> Result<HttpAgent, TransportError> {
        let wrong = |text| TransportError::new(TransportErrorKind::Request, text);
        if let Some(what) = self.wrong {
            return Err(wrong(what));
        }
        // There may be a password in it, and without its scheme what comes first is taken for that.
        let url = Url::parse(&self.url).map_err(|error| wrong(format!("the URL is none: {error}")))?;
        match url.scheme() {
            "http" => {}
            "https" if cfg!(feature = "rustls") || self.client.is_some() => {}
            "https" => return Err(wrong("`https` takes the feature `rustls` of agui".to_owned())),
            _ => return Err(wrong("the scheme of the URL is none for an agent, `http` is".to_owned())),
        }
        let client = match self.client {
            Some(client) => client,
            None => client(self.connect)?,
        };
        let Self { headers, first_byte, idle, retries, .. } = self;
        Ok(HttpAgent { client, url, headers, first_byte, idle, retries })
    }
}

fn client(connect: Option<Duration>) -> Result<reqwest::Client, TransportError> {
    #[cfg(feature = "rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may be quicker, whose choice is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    // The others would turn the POST into a GET, which asks for something else. The conversation and the headers are for
    // the agent alone, so nobody else is asked.
    let redirects = Policy::custom(|attempt| {
        let from = attempt.previous();
        let stays = from.last().is_some_and(|from| from.origin() == attempt.url().origin());
        match attempt.status().as_u16() {
            307 | 308 if stays && from.len() <= 5 => attempt.follow(),
            _ => attempt.stop(),
        }
    });
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("agui/", env!("CARGO_PKG_VERSION")))
        .redirect(redirects)
        .referer(false);
    if let Some(limit) = connect {
        builder = builder.connect_timeout(limit);
    }
    builder.build().map_err(|error| {
        TransportError::because(TransportErrorKind::Request, "there can be no HTTP client", error)
    })
}

impl fmt::Debug for HttpAgentBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = Url::parse(&self.url).ok().and_then(|url| without_secrets(&url));
        f.debug_struct("HttpAgentBuilder")
            .field("url", &url.as_ref().map(Url::as_str))
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}
