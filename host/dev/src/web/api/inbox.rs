//! The inbox.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use campanile_core::duration;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::web::extract::{Path, Query};
use crate::web::model::inbox::{self, CaughtMessage};
use crate::web::model::lookup::InboxList;
use crate::web::model::{LISTED, MOST};
use crate::web::problem::Problem;
use crate::web::site::Site;

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct InboxQuery {
    /// Only what was caught after this id.
    after: Option<u64>,
    /// Waits for the first one at most this long, for example `5s`; 60 s at most. Nothing by then is an empty list.
    wait: Option<String>,
    /// Only what is of this channel.
    channel: Option<String>,
    /// How many at most; 50 if it is not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// What was forgotten.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Cleared {
    /// How many there were.
    cleared: usize,
}

/// What was caught, oldest first. With `after` and `wait`, the next one as soon as it is there.
#[utoipa::path(get, path = "/api/inbox", tag = "inbox", params(InboxQuery), responses(
    (status = 200, description = "The oldest of them.", body = InboxList),
    (status = 400, description = "The query can't be read.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn list(
    State(site): State<Arc<Site>>,
    Query(query): Query<InboxQuery>,
) -> Result<Json<InboxList>, Problem> {
    let InboxQuery { after, wait, channel, limit } = query;
    let inbox = site.system.catcher.inbox();
    let wanted = |caught: &campanile_local::inbox::Caught| {
        channel.as_ref().is_none_or(|channel| inbox::is_of(caught, channel))
    };
    if let Some(wait) = wait {
        let read = duration::parse(&wait).ok().filter(|wait| *wait <= LONGEST_WAIT);
        let detail = || format!("`wait` is `{wait}`; give a time up to 60 s, for example `5s`.");
        let wait = read.ok_or_else(|| Problem::new(http::StatusCode::BAD_REQUEST, detail()))?;
        let mut stopped = site.stopped.clone();
        tokio::select! {
            _ = inbox.wait_for(after, wanted, wait) => {}
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
    }
    let last = *inbox.subscribe().borrow();
    let (all, new) = (inbox.list(None), inbox.list(after));
    let found = new.iter().filter(|caught| wanted(caught)).take(limit.unwrap_or(LISTED).clamp(1, MOST));
    let messages = found.map(|caught| CaughtMessage::of(caught, &all)).collect();
    Ok(Json(InboxList { messages, last }))
}

/// One of them.
#[utoipa::path(get, path = "/api/inbox/{id}", tag = "inbox", params(("id" = u64, Path, description = "Its id.")), responses(
    (status = 200, description = "It.", body = CaughtMessage),
    (status = 404, description = "There is none.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<u64>,
) -> Result<Json<CaughtMessage>, Problem> {
    let inbox = site.system.catcher.inbox();
    let caught = inbox.get(id).ok_or_else(|| Problem::missing("message with this id", "/api/inbox"))?;
    Ok(Json(CaughtMessage::of(&caught, &inbox.list(None))))
}

/// Forgets what was caught. Ids go on.
#[utoipa::path(delete, path = "/api/inbox", tag = "inbox", responses(
    (status = 200, description = "It is forgotten.", body = Cleared),
))]
pub(super) async fn clear(State(site): State<Arc<Site>>) -> Result<Json<Cleared>, Problem> {
    let cleared = site.system.clear_inbox().await?;
    site.system.feed.tell(crate::feed::Happening::Note("the inbox was cleared".into()));
    Ok(Json(Cleared { cleared }))
}
