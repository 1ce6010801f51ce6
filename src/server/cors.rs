//! Which pages may talk to the server.

use axum::http::{HeaderValue, Method, header};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// Origins whose pages may read answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origins {
    /// All of them.
    Any,
    /// These. Pages of the server's own origin need no leave.
    Only(Vec<String>),
}

/// One layer for everything that is answered: preflights, runs and refusals.
pub(super) fn layer(origins: &Origins, credentials: bool) -> CorsLayer {
    let (origins, credentials) = match origins {
        Origins::Only(origins) if !origins.iter().any(|origin| origin == "*") => {
            (AllowOrigin::list(origins.iter().filter_map(|origin| header_value(origin))), credentials)
        }
        _ => (AllowOrigin::any(), false),
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_credentials(credentials)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        // Not `*`, which leaves out `Authorization`.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([header::RETRY_AFTER])
        .max_age(Duration::from_secs(600))
}

/// An origin as browsers send it: without a path, in lower case.
fn header_value(origin: &str) -> Option<HeaderValue> {
    let origin = origin.trim_end_matches('/').to_ascii_lowercase();
    HeaderValue::from_str(&origin).inspect_err(|_| tracing::error!(%origin, "this is no origin")).ok()
}
