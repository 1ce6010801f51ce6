//! What is known of the run that is open.
//!
//! Closed items stay known until the run ends, because the owner of an item binds those who reopen it
//! (SUB-14). At the end of the run all is forgotten but the calls, which tell what is unanswered.

use super::told::Told;
use crate::per_owner::PerOwner;
use agui_types::TextMessageRole;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Who something belongs to: a subagent's invocation, or with `None` the parent agent.
pub(super) type Owner = Option<Box<str>>;

/// What is opened, continued and closed by events of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Call,
    Reasoning,
    Span,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Text, Self::Call, Self::Reasoning, Self::Span];

    /// How to name one.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Text => "text message",
            Self::Call => "tool call",
            Self::Reasoning => "reasoning message",
            Self::Span => "reasoning span",
        }
    }

    /// The rule about the order of opening, continuing and closing.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Text => "TXT-7",
            Self::Call => "TOOL-15",
            Self::Reasoning => "REAS-4",
            Self::Span => "REAS-1",
        }
    }
}

/// One `T` for each kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Kinds<T> {
    texts: T,
    calls: T,
    reasoning: T,
    spans: T,
}

impl<T> Kinds<T> {
    pub(super) fn of(&self, kind: Kind) -> &T {
        match kind {
            Kind::Text => &self.texts,
            Kind::Call => &self.calls,
            Kind::Reasoning => &self.reasoning,
            Kind::Span => &self.spans,
        }
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        [&self.texts, &self.calls, &self.reasoning, &self.spans].into_iter()
    }

    pub(super) fn of_mut(&mut self, kind: Kind) -> &mut T {
        match kind {
            Kind::Text => &mut self.texts,
            Kind::Call => &mut self.calls,
            Kind::Reasoning => &mut self.reasoning,
            Kind::Span => &mut self.spans,
        }
    }
}

/// Something that is or was open.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) owner: Owner,
    pub(super) opening: Opening,
    /// When it was last opened.
    pub(super) opened: u64,
    /// When it was first opened in this run; `None` if only a snapshot or a result told of it.
    pub(super) started: Option<u64>,
}

impl Item {
    /// An item of which only the owner is known.
    pub(super) fn told(owner: Owner) -> Self {
        Self { owner, opening: Opening::Closed, opened: 0, started: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opening {
    Closed,
    /// By its START.
    Explicit,
    /// By a chunk in the lane of this owner, which need not be the item's: a subagent's message may be
    /// reopened without a tag.
    Chunks(Owner),
}

/// What the chunk that opened an item said about it, as continuations may repeat it (CHK-16).
#[derive(Debug, Clone)]
pub(super) struct Stream {
    pub(super) id: Box<str>,
    pub(super) role: Option<TextMessageRole>,
    pub(super) name: Option<Box<str>>,
    pub(super) parent: Option<Box<str>>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Invocation {
    /// An event was attributed to it, without announcement so far.
    Attributed,
    Active {
        since: u64,
    },
    Finished,
}

#[derive(Debug, Clone, Default)]
pub(super) struct RunState {
    pub(super) thread_id: String,
    pub(super) run_id: String,
    // Ordered, since there are few: the one that each delta continues is found faster than by hashing.
    pub(super) items: Kinds<BTreeMap<Box<str>, Item>>,
    /// The chunk streams by the lane they are in; one a lane, of whatever kind (CHK-18).
    pub(super) lanes: Kinds<PerOwner<Stream>>,
    pub(super) activities: HashMap<Box<str>, Owner>,
    pub(super) answered: HashSet<Box<str>>,
    /// Open steps by name, and when they were opened.
    pub(super) steps: HashMap<Box<str>, PerOwner<u64>>,
    pub(super) subagents: HashMap<Box<str>, Invocation>,
    /// What was told of for as long as it does not matter; `None` as soon as it does.
    pub(super) told: Option<Told>,
    /// Counts openings, to tell their order.
    pub(super) clock: u64,
}

impl RunState {
    /// The number of the next thing that is opened.
    pub(super) fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    /// Ends the chunk stream in a lane, as an END would do.
    pub(super) fn close_lane(&mut self, owner: Option<&str>) {
        // What every delta asks, mostly for nothing.
        if self.lanes.iter().all(PerOwner::is_empty) {
            return;
        }
        for kind in Kind::ALL {
            if let Some(stream) = self.lanes.of_mut(kind).remove(owner) {
                self.close_item(kind, &stream.id);
            }
        }
    }

    pub(super) fn close_lanes(&mut self) {
        for kind in Kind::ALL {
            let lanes = std::mem::take(self.lanes.of_mut(kind));
            for (_, stream) in lanes.iter() {
                self.close_item(kind, &stream.id);
            }
        }
    }

    fn close_item(&mut self, kind: Kind, id: &str) {
        if let Some(item) = self.items.of_mut(kind).get_mut(id) {
            item.opening = Opening::Closed;
        }
    }

    /// Forgets what was open; the calls and their answers stay, to tell which are pending.
    pub(super) fn close(&mut self) {
        let mut calls = std::mem::take(self.items.of_mut(Kind::Call));
        calls.retain(|_, call| call.started.is_some());
        calls.values_mut().for_each(|call| call.opening = Opening::Closed);
        let mut items = Kinds::default();
        *items.of_mut(Kind::Call) = calls;
        *self = Self {
            thread_id: std::mem::take(&mut self.thread_id),
            run_id: std::mem::take(&mut self.run_id),
            answered: std::mem::take(&mut self.answered),
            items,
            ..Self::default()
        };
    }

    /// The owner on record, if any. Spans and reasoning messages have one record for both.
    pub(super) fn owner(&self, kind: Kind, id: &str) -> Option<Option<&str>> {
        let item = self.items.of(kind).get(id).or_else(|| match kind {
            Kind::Reasoning => self.items.of(Kind::Span).get(id),
            Kind::Span => self.items.of(Kind::Reasoning).get(id),
            Kind::Text | Kind::Call => None,
        })?;
        Some(item.owner.as_deref())
    }

    /// What is open of a kind, in the order of opening.
    pub(super) fn open(&self, kind: Kind) -> Vec<(&str, &Item)> {
        let items = self.items.of(kind).iter();
        let mut open: Vec<_> = items.filter(|(_, item)| item.opening != Opening::Closed).collect();
        open.sort_unstable_by_key(|(_, item)| item.opened);
        open.into_iter().map(|(id, item)| (&**id, item)).collect()
    }

    /// Open steps, in the order of opening.
    pub(super) fn open_steps(&self) -> Vec<(&str, Option<&str>)> {
        let mut open: Vec<_> = self
            .steps
            .iter()
            .flat_map(|(name, owners)| owners.iter().map(|(owner, since)| (*since, &**name, owner)))
            .collect();
        open.sort_unstable_by_key(|(since, ..)| *since);
        open.into_iter().map(|(_, name, owner)| (name, owner)).collect()
    }

    /// Announced subagents that were not closed, in the order of their announcement.
    pub(super) fn open_subagents(&self) -> Vec<&str> {
        let mut open: Vec<_> = self
            .subagents
            .iter()
            .filter_map(|(id, invocation)| match invocation {
                Invocation::Active { since } => Some((*since, &**id)),
                Invocation::Attributed | Invocation::Finished => None,
            })
            .collect();
        open.sort_unstable();
        open.into_iter().map(|(_, id)| id).collect()
    }

    /// Whether a call was started in this run.
    pub(super) fn started(&self, call: &str) -> bool {
        self.items.of(Kind::Call).get(call).is_some_and(|call| call.started.is_some())
    }

    pub(super) fn is_pending(&self, call: &str) -> bool {
        self.started(call) && !self.answered.contains(call)
    }

    /// The calls started in this run and not answered in it, in the order of their start.
    pub(super) fn pending(&self) -> Vec<&str> {
        let calls = self.items.of(Kind::Call).iter();
        let mut pending: Vec<_> = calls
            .filter(|(id, _)| !self.answered.contains(&**id))
            .filter_map(|(id, call)| Some((call.started?, &**id)))
            .collect();
        pending.sort_unstable();
        pending.into_iter().map(|(_, id)| id).collect()
    }
}
