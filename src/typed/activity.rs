//! Activities: what an agent is about, as something to look at beside the conversation.

use super::error::PayloadError;
use super::{patch, read};
use crate::error::Result;
use crate::run::RunContext;
use agui_types::{ActivityDeltaEvent, ActivityMessage, ActivitySnapshotEvent, Event, Message};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde_json::{Map, Value};
use std::marker::PhantomData;

/// The content of an activity as a type; implemented by `#[derive(Activity)]`.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use agui::{Activity, ReadActivity};
///
/// #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, Activity)]
/// #[activity(name = "PLAN")]
/// struct Plan {
///     goal: String,
///     steps: Vec<String>,
/// }
///
/// let before = Plan { goal: "Tea".into(), steps: vec!["Boil water".into()] };
/// let snapshot = before.to_snapshot("plan-1")?;
/// assert_eq!(snapshot.activity_type, "PLAN");
/// assert_eq!(snapshot.activity::<Plan>().transpose()?, Some(before.clone()));
///
/// let mut after = before.clone();
/// after.steps.push("Wait".into());
/// let delta = after.delta_from(&before, "plan-1")?.unwrap();
/// assert_eq!(
///     serde_json::to_string(&delta.patch)?,
///     r#"[{"op":"add","path":"/steps/1","value":"Wait"}]"#,
/// );
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is no activity", note = "derive `agui::Activity` for it")]
pub trait Activity {
    /// The `activityType`, by which receivers know how to show it.
    const ACTIVITY_TYPE: &'static str;

    /// What the activity shows; empty if nobody said.
    const DESCRIPTION: &'static str = "";

    /// The JSON Schema of the content, where the type describes itself (`schemars::JsonSchema`).
    #[must_use]
    fn schema() -> Option<Value> {
        None
    }

    /// The content.
    ///
    /// # Errors
    ///
    /// When the value's JSON form is no object, or there is none.
    fn to_content(&self) -> Result<Map<String, Value>, serde_json::Error>
    where
        Self: Serialize,
    {
        match serde_json::to_value(self)? {
            Value::Object(content) => Ok(content),
            other => Err(serde_json::Error::custom(format_args!(
                "the content of the activity `{}` has to be a JSON object, not {other}",
                Self::ACTIVITY_TYPE
            ))),
        }
    }

    /// The event that shows this activity, or shows it anew.
    ///
    /// # Errors
    ///
    /// As [`to_content`](Self::to_content).
    fn to_snapshot(&self, message_id: impl Into<String>) -> Result<ActivitySnapshotEvent, serde_json::Error>
    where
        Self: Serialize,
    {
        Ok(ActivitySnapshotEvent::new(message_id, Self::ACTIVITY_TYPE, self.to_content()?))
    }

    /// The event that makes this of what was shown before; `None` if nothing changed.
    ///
    /// # Errors
    ///
    /// As [`to_content`](Self::to_content).
    fn delta_from(
        &self,
        before: &Self,
        message_id: impl Into<String>,
    ) -> Result<Option<ActivityDeltaEvent>, serde_json::Error>
    where
        Self: Serialize,
    {
        let patch = patch::object_difference(&before.to_content()?, &self.to_content()?)?;
        Ok((!patch.is_empty()).then(|| ActivityDeltaEvent::new(message_id, Self::ACTIVITY_TYPE, patch)))
    }
}

/// From events and messages to the application's types.
pub trait ReadActivity {
    /// The content as a type of the application's; `None` if this is nothing of that type.
    ///
    /// # Errors
    ///
    /// When it is this activity, and its content does not fit: the error names activity and place.
    fn activity<T: Activity + DeserializeOwned>(&self) -> Option<Result<T, PayloadError>>;
}

impl ReadActivity for ActivitySnapshotEvent {
    fn activity<T: Activity + DeserializeOwned>(&self) -> Option<Result<T, PayloadError>> {
        read_content(&self.activity_type, &self.content)
    }
}

impl ReadActivity for ActivityMessage {
    fn activity<T: Activity + DeserializeOwned>(&self) -> Option<Result<T, PayloadError>> {
        read_content(&self.activity_type, &self.content)
    }
}

impl ReadActivity for Message {
    fn activity<T: Activity + DeserializeOwned>(&self) -> Option<Result<T, PayloadError>> {
        match self {
            Self::Activity(message) => message.activity(),
            _ => None,
        }
    }
}

/// Of an `ACTIVITY_SNAPSHOT`: a delta alone says nothing of the whole.
impl ReadActivity for Event {
    fn activity<T: Activity + DeserializeOwned>(&self) -> Option<Result<T, PayloadError>> {
        match self {
            Self::ActivitySnapshot(event) => event.activity(),
            _ => None,
        }
    }
}

/// An activity that is shown: made by [`RunContext::activity`], it tells the client what changes. It knows what
/// was sent, not what a client did with it.
#[derive(Debug)]
pub struct ActivityWriter<T> {
    run: RunContext,
    message_id: String,
    content: Map<String, Value>,
    /// The type, without owning a value of it.
    of: PhantomData<fn(&T)>,
}

impl<T: Activity + Serialize> ActivityWriter<T> {
    /// The id of the activity's message.
    #[must_use]
    pub fn message_id(&self) -> &str {
        &self.message_id
    }

    /// Shows the activity as it is now, by `ACTIVITY_DELTA` with what changed. Emits nothing if nothing did.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`], and as [`Activity::to_content`].
    pub async fn update(&mut self, activity: &T) -> Result
    where
        T: Sync,
    {
        let content = activity.to_content()?;
        let patch = patch::object_difference(&self.content, &content)?;
        if !patch.is_empty() {
            self.run.emit(ActivityDeltaEvent::new(&*self.message_id, T::ACTIVITY_TYPE, patch)).await?;
            self.content = content;
        }
        Ok(())
    }
}

impl RunContext {
    /// Shows an activity by `ACTIVITY_SNAPSHOT`. What is returned updates it, for agents that want to.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] mod example {
    /// use agui::{Activity, Result, RunContext};
    ///
    /// #[derive(serde::Serialize, Activity)]
    /// struct Search {
    ///     found: u32,
    /// }
    ///
    /// async fn agent(run: RunContext) -> Result {
    ///     let mut search = run.activity("search-1", &Search { found: 0 }).await?;
    ///     search.update(&Search { found: 3 }).await
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`], and as [`Activity::to_content`].
    pub async fn activity<T: Activity + Serialize + Sync>(
        &self,
        message_id: impl Into<String>,
        activity: &T,
    ) -> Result<ActivityWriter<T>> {
        let message_id = message_id.into();
        let content = activity.to_content()?;
        self.emit(ActivitySnapshotEvent::new(&*message_id, T::ACTIVITY_TYPE, content.clone())).await?;
        Ok(ActivityWriter { run: self.clone(), message_id, content, of: PhantomData })
    }
}

fn read_content<T: Activity + DeserializeOwned>(
    activity_type: &str,
    content: &Map<String, Value>,
) -> Option<Result<T, PayloadError>> {
    (activity_type == T::ACTIVITY_TYPE).then(|| {
        read::read(content).map_err(|error| PayloadError::new("activity", activity_type, "content", 0, error))
    })
}
