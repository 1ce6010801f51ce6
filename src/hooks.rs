//! What happens around runs.

use crate::agent::{Agent, Finished};
use crate::error::{Error, Result};
use crate::refusal::Refusal;
use crate::run::{RunContext, RunRequest, contained};
use crate::session::Threads;
use agui_types::{AgentCapabilities, Event};
use std::future::{Future, ready};
use std::sync::Arc;

/// What is to happen around the runs of an agent, whatever that is; see [`Agent::with_hooks`].
///
/// Each hook does nothing by default. What is known of one run alone may be kept among its dependencies, where
/// [`Hooks::before`] puts it and the others find it.
///
/// ```
/// use agui::{Agent, CustomEvent, Error, Event, Finished, Hooks, Refusal, Result, RunContext, RunRequest};
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// /// Counts, hides what is nobody's business, and explains failures.
/// struct Watch;
///
/// #[derive(Clone, Default)]
/// struct Events(Arc<AtomicUsize>);
///
/// impl Hooks for Watch {
///     async fn before(&self, request: &mut RunRequest) -> Result<(), Refusal> {
///         request.insert(Events::default());
///         Ok(())
///     }
///
///     async fn event(&self, run: &RunContext, event: Event) -> Result<Vec<Event>> {
///         run.require::<Events>()?.0.fetch_add(1, Ordering::Relaxed);
///         Ok(if let Event::Raw(_) = event { vec![] } else { vec![event] })
///     }
///
///     async fn complete(&self, run: &RunContext, _: &mut Finished) -> Result {
///         let count = run.require::<Events>()?.0.load(Ordering::Relaxed);
///         run.emit(CustomEvent::new("events", count)).await
///     }
///
///     async fn error(&self, _: &RunContext, error: Error) -> Error {
///         if error.as_public().is_some() { error } else { Error::public("Please try again.") }
///     }
/// }
///
/// async fn hello(run: RunContext) -> Result {
///     run.text("Hello!").await
/// }
///
/// let agent = hello.with_hooks(Watch);
/// # drop(agent);
/// ```
pub trait Hooks: Send + Sync + 'static {
    /// Before a run, and before the agent is asked: may refuse it, or change what it is given.
    ///
    /// # Errors
    ///
    /// Why there is to be no run. A panic refuses it as well.
    fn before(&self, request: &mut RunRequest) -> impl Future<Output = Result<(), Refusal>> + Send {
        let _ = request;
        ready(Ok(()))
    }

    /// With each event that the agent emits: what goes on in its place, which may be nothing, or more than one. The
    /// order of what goes on is watched as ever. What the runtime adds, to bound the run and to close what was left
    /// open, does not come here.
    ///
    /// Events come one by one, in the order in which they were emitted, whichever parts of the agent emitted them: the
    /// next one waits until this one has gone on, and so does who emits it. What is emitted where nobody can wait, as by
    /// a message that is dropped before its end, waits its turn all the same. What the hook itself emits with `run`
    /// does not come here; it goes on before what becomes of `event`.
    ///
    /// The agent sees its state as it made it, whatever becomes of the event that says so. In here that is the state
    /// before `event`. What goes on in the event's place changes nothing of it, and what is emitted with `run` does, in
    /// between two changes that the agent makes.
    ///
    /// # Errors
    ///
    /// Then the event is not sent, since it may be one that nobody should see, and who emits it gets the error. A
    /// panic is one, too.
    fn event(&self, run: &RunContext, event: Event) -> impl Future<Output = Result<Vec<Event>>> + Send {
        let _ = run;
        ready(Ok(vec![event]))
    }

    /// When the agent has done its work: may change what the run ends with, and emit more.
    ///
    /// # Errors
    ///
    /// What is logged. The run ends as the agent wanted it.
    fn complete(&self, run: &RunContext, finished: &mut Finished) -> impl Future<Output = Result> + Send {
        let _ = (run, finished);
        ready(Ok(()))
    }

    /// When the agent failed, or panicked: the error that the run ends with.
    fn error(&self, run: &RunContext, error: Error) -> impl Future<Output = Error> + Send {
        let _ = run;
        ready(error)
    }

    /// When a run that began is dropped before its end: it was cancelled, took too long, or its client has gone,
    /// which [`RunContext::is_closed`] tells. The agent is gone by then, and its session, if it has one, is stored: what is
    /// emitted here is told to the client and not stored. What was emitted before has to pass [`Hooks::event`] first, in
    /// the same time.
    ///
    /// If the client is still there, the run ends when this is done, and what is emitted comes before the end. If not, a
    /// task does it, with the feature `server` and on tokio; without, what this has to wait for is given up, and the log
    /// says so. A server gives it 10 seconds, and 2 when it shuts down; [`Run`](crate::Run) alone has no clock, and as
    /// much time as its reader.
    ///
    /// A panic is logged.
    fn cancel(&self, run: &RunContext) -> impl Future<Output = ()> + Send {
        let _ = run;
        ready(())
    }
}

/// An agent with [`Hooks`]. Made by [`Agent::with_hooks`].
#[derive(Debug, Clone)]
pub struct WithHooks<A, H> {
    agent: A,
    hooks: Arc<H>,
}

impl<A, H> WithHooks<A, H> {
    pub(crate) fn new(agent: A, hooks: H) -> Self {
        Self { agent, hooks: Arc::new(hooks) }
    }
}

impl<A: Agent, H: Hooks> Agent for WithHooks<A, H> {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        let hooks = Arc::clone(&self.hooks);
        let run = run.tapped(move |run, event| {
            let hooks = Arc::clone(&hooks);
            Box::pin(async move { hooks.event(&run, event).await })
        });
        let mut unfinished = Unfinished { hooks: &self.hooks, run: Some(&run) };
        let result = run.beside(self.run_within(&run)).await;
        unfinished.run = None;
        result
    }

    async fn admit(&self, request: &mut RunRequest) -> Result<(), Refusal> {
        self.hooks.before(request).await?;
        self.agent.admit(request).await
    }

    fn threads(&self) -> Option<Threads> {
        self.agent.threads()
    }

    fn capabilities(&self) -> AgentCapabilities {
        self.agent.capabilities()
    }
}

impl<A: Agent, H: Hooks> WithHooks<A, H> {
    /// The agent, then what comes after it, each when everything before it has passed the hook.
    async fn run_within(&self, run: &RunContext) -> Result<Finished> {
        let result = contained("the agent", self.agent.run(run.clone())).await;
        run.settled().await;
        let result = match result {
            Ok(finished) => Ok(self.complete(run, finished).await),
            Err(error) => {
                let error = async { Ok(self.hooks.error(run, error).await) };
                let (Ok(error) | Err(error)) = contained("a hook", error).await;
                Err(error)
            }
        };
        run.settled().await;
        result
    }

    async fn complete(&self, run: &RunContext, finished: Finished) -> Finished {
        let mut changed = finished.clone();
        match contained("a hook", self.hooks.complete(run, &mut changed)).await {
            Ok(()) => changed,
            Err(error) => {
                tracing::error!(run = run.run_id(), %error, "a hook failed at the end of a run");
                finished
            }
        }
    }
}

/// A run until its end.
struct Unfinished<'r, H: Hooks> {
    hooks: &'r Arc<H>,
    run: Option<&'r RunContext>,
}

impl<H: Hooks> Drop for Unfinished<'_, H> {
    fn drop(&mut self) {
        let Some(run) = self.run else { return };
        let (hooks, cancelled) = (Arc::clone(self.hooks), run.clone());
        run.at_farewell(async move {
            // What the agent emitted as it was dropped.
            cancelled.settled().await;
            let hook = async {
                hooks.cancel(&cancelled).await;
                Ok(())
            };
            contained("a hook", hook).await.inspect_err(|error| {
                tracing::error!(run = cancelled.run_id(), %error, "a hook failed with a run that was cancelled");
            })
        });
    }
}
