//! Who asks. Settled before anything of a request's body is read.

use super::refusal::Refusal;
use crate::session::Owner;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// Who a request comes from. The run finds it as a [dependency](crate::RunContext::dependency), and so do
/// handlers as an `axum::Extension`. Where threads are kept, it is whom they belong to, unless it carries another
/// [`Owner`].
///
/// ```
/// use agui::{Principal, Result, RunContext};
///
/// #[derive(Clone)]
/// struct Plan { seats: u32 }
///
/// let principal = Principal::new("ann").with(Plan { seats: 3 });
/// # drop(principal);
///
/// async fn agent(run: RunContext) -> Result {
///     let principal: &Principal = run.require()?;
///     let plan: &Plan = run.require()?;
///     run.text(format!("{} has {} seats.", principal.id(), plan.seats)).await
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Principal {
    id: Arc<str>,
    values: Extensions,
}

impl Principal {
    /// The principal of that id: what tells users apart, such as a subject claim.
    #[must_use]
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self { id: id.into(), values: Extensions::new() }
    }

    /// Adds a value that runs and handlers find by its type.
    #[must_use]
    pub fn with<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.values.insert(value);
        self
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn shared_id(&self) -> Arc<str> {
        Arc::clone(&self.id)
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<Principal, Refusal>> + Send>>;

/// How principals are told.
#[derive(Clone)]
pub(super) struct Authenticate(Arc<dyn Fn(Parts) -> Answer + Send + Sync>);

impl Authenticate {
    pub(super) fn by<F, Fut>(hook: F) -> Self
    where
        F: Fn(Parts) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Principal, Refusal>> + Send + 'static,
    {
        Self(Arc::new(move |parts| Box::pin(hook(parts))))
    }

    pub(super) fn by_token(token: impl Into<String>) -> Self {
        let token: Arc<str> = token.into().into();
        Self::by(move |parts| {
            let known = bearer(&parts.headers).is_some_and(|given| same(given.as_bytes(), token.as_bytes()));
            std::future::ready(if known {
                Ok(Principal::new("bearer"))
            } else {
                Err(Refusal::unauthorized("a valid bearer token is needed"))
            })
        })
    }

    /// The layer: hands a request on with its principal, or answers it.
    pub(super) async fn check(self, request: Request, next: Next) -> Response {
        let (mut parts, body) = request.into_parts();
        // The hook gets a copy of the head, so that its future borrows nothing.
        match (self.0)(parts.clone()).await {
            Ok(principal) => {
                // Its threads are its own, unless the hook says whose they are.
                parts.extensions.insert(Owner::user(principal.id()));
                parts.extensions.extend(principal.values.clone());
                parts.extensions.insert(principal);
                next.run(Request::from_parts(parts, body)).await
            }
            Err(refusal) => refusal.into_response(),
        }
    }
}

impl fmt::Debug for Authenticate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticate")
    }
}

/// The token of `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Compares in a time that does not tell how much of a guess was right.
fn same(given: &[u8], secret: &[u8]) -> bool {
    let differences = given.iter().zip(secret).fold(0, |all, (given, secret)| all | (given ^ secret));
    given.len() == secret.len() && std::hint::black_box(differences) == 0 && !secret.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_compared_as_a_whole() {
        for (given, secret, expected) in [
            ("abc", "abc", true),
            ("abd", "abc", false),
            ("ab", "abc", false),
            ("abcd", "abc", false),
            ("", "", false),
        ] {
            assert_eq!(same(given.as_bytes(), secret.as_bytes()), expected, "{given:?} {secret:?}");
        }
    }
}
