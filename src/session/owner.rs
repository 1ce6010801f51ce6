//! Whom threads belong to.

use crate::run::RunRequest;
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// Whom a thread belongs to: a user, or nobody in particular.
///
/// Put into the extensions of a request by whatever authenticates, or added by
/// [`RunRequest::with`](crate::RunRequest::with), it says whose request it is. Threads without a user can be
/// read by everybody who knows their id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Owner(Option<String>);

impl Owner {
    /// Nobody in particular.
    #[must_use]
    pub fn anonymous() -> Self {
        Self(None)
    }

    /// A user, by an id that never becomes another's.
    #[must_use]
    pub fn user(id: impl Into<String>) -> Self {
        Self(Some(id.into()))
    }

    /// Who authentication found, by the extensions of a request; nobody in particular if it found nobody.
    #[must_use]
    pub fn of(extensions: &http::Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// The user's id, if there is one.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.user_id().unwrap_or("(anonymous)"))
    }
}

/// Whose request it is.
pub(super) fn owner_of(request: &RunRequest, believe_forwarded: bool) -> Owner {
    let owner = request.dependency::<Owner>().cloned().unwrap_or_default();
    if owner.user_id().is_some() || !believe_forwarded {
        return owner;
    }
    let forwarded = request.input().forwarded_props.as_ref();
    forwarded.and_then(|props| props.get("user_id")).and_then(Value::as_str).map_or(owner, Owner::user)
}
