//! Devices and groups in the store: read, decide, and write unless somebody else has written in between.

use std::time::Duration;

use campanile_store::{NewState, StateKey, States, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How often a decision is made again because somebody else was quicker. One device's events come one after the other, so
/// two in a row are rare; a whole site that fails at once meets in one group.
const ROUNDS: u32 = 12;

/// The longest wait before the second round; each further one is at most this much longer.
const WAIT: Duration = Duration::from_millis(25);

/// What a decision comes to.
pub(crate) struct Change<T, A> {
    /// The state as it should be.
    pub(crate) state: T,
    /// When time alone changes it.
    pub(crate) due: Option<Timestamp>,
    /// When nobody needs it any more; `None` if always.
    pub(crate) expires_at: Option<Timestamp>,
    /// Whether it is written even if it stays the same: whoever was told that it is due has to move that on.
    pub(crate) always: bool,
    /// What follows, as soon as the state is written.
    pub(crate) answer: A,
}

/// Why a state was not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the state of {0} can't be read: {1}; a newer release may have written it")]
    Unreadable(String, serde_json::Error),
    #[error("the state of {0} can't be written: {1}")]
    Unwritable(String, serde_json::Error),
    #[error("the state of {0} was changed by others {ROUNDS} times in a row")]
    Contended(String),
}

/// Makes the decision on the state as it is when the result is written.
pub(crate) async fn change<S, T, A>(
    store: &S,
    key: &StateKey,
    decide: impl Fn(&T) -> Change<T, A>,
) -> Result<A, StateError>
where
    S: States,
    T: Default + PartialEq + Serialize + DeserializeOwned,
{
    for round in 0..ROUNDS {
        let kept = store.load(key).await?;
        let before = match &kept {
            Some(kept) => read(key, &kept.state)?,
            None => T::default(),
        };
        let Change { state, due, expires_at, always, answer } = decide(&before);
        if state == before && !always {
            return Ok(answer);
        }
        let json =
            serde_json::to_string(&state).map_err(|error| StateError::Unwritable(key.to_string(), error))?;
        let seen = kept.as_ref().map(|kept| &kept.version);
        if store.replace(key, seen, NewState { state: &json, due, expires_at }).await?.is_some() {
            return Ok(answer);
        }
        tokio::time::sleep(WAIT.saturating_mul(round).mul_f64(crate::random())).await;
    }
    Err(StateError::Contended(key.to_string()))
}

/// The state as it is.
pub(crate) async fn look<S: States, T: Default + DeserializeOwned>(
    store: &S,
    key: &StateKey,
) -> Result<T, StateError> {
    match store.load(key).await? {
        Some(kept) => read(key, &kept.state),
        None => Ok(T::default()),
    }
}

fn read<T: DeserializeOwned>(key: &StateKey, json: &str) -> Result<T, StateError> {
    serde_json::from_str(json).map_err(|error| StateError::Unreadable(key.to_string(), error))
}
