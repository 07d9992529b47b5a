//! What happens because time has passed.

use jiff::Timestamp;

use super::flapping;
use super::news::{News, NewsKind};
use super::policy::Policy;
use super::reminder;
use super::state::DeviceState;
use super::tell::{Occasion, emit, tell};
use super::verdict::Silence;
use super::waiting::Waiting;

/// What time, or a report, comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// To be written before anything is told.
    pub state: DeviceState,
    /// What is told. News that nobody reported on comes first, and under its old key.
    pub news: Vec<News>,
}

/// When [`tick`] has something to do; `None` if only an event can change that.
#[must_use]
pub fn due(state: &DeviceState, policy: &Policy) -> Option<Timestamp> {
    let waiting = state.waiting.as_ref().map(Waiting::until);
    let times =
        [state.recent.due(), waiting, state.flapping.settles_at(policy), reminder::due(state, policy)];
    times.into_iter().flatten().min()
}

/// Does what is due at `now`; nothing if nothing is.
#[must_use]
pub fn tick(state: &DeviceState, policy: &Policy, now: Timestamp) -> Tick {
    let mut state = state.clone();
    let mut news = state.recent.resume(now);
    let new = settled(&mut state, policy, now)
        .or_else(|| waited(&mut state, policy, now))
        .or_else(|| reminder::remind(&mut state, policy, Occasion::WaitOver, now));
    news.extend(new);
    Tick { state, news }
}

fn settled(state: &mut DeviceState, policy: &Policy, now: Timestamp) -> Option<News> {
    flapping::settle(state, policy, now).then(|| tell(state, policy, Occasion::Settled, now).ok()).flatten()
}

fn waited(state: &mut DeviceState, policy: &Policy, now: Timestamp) -> Option<News> {
    let waiting = state.waiting.clone().filter(|waiting| waiting.until() <= now)?;
    let occasion = match waiting {
        Waiting::Newer { .. } | Waiting::Lasting { .. } => Occasion::WaitOver,
        Waiting::QuietEnd { .. } => Occasion::QuietEnd,
    };
    match tell(state, policy, occasion, now) {
        Ok(news) => Some(news),
        // Another reason to wait has taken the place of the first.
        Err(Silence::QuietHours { .. } | Silence::Pending { .. }) => None,
        Err(_) => {
            state.waiting = None;
            all_clear(state, policy, waiting.held(), now)
        }
    }
}

fn all_clear(state: &mut DeviceState, policy: &Policy, held: u32, now: Timestamp) -> Option<News> {
    let is_news = policy.all_clear && held > 0 && state.alert.is_none();
    let kind = is_news.then_some(NewsKind::AllClear { held })?;
    emit(state, policy, kind, Occasion::QuietEnd, now)
}
