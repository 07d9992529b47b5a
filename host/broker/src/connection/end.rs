//! Why a connection ends, and what is still to be done then.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::admit::CheckedWill;
use super::{Connection, FINISH};
use crate::notes::Shown;
use crate::presence::DisconnectReason;
use crate::session::Published;
use crate::wire::{Outbound, Problem, WireError};

/// Why a connection ends.
#[derive(Debug)]
pub(super) struct End {
    reason: DisconnectReason,
    /// What the client is told; with MQTT 3.1.1 there are no words for it.
    problem: Option<Problem>,
    why: String,
    with_will: bool,
}

impl End {
    pub(super) fn client_error(problem: Problem, why: String) -> Self {
        Self { reason: DisconnectReason::ClientError, problem: Some(problem), why, with_will: true }
    }

    pub(super) fn protocol(what: &str) -> Self {
        Self::client_error(Problem::Protocol, format!("it sent {what}"))
    }

    pub(super) fn revoked() -> Self {
        let (reason, why) =
            (DisconnectReason::ForbiddenAccess, "its certificate has been revoked".to_owned());
        Self { reason, problem: Some(Problem::NotAuthorized), why, with_will: true }
    }

    pub(super) fn by_client(with_will: bool) -> Self {
        let (reason, why) = (DisconnectReason::ClientInitiated, "it said goodbye".to_owned());
        Self { reason, problem: None, why, with_will }
    }

    pub(super) fn taken_over() -> Self {
        let why = "another connection has its client id".to_owned();
        let reason = DisconnectReason::DuplicateClientId;
        Self { reason, problem: Some(Problem::TakenOver), why, with_will: true }
    }

    pub(super) fn silent(keep_alive: Duration) -> Self {
        let why = format!("it was silent for 1.5 times its keep-alive of {} s", keep_alive.as_secs());
        let reason = DisconnectReason::KeepAliveTimeout;
        Self { reason, problem: Some(Problem::KeepAlive), why, with_will: true }
    }

    pub(super) fn not_kept(topic: &str, error: &str) -> Self {
        let why = format!("its message on {} could not be kept: {error}", Shown(topic));
        Self { reason: DisconnectReason::ServerError, problem: Some(Problem::NotKept), why, with_will: true }
    }

    /// Devices are not lost when the broker goes, so nobody is told that they were.
    pub(super) fn shutting_down() -> Self {
        let why = "the broker stops".to_owned();
        let reason = DisconnectReason::ServerInitiated;
        Self { reason, problem: Some(Problem::ShuttingDown), why, with_will: false }
    }
}

impl From<WireError> for End {
    fn from(error: WireError) -> Self {
        let (reason, problem) = match error {
            WireError::Closed | WireError::Broken(_) | WireError::Stuck => {
                (DisconnectReason::ConnectionLost, None)
            }
            WireError::TooLarge(_) => (DisconnectReason::ClientError, Some(Problem::TooLarge)),
            WireError::Malformed(_) => (DisconnectReason::ClientError, Some(Problem::Malformed)),
            WireError::Unwritable(_) => (DisconnectReason::ServerError, Some(Problem::Protocol)),
        };
        Self { reason, problem, why: error.to_string(), with_will: true }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Connection<S> {
    /// Closes the connection, sees to it that what was published is kept, and tells of the end: the event of presence, the last
    /// will.
    pub(super) async fn finish(self, end: End, will: Option<CheckedWill>) {
        let Self { hub, mut wire, place, presence, mut keeping, .. } = self;
        let sentence = format!("client {} disconnected: {}", Shown(&presence.client_id), end.why);
        match end.reason {
            DisconnectReason::ClientInitiated | DisconnectReason::ServerInitiated => {
                tracing::debug!("{sentence}");
            }
            _ => hub.notes.say(sentence),
        }
        if let Some(problem) = end.problem {
            wire.send(Outbound::Disconnect(problem)).await.ok();
        }
        wire.close().await;
        let rest = async {
            while let Some(kept) = keeping.next().await {
                if kept.result.is_ok() {
                    hub.hand_on(&kept.published);
                }
            }
        };
        timeout(FINISH, rest).await.ok();
        let resumed = place.resumed.clone();
        drop(place);
        if end.reason == DisconnectReason::ServerInitiated {
            return;
        }
        if let Some(event) = presence.disconnected(end.reason, jiff::Timestamp::now()) {
            hub.keep_and_hand_on(Published { message: event, expires: None }).await;
        }
        let Some(will) = will.filter(|_| end.with_will) else { return };
        if !will.delay.is_zero() {
            // MQTT 5: a client that is back in time was not lost.
            tokio::select! {
                () = resumed.cancelled() => return,
                () = hub.stopping.cancelled() => return,
                () = tokio::time::sleep(will.delay) => {}
            }
        }
        hub.keep_and_hand_on(will.published(&presence)).await;
    }
}
