//! The threads of an agent with sessions: listed, shown, deleted.

use super::app::JSON;
use super::refusal::Refusal;
use crate::session::{Owner, SessionError, Threads};
use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::{Extensions, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};

/// How many threads are listed at once, unless the request says how many.
const PAGE: usize = 20;

/// How many can be asked for.
const LARGEST_PAGE: usize = 100;

/// What may stand in the query.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    limit: Option<usize>,
    /// What the page before gave as `next`.
    after: Option<String>,
    /// Whose threads, where the agent believes that.
    user_id: Option<String>,
}

type Asking = Result<Query<Asked>, QueryRejection>;

/// The parameter by its name: the path that this is mounted at may have others.
#[derive(serde::Deserialize)]
struct ThreadId {
    thread_id: String,
}

type Id = Result<Path<ThreadId>, PathRejection>;

pub(super) fn routes(prefix: &str, threads: Threads) -> Router {
    let (shown, deleted) = (threads.clone(), threads.clone());
    let list = async move |asking: Asking, extensions: Extensions| {
        let (owner, asked) = owner(&threads, asking, &extensions)?;
        let limit = asked.limit.unwrap_or(PAGE);
        if !(1..=LARGEST_PAGE).contains(&limit) {
            return Err(invalid(format!("`limit` is a number from 1 to {LARGEST_PAGE}")));
        }
        if owner.user_id().is_none() {
            // They would be everybody's.
            return Err(Refusal::unauthorized("threads are listed for those who say who they are"));
        }
        json(&threads.store().list(&owner, limit, asked.after.as_deref()).await?)
    };
    let show = async move |id: Id, asking: Asking, extensions: Extensions| {
        let (owner, _) = owner(&shown, asking, &extensions)?;
        let thread = shown.store().load(&owner, &known(id)?).await?;
        json(&thread.ok_or(SessionError::NotFound)?)
    };
    let delete = async move |id: Id, asking: Asking, extensions: Extensions| {
        let (owner, _) = owner(&deleted, asking, &extensions)?;
        match deleted.store().delete(&owner, &known(id)?).await? {
            true => Ok(StatusCode::NO_CONTENT),
            false => Err(Refusal::from(SessionError::NotFound)),
        }
    };
    Router::new()
        .route(&format!("{prefix}/threads"), get(list))
        .route(&format!("{prefix}/threads/{{thread_id}}"), get(show).delete(delete))
}

fn owner(threads: &Threads, asking: Asking, extensions: &Extensions) -> Result<(Owner, Asked), Refusal> {
    let Query(asked) = asking.map_err(|error| invalid(error.body_text()))?;
    Ok((threads.owner(extensions, asked.user_id.as_deref()), asked))
}

/// An id that is no text is no thread's.
fn known(id: Id) -> Result<String, Refusal> {
    id.map(|Path(id)| id.thread_id).map_err(|_| SessionError::NotFound.into())
}

fn invalid(message: String) -> Refusal {
    SessionError::Invalid(message).into()
}

fn json(value: &impl Serialize) -> Result<Response, Refusal> {
    let json = serde_json::to_string(value).map_err(SessionError::store)?;
    Ok((JSON, json).into_response())
}
