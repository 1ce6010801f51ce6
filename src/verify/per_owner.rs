//! Something that the parent agent and each subagent may have one of: a lane's stream, a step of a name.

use std::collections::BTreeMap;

/// At most one `T` an owner.
#[derive(Debug, Clone)]
pub(super) struct PerOwner<T> {
    parent: Option<T>,
    // Ordered, since its only entry has to be found at once however many there were (CHK-28).
    subagents: BTreeMap<Box<str>, T>,
}

impl<T> Default for PerOwner<T> {
    fn default() -> Self {
        Self { parent: None, subagents: BTreeMap::new() }
    }
}

impl<T> PerOwner<T> {
    pub(super) fn get(&self, owner: Option<&str>) -> Option<&T> {
        match owner {
            None => self.parent.as_ref(),
            Some(owner) => self.subagents.get(owner),
        }
    }

    pub(super) fn insert(&mut self, owner: Option<&str>, value: T) {
        match owner {
            None => self.parent = Some(value),
            Some(owner) => {
                self.subagents.insert(owner.into(), value);
            }
        }
    }

    pub(super) fn remove(&mut self, owner: Option<&str>) -> Option<T> {
        match owner {
            None => self.parent.take(),
            Some(owner) => self.subagents.remove(owner),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parent.is_none() && self.subagents.is_empty()
    }

    pub(super) fn subagents(&self) -> &BTreeMap<Box<str>, T> {
        &self.subagents
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Option<&str>, &T)> {
        let parent = self.parent.iter().map(|value| (None, value));
        parent.chain(self.subagents.iter().map(|(owner, value)| (Some(&**owner), value)))
    }
}
