//! An agent that is another agent, elsewhere: for gateways, and for agents of one server that work for another.

mod refused;
mod relay;
mod upstream;

use super::transport::{Request, Transport};
use crate::agent::{Agent, Finished};
use crate::compat::Era;
use crate::error::Result;
use crate::refusal::Refusal;
use crate::run::{RunContext, RunRequest};
use agui_types::PROTOCOL_VERSION;
use http::{HeaderMap, StatusCode};
use refused::refused;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use upstream::Upstream;

/// Forwards runs to an agent behind a [`Transport`], and its events to whoever asked.
///
/// ```no_run
/// use agui::Server;
/// use agui::client::{HttpAgent, Proxy};
///
/// # async fn example() -> agui::Result {
/// let upstream = HttpAgent::builder("http://10.0.0.7:9001/agui").bearer_token("ours").build()?;
/// let agent = Proxy::new(upstream).forward_headers(["x-tenant", "traceparent"]);
/// Server::new().agent("/research", agent).bearer_token("theirs").serve("127.0.0.1:9001").await
/// # }
/// ```
///
/// The upstream sees the credentials of the transport, whoever asks: a client that has none of its own borrows them. So say
/// who may ask, as above, where the transport has some, or let clients bring theirs, by [`Proxy::forward_headers`], and give
/// the transport none.
///
/// The input goes on as it came: ids, `forwardedProps`, state, messages, `resume` (PROXY-2); of the headers only those
/// that [`Proxy::forward_headers`] names. The upstream is asked before anything is streamed, so what it refuses is
/// answered with a status (PROXY-4).
///
/// Events come back in their order and as they were sent, chunks as chunks, whoever's they are (PROXY-1). As any client,
/// a proxy reads retired shapes as those of today and removes what is unknown, with a warning in the log, and passes
/// nothing on that a client has to reject: both sides are told the version that this crate speaks (VER-9, PROXY-6). What
/// clients take and agents should not send is logged, whatever the run's [`Order`](crate::Order) is.
///
/// Runs that the upstream restates in front of the one that was asked for (RUN-20) stay runs of their own. That one
/// begins with the ids that were asked for, and without the upstream's echo of the input, which is what the proxy sent;
/// it ends with the upstream's outcome, result and usage. What both carry beside that, such as metadata, is the
/// upstream's; its time as well, unless something was emitted here later. If hooks have the upstream asked for another
/// run or thread, what it tells of those is told with the ids of the client (RUN-5, RUN-6); ids that it chose itself stay as
/// they are (PROXY-2), with a line in the log. Of a run that failed behind its end (RUN-19) the failure is told alone. Where an agent of yours hands
/// over a run that has begun, the upstream's run is a part of it, and has no beginning and end of its own; restated runs
/// have no place in it then and are a failure, `upstream_invalid` (RUN-21).
///
/// Reading is what drives it: a slow client slows the upstream, and when the client leaves or the run is cancelled, the
/// connection to the upstream is closed (PROXY-7). An answer that is cut ends with `RUN_ERROR`, never as a success
/// (PROXY-3).
///
/// The codes of its own failures: `upstream_unreachable`, `upstream_refused`, `upstream_timeout`, `upstream_broken`,
/// `upstream_invalid`.
pub struct Proxy<T> {
    transport: Arc<T>,
    /// In lower case, as names of headers are compared.
    headers: Vec<String>,
    era: Option<Era>,
}

/// What is about one connection, so that it is never another's.
const NEVER_FORWARDED: [&str; 15] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl<T> Proxy<T> {
    /// An agent that is the one behind a transport. No header of the client is forwarded.
    #[must_use]
    pub fn new(transport: T) -> Self {
        Self { transport: Arc::new(transport), headers: Vec::new(), era: None }
    }

    /// Names headers of the client's request that the upstream gets as well, in place of the transport's of that name.
    /// With `authorization` the client's credentials are the upstream's to judge; a request without that header still goes on
    /// with the transport's. Headers about the connection and the
    /// body, such as `host`, are never forwarded.
    #[must_use]
    pub fn forward_headers(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let names = names.into_iter().map(|name| name.as_ref().to_ascii_lowercase());
        self.headers.extend(names.filter(|name| !NEVER_FORWARDED.contains(&&**name)));
        self
    }

    /// Says that the upstream was built with an older release than 1.0 (VER-13), as [`Thread::era`](super::Thread::era).
    #[must_use]
    pub fn era(mut self, era: Era) -> Self {
        self.era = Some(era);
        self
    }

    /// What the upstream is asked.
    fn upstream_request(&self, request: &RunRequest) -> Request {
        let mut input = request.input().clone();
        // The client of the upstream is the proxy (VER-1, VER-9).
        input.protocol_version = Some(PROTOCOL_VERSION.to_owned());
        let mut asked = Request::new(input);
        asked.era = self.era;
        let sent = request.dependency::<HeaderMap>().into_iter().flatten();
        for (name, value) in
            sent.filter(|(name, _)| self.headers.iter().any(|allowed| allowed == name.as_str()))
        {
            asked.headers.append(name, value.clone());
        }
        asked
    }
}

impl<T: Transport> Proxy<T> {
    async fn open(&self, request: &RunRequest) -> Result<Upstream<T::Body>, Refusal> {
        let mut asked = self.upstream_request(request);
        let encoded = asked.encode().map_err(|unsent| {
            tracing::warn!(%unsent, "the upstream is not asked");
            Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", unsent.to_string())
        })?;
        let opening = self.transport.open(asked, encoded.json);
        match opening.await {
            Ok(body) => Ok(Upstream::new(body, &request.input().run_id, self.era, encoded.lost)),
            Err(error) => {
                tracing::warn!(run = request.input().run_id, %error, "the upstream gives no answer");
                Err(refused(&error, self.headers.iter().any(|name| name == "authorization")))
            }
        }
    }
}

/// An answer that was there before the run began. It belongs to the proxy that asked for it.
struct Opened<T: Transport>(Arc<Answer<T>>);

struct Answer<T: Transport> {
    asked: Arc<T>,
    upstream: Mutex<Option<Upstream<T::Body>>>,
}

impl<T: Transport> Clone for Opened<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Agent for Proxy<T>
where
    T: Transport + Send + Sync + 'static,
    T::Body: Send,
    T::Opening: Send,
{
    async fn admit(&self, request: &mut RunRequest) -> Result<(), Refusal> {
        let upstream = Mutex::new(Some(self.open(request).await?));
        request.relay();
        request.insert(Opened(Arc::new(Answer { asked: Arc::clone(&self.transport), upstream })));
        Ok(())
    }

    async fn run(&self, run: RunContext) -> Result<Finished> {
        let opened =
            run.dependency::<Opened<T>>().filter(|opened| Arc::ptr_eq(&opened.0.asked, &self.transport));
        let opened =
            opened.and_then(|opened| opened.0.upstream.lock().unwrap_or_else(PoisonError::into_inner).take());
        let mut upstream = match opened {
            Some(upstream) => upstream,
            // Nobody asked before.
            None => self.open(&run.request()).await?,
        };
        run.tolerate_order();
        relay::relay(&run, &mut upstream).await
    }
}

impl<T: fmt::Debug> fmt::Debug for Proxy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("transport", &self.transport)
            .field("headers", &self.headers)
            .field("era", &self.era)
            .finish()
    }
}
