//! The threads of an agent, for those who ask beside its runs.

use super::owner::Owner;
use super::store::SessionStore;
use std::fmt;
use std::sync::Arc;

/// The threads that an agent keeps: what a server's routes list, show and delete. Told of by
/// [`Agent::threads`](crate::Agent::threads).
#[derive(Clone)]
pub struct Threads {
    store: Arc<dyn SessionStore>,
    trusts_user_id: bool,
}

impl Threads {
    /// The threads of a store.
    #[must_use]
    pub fn new(store: impl SessionStore) -> Self {
        Self { store: Arc::new(store), trusts_user_id: false }
    }

    /// Believes requests without an [`Owner`] when they say whose they are.
    #[must_use]
    pub(super) fn trusting(mut self, trusts_user_id: bool) -> Self {
        self.trusts_user_id = trusts_user_id;
        self
    }

    /// Where they are kept.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn SessionStore> {
        &self.store
    }

    pub(super) fn trusts_user_id(&self) -> bool {
        self.trusts_user_id
    }

    /// Whose threads a request is about: those of whom authentication found, or, where that is believed, of whom the
    /// request names.
    #[must_use]
    pub fn owner(&self, extensions: &http::Extensions, user_id: Option<&str>) -> Owner {
        let owner = Owner::of(extensions);
        match user_id {
            Some(id) if self.trusts_user_id && owner.user_id().is_none() => Owner::user(id),
            _ => owner,
        }
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threads").finish_non_exhaustive()
    }
}
