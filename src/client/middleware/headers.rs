//! Headers for each request.

use super::Middleware;
use crate::client::transport::Request;
use http::HeaderMap;
use std::fmt;

/// Gives each request headers that are made for it, such as a token that is fresh. Headers that are always the same are
/// the transport's to set.
///
/// ```
/// use agui::client::{Headers, InProcess, Thread};
/// # async fn hello(run: agui::RunContext) -> agui::Result { run.text("Hello!").await }
///
/// let mut number = 0;
/// let counted = Headers::new(move |headers| {
///     number += 1;
///     headers.insert("x-request", number.into());
/// });
/// let thread = Thread::new(InProcess::new(hello)).with(counted);
/// # drop(thread);
/// ```
pub struct Headers<F>(F);

impl<F: FnMut(&mut HeaderMap)> Headers<F> {
    /// Has a function add headers.
    #[must_use]
    pub fn new(add: F) -> Self {
        Self(add)
    }
}

impl<F: FnMut(&mut HeaderMap)> Middleware for Headers<F> {
    fn request(&mut self, request: &mut Request) {
        (self.0)(&mut request.headers);
    }

    fn wants_frames(&self) -> bool {
        false
    }
}

impl<F> fmt::Debug for Headers<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers").finish_non_exhaustive()
    }
}
