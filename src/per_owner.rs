//! Something that the parent agent and each subagent may have one of: a lane's stream, a step of a name.

use std::collections::BTreeMap;

/// At most one `T` an owner.
#[derive(Debug, Clone)]
pub(crate) struct PerOwner<T> {
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
    pub(crate) fn get(&self, owner: Option<&str>) -> Option<&T> {
        match owner {
            None => self.parent.as_ref(),
            Some(owner) => self.subagents.get(owner),
        }
    }

    pub(crate) fn insert(&mut self, owner: Option<&str>, value: T) {
        match owner {
            None => self.parent = Some(value),
            Some(owner) => {
                self.subagents.insert(owner.into(), value);
            }
        }
    }

    pub(crate) fn remove(&mut self, owner: Option<&str>) -> Option<T> {
        match owner {
            None => self.parent.take(),
            Some(owner) => self.subagents.remove(owner),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parent.is_none() && self.subagents.is_empty()
    }

    pub(crate) fn subagents(&self) -> &BTreeMap<Box<str>, T> {
        &self.subagents
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Option<&str>, &T)> {
        let parent = self.parent.iter().map(|value| (None, value));
        parent.chain(self.subagents.iter().map(|(owner, value)| (Some(&**owner), value)))
    }
}
