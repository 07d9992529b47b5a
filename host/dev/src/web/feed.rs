//! What happens, numbered and remembered for a while, so that a page that lost its connection catches up.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use http::StatusCode;
use jiff::Timestamp;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::model::happening::FeedItem;
use super::problem::Problem;
use super::site::Site;

/// Items remembered: what a busy system does in the seconds that a page needs to connect again.
const REMEMBERED: usize = 2048;

/// Remembers what happened last.
#[derive(Debug)]
pub(super) struct Recorder {
    /// Tells this run from others: numbers of another run mean nothing here.
    run: i64,
    state: Mutex<State>,
    latest: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    items: VecDeque<(u64, Arc<FeedItem>)>,
    last: u64,
}

/// What a follower has missed.
#[derive(Debug, PartialEq)]
enum Missed {
    Items(Vec<(u64, Arc<FeedItem>)>),
    /// Nobody knows any more.
    Unknown,
}

impl Default for Recorder {
    fn default() -> Self {
        let run = Timestamp::now().as_microsecond();
        Self { run, state: Mutex::default(), latest: watch::Sender::new(0) }
    }
}

impl Recorder {
    fn add(&self, item: FeedItem) {
        let mut state = self.state();
        state.last += 1;
        let number = state.last;
        state.items.push_back((number, Arc::new(item)));
        if state.items.len() > REMEMBERED {
            state.items.pop_front();
        }
        // Under the lock, so that the number never goes back.
        self.latest.send_replace(number);
    }

    fn since(&self, number: u64) -> Missed {
        let state = self.state();
        let is_remembered = state.items.front().is_none_or(|(first, _)| *first <= number + 1);
        if number > state.last || !is_remembered {
            return Missed::Unknown;
        }
        Missed::Items(state.items.iter().filter(|(at, _)| *at > number).cloned().collect())
    }

    /// The number that `Last-Event-ID` has, if it is of this run.
    fn number(&self, id: &str) -> Option<u64> {
        let (run, number) = id.split_once('-')?;
        (run.parse() == Ok(self.run)).then(|| number.parse().ok()).flatten()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hears what happens, for ever.
pub(super) fn record(site: Arc<Site>) -> impl Future<Output = ()> {
    // Listens before the server does, so that no page misses what came between.
    let mut feed = site.system.feed.listen();
    async move {
        loop {
            match feed.recv().await {
                Ok(happening) => site.recorder.add(FeedItem::of(&happening)),
                Err(RecvError::Lagged(_)) => site.recorder.add(FeedItem::missed()),
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// A follower's place in the feed.
struct Follower {
    site: Arc<Site>,
    latest: watch::Receiver<u64>,
    stopped: watch::Receiver<bool>,
    seen: u64,
    ready: VecDeque<Event>,
    _place: OwnedSemaphorePermit,
}

/// Follows the feed from where a follower was, or from now on.
pub(super) fn follow(site: &Arc<Site>, last: Option<&str>) -> Result<Response, Problem> {
    let place = Arc::clone(&site.followers).try_acquire_owned().map_err(|_| {
        let detail = "Too many follow the feed already; close a window or a script that does.";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    })?;
    let latest = site.recorder.latest.subscribe();
    let now = *latest.borrow();
    let seen = last.map(|id| site.recorder.number(id));
    let mut ready = VecDeque::from([Event::default().retry(Duration::from_secs(1)).comment("the feed")]);
    if seen == Some(None) {
        ready.extend(numbered(site, now, &FeedItem::missed()));
    }
    let follower = Follower {
        site: Arc::clone(site),
        latest,
        stopped: site.stopped.clone(),
        seen: seen.flatten().unwrap_or(now),
        ready,
        _place: place,
    };
    let events = stream::unfold(follower, async |mut follower| {
        let event = follower.next().await?;
        Some((Ok::<_, Infallible>(event), follower))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let now = *self.latest.borrow_and_update();
            match self.site.recorder.since(self.seen) {
                Missed::Items(items) => {
                    let events =
                        items.iter().filter_map(|(number, item)| numbered(&self.site, *number, item));
                    self.ready.extend(events);
                    self.seen = items.last().map_or(self.seen, |(number, _)| *number);
                }
                Missed::Unknown => {
                    self.ready.extend(numbered(&self.site, now, &FeedItem::missed()));
                    self.seen = now;
                }
            }
            if self.ready.is_empty() {
                tokio::select! {
                    changed = self.latest.changed() => changed.ok()?,
                    _ = self.stopped.wait_for(|stopped| *stopped) => return None,
                }
            }
        }
    }
}

fn numbered(site: &Site, number: u64, item: &FeedItem) -> Option<Event> {
    Event::default().id(format!("{}-{number}", site.recorder.run)).json_data(item).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(missed: Missed) -> Option<Vec<u64>> {
        match missed {
            Missed::Items(items) => Some(items.into_iter().map(|(number, _)| number).collect()),
            Missed::Unknown => None,
        }
    }

    #[test]
    fn who_comes_back_in_time_gets_what_was_missed() {
        let recorder = Recorder::default();
        for _ in 0..3 {
            recorder.add(FeedItem::missed());
        }
        assert_eq!(numbers(recorder.since(0)), Some(vec![1, 2, 3]));
        assert_eq!(numbers(recorder.since(2)), Some(vec![3]));
        assert_eq!(numbers(recorder.since(3)), Some(vec![]));
        assert_eq!(numbers(recorder.since(4)), None, "a number from the future");
    }

    #[test]
    fn who_comes_back_too_late_is_told_so() {
        let recorder = Recorder::default();
        for _ in 0..=REMEMBERED {
            recorder.add(FeedItem::missed());
        }
        assert_eq!(numbers(recorder.since(0)), None);
        assert_eq!(numbers(recorder.since(1)).unwrap().len(), REMEMBERED);
    }

    #[test]
    fn numbers_of_another_run_mean_nothing() {
        let recorder = Recorder::default();
        assert_eq!(recorder.number(&format!("{}-7", recorder.run)), Some(7));
        for id in ["7", "1-7", "", "-", &format!("{}-x", recorder.run)] {
            assert_eq!(recorder.number(id), None, "{id}");
        }
    }
}
