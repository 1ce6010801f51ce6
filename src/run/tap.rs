//! What events pass between the agent and the buffer.

use super::contained;
use super::context::RunContext;
use super::line::{Line, Place, Until};
use super::state::Follow;
use crate::error::Result;
use agui_types::Event;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;

/// What goes on in an event's place, which is made with the run behind the hook.
pub(crate) trait Change: Fn(RunContext, Event) -> Changed + Send + Sync + 'static {}

impl<F: Fn(RunContext, Event) -> Changed + Send + Sync + 'static> Change for F {}

pub(crate) type Changed = Pin<Box<dyn Future<Output = Result<Vec<Event>>> + Send>>;

/// What sees or changes events, and what comes after it.
pub(super) struct Tap {
    hear: Option<Hear>,
    hook: Option<Hook>,
    next: Option<Arc<Tap>>,
}

type Hear = Box<dyn Fn(&Event) + Send + Sync>;

/// A hook, and what waits for it. That must not keep the hook: it has the run behind it.
struct Hook {
    change: Arc<dyn Change>,
    line: Arc<Line>,
}

/// An event on its way.
#[must_use = "an event passes hooks only if somebody waits for it, or has it go as far as it can"]
pub(crate) struct Sent(Way);

enum Way {
    Arrived(Result),
    Waits(Arc<Line>, Place),
}

impl Sent {
    pub(super) fn arrived(result: Result) -> Self {
        Self(Way::Arrived(result))
    }

    /// Waits until it has passed all hooks.
    pub(crate) async fn passed(self) -> Result {
        match self.0 {
            Way::Arrived(result) => result,
            Way::Waits(line, place) => {
                line.wait(Until::Done(&place)).await;
                place.take()
            }
        }
    }

    /// Has it go as far as it can without anybody waiting. Others take it the rest of the way.
    pub(super) fn go(self) -> Result {
        match self.0 {
            Way::Arrived(result) => result,
            Way::Waits(line, place) => {
                line.go(&place);
                place.take()
            }
        }
    }
}

impl RunContext {
    /// The same run with events changed by a hook before they are emitted, and before what changes them already.
    pub(crate) fn tapped(&self, change: impl Change) -> Self {
        let hook = Hook { change: Arc::new(change), line: Arc::default() };
        let tap = Tap { hear: None, hook: Some(hook), next: self.tap().cloned() };
        self.with_tap(Some(Arc::new(tap)))
    }

    /// The same run with events shown to somebody as they are emitted, before what changes them already.
    #[cfg(feature = "tools")]
    pub(super) fn heard(&self, hear: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        let tap = Tap { hear: Some(Box::new(hear)), hook: None, next: self.tap().cloned() };
        self.with_tap(Some(Arc::new(tap)))
    }

    /// Emits an event without waiting for room, behind what has not passed the hooks yet.
    pub(super) fn push(&self, event: Event) -> Sent {
        match self.tap() {
            None => Sent::arrived(self.sink().push(event)),
            Some(_) => self.push_followed(event, None),
        }
    }

    /// As [`RunContext::push`], with what is made of the state then. Nobody else may change it meanwhile.
    pub(super) fn push_followed(&self, event: Event, follow: Option<Follow>) -> Sent {
        for tap in self.taps() {
            if let Some(hear) = &tap.hear {
                hear(&event);
            }
            if let Some(Hook { change, line }) = &tap.hook {
                let (changes, below) = (follow.is_some(), self.behind(tap));
                let place = line.add(changes, below.pass(Arc::clone(change), event, follow));
                return Sent(Way::Waits(Arc::clone(line), place));
            }
        }
        let sent = self.sink().push(event);
        Sent::arrived(sent.map(|()| follow.into_iter().for_each(|follow| self.follow(follow))))
    }

    /// Emits what can be told only when everything before it has passed: an event that changes the state, if any.
    #[cfg(feature = "tools")]
    pub(super) fn push_made(
        &self,
        make: impl FnOnce(&Self) -> Result<Option<Event>> + Send + 'static,
    ) -> Sent {
        let Some((Hook { change, line }, tap)) = self.hook() else {
            let _turn = self.changing_state();
            return match make(self) {
                Ok(Some(event)) => self.tell(event),
                made => Sent::arrived(made.map(drop)),
            };
        };
        let (change, below) = (Arc::clone(change), self.behind(tap));
        let place = line.add(true, async move {
            let Some(event) = make(&below)? else { return Ok(()) };
            let follow = Follow::of(&event);
            below.pass(change, event, follow).await
        });
        Sent(Way::Waits(Arc::clone(line), place))
    }

    /// Emits a frame of an extended protocol, which is nothing for hooks, behind the events before it.
    pub(super) fn push_frame(&self, frame: Vec<u8>) -> Sent {
        let Some((Hook { line, .. }, tap)) = self.hook() else {
            return Sent::arrived(self.sink().push_frame(&frame));
        };
        let below = self.behind(tap);
        let place = line.add(false, async move { below.push_frame(frame).passed().await });
        Sent(Way::Waits(Arc::clone(line), place))
    }

    /// Has a hook change an event, and what it makes of it go on. What cannot be changed is not sent as it was: it may be
    /// what nobody should see.
    async fn pass(self, change: Arc<dyn Change>, event: Event, follow: Option<Follow>) -> Result {
        let changed = contained("a hook", async { change(self.clone(), event).await }).await;
        let mut changed = changed.inspect_err(
            |error| tracing::error!(run = self.run_id(), %error, "a hook failed with an event"),
        )?;
        let last = changed.pop();
        for event in changed {
            self.push(event).passed().await?;
        }
        match (last, follow) {
            (Some(event), None) => self.push(event).passed().await,
            // Below, too, nobody makes another state before that.
            (Some(event), follow) if self.has_hook() => self.push_followed(event, follow).passed().await,
            (last, follow) => {
                // Nobody changes the state between the telling and the following.
                let _turn = self.changing_state();
                last.map_or(Ok(()), |event| self.push(event).go())?;
                follow.into_iter().for_each(|follow| self.follow(follow));
                Ok(())
            }
        }
    }

    /// Waits until everything that was emitted before has passed the hooks, whatever comes meanwhile.
    pub(crate) async fn settled(&self) {
        if let Some((Hook { line, .. }, _)) = self.hook()
            && !line.is(Until::Empty)
        {
            let mark = line.add(false, async { Ok(()) });
            line.wait(Until::Done(&mark)).await;
        }
    }

    /// Waits until nothing that changes the state is on its way.
    pub(super) async fn state_settled(&self) {
        if let Some((Hook { line, .. }, _)) = self.hook() {
            line.wait(Until::NoState).await;
        }
    }

    pub(super) fn is_state_settled(&self) -> bool {
        self.hook().is_none_or(|(hook, _)| hook.line.is(Until::NoState))
    }

    /// The future, with what nobody waits for passing the hooks meanwhile.
    pub(crate) async fn beside<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|cx| {
            let polled = work.as_mut().poll(cx);
            if polled.is_pending()
                && let Some((Hook { line, .. }, _)) = self.hook()
            {
                let _ = line.poll_beside(cx);
            }
            polled
        })
        .await
    }

    pub(super) fn has_hook(&self) -> bool {
        self.hook().is_some()
    }

    /// The first hook that events pass.
    fn hook(&self) -> Option<(&Hook, &Tap)> {
        self.taps().find_map(|tap| Some((tap.hook.as_ref()?, tap)))
    }

    /// What events pass, in order.
    fn taps(&self) -> impl Iterator<Item = &Tap> {
        std::iter::successors(self.tap().map(|tap| &**tap), |tap| tap.next.as_deref())
    }

    /// The same run behind all that.
    fn behind(&self, tap: &Tap) -> Self {
        self.with_tap(tap.next.clone())
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tap")
    }
}
